# SPDX-License-Identifier: MIT
"""Brownie script: opens the areas, schedules their terms and connections, names the admission authority and
registers the gateways; the regulator approves the device types.

Each step looks first whether it is done, so that a second run changes nothing.
"""

from typing import Any

from brownie import web3
from brownie.exceptions import VirtualMachineError
from web3.exceptions import ContractLogicError

from scripts import people
from scripts.deploy import Sender, container
from scripts.request import AreaConnection, AreaTerms, Request
from wattbook import ids
from wattbook.deployments import load_deployment


def main() -> None:
    request = Request.from_environment()
    request.require_chain(web3.eth.chain_id)
    sender = Sender(request)
    deployment = load_deployment(request.deployment)
    registry = container("Registry").at(deployment.address("Registry"))
    oversight = container("GridOversight").at(deployment.address("GridOversight"))
    vault = container("PaymentVault").at(deployment.address("PaymentVault"))
    for terms in request.areas:
        schedule_terms(oversight, terms, request)
        open_area(registry, terms.area, request, sender)
        limit_debts(vault, terms, request)
    for connection in request.connections:
        schedule_connection(oversight, connection, request)
    if registry.authority712() != request.holders.authority:
        registry.setAdmissionAuthority(request.holders.authority, sender.options())
    register_gateways(registry, request, sender, deployment.deployed_at_block)
    approve_device_types(registry, request)


def schedule_terms(oversight: Any, terms: AreaTerms, request: Request) -> None:
    """From the first period that can't be traded yet; only if the terms last scheduled are others."""
    sender, first = Sender(request, people.GRID_OPERATOR), first_untradable(request)
    if has_terms(oversight, terms, first):
        return
    oversight.scheduleTerms(terms.area, terms.carrier, first, terms.words(), sender.options())


def first_untradable(request: Request) -> int:
    calendar, now = request.calendar, int(web3.eth.get_block("latest")["timestamp"])
    return calendar.period_of(now + calendar.opens_before) + 1


def schedule_connection(oversight: Any, connection: AreaConnection, request: Request) -> None:
    """As terms; both areas have theirs by now."""
    sender, first = Sender(request, people.GRID_OPERATOR), first_untradable(request)
    way = connection.source, connection.target, connection.carrier, first
    connected, found = oversight.connectionOf(*way)
    if not (connected and tuple(found) == connection.words()):
        oversight.scheduleConnection(*way, connection.words(), sender.options())


def has_terms(oversight: Any, terms: AreaTerms, period: int) -> bool:
    try:
        return tuple(oversight.termsOf(terms.area, terms.carrier, period)) == terms.words()
    except (ContractLogicError, VirtualMachineError):  # NoTerms, in the words of one engine or another
        return False


def open_area(registry: Any, area: int, request: Request, sender: Sender) -> None:
    if area not in registry.areas():
        registry.openArea(area, request.holders.backstop, request.holders.fees, sender.options())


def limit_debts(vault: Any, terms: AreaTerms, request: Request) -> None:
    """By the backstop's owner: elsewhere than on a local chain it does this itself."""
    sender = Sender(request, people.BACKSTOP)
    backstop = ids.backstop_of(terms.area)
    if vault.ownerOf(backstop) != sender.address or vault.debtLimitOf(backstop) == terms.debt_limit:
        return
    vault.setDefaultDebtLimit(terms.area, terms.debt_limit, sender.options())


def register_gateways(registry: Any, request: Request, sender: Sender, first_block: int) -> None:
    known = registered_gateways(registry, first_block)
    for key in request.gateways:
        if key not in known:
            registry.registerGateway(key, sender.options())


def registered_gateways(registry: Any, first_block: int) -> set[str]:
    contract = web3.eth.contract(registry.address, abi=registry.abi)
    events = contract.events.GatewayRegistered().get_logs(from_block=first_block)
    return {event["args"]["key"] for event in events}


def approve_device_types(registry: Any, request: Request) -> None:
    sender = Sender(request, people.REGULATOR)
    for each in request.device_types:
        if tuple(registry.deviceType(each.id)) != each.words():
            registry.approveDeviceType(each.model, each.resolution_wh, each.has_power, sender.options())
