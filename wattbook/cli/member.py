# SPDX-License-Identifier: MIT
"""`wattbook member …`: admissions and accounts."""

import json
from dataclasses import astuple
from pathlib import Path
from typing import Annotated

import typer

from wattbook import ids
from wattbook.cli.choices import Area
from wattbook.cli.options import DEFAULT_DEPLOYMENT, DemoKey, Deployment, Keystore, PasswordFile, reads, signs
from wattbook.cli.output import show
from wattbook.cli.session import KeyChoice, Session, SigningSession, owner_of
from wattbook.deployments import load_deployment
from wattbook.errors import InputError
from wattbook.keys import sign_digest_65
from wattbook.typeddata.admission import Admission
from wattbook.typeddata.domain import Domain
from wattbook.units import format_cash, parse_cash

app = typer.Typer(help="Admit members and look at their accounts.", no_args_is_help=True)


class AdmissionUnreadable(InputError):
    sentence = "{path} holds no signed admission: `wattbook member sign` writes one."


@app.command()
def sign(
    participant: Annotated[str, typer.Argument(help="The participant's address.")],
    number: Annotated[int, typer.Option(help="A number of your choice; each admits once.")],
    valid_until: Annotated[int, typer.Option(help="UTC seconds until which it may be presented.")],
    area: Area = 0,
    buyer: Annotated[bool, typer.Option("--buyer/--no-buyer", help="May buy.")] = True,
    seller: Annotated[bool, typer.Option("--seller/--no-seller", help="May sell.")] = True,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
) -> None:
    """Signs an admission with the authority's key and prints it; whoever has it may present it."""
    found = load_deployment(deployment)
    key = KeyChoice(keystore, password_file, demo_key).open(found.chain_id)
    admission = Admission(participant, area, buyer, seller, number, valid_until)
    digest = admission.digest(Domain(found.chain_id, found.address("Registry")))
    signed = {"admission": admission.message_json(), "signature": "0x" + sign_digest_65(key, digest).hex()}
    show(signed, as_json=True)


@app.command()
@signs
async def admit(
    session: SigningSession,
    file: Annotated[Path, typer.Argument(help="What `member sign` printed.")],
) -> None:
    """Presents a signed admission: it opens the participant's account, whoever sends it."""
    admission, signature = read_admission(file)
    async with session.signing() as chain:
        done = await chain.send("Registry", "admit", astuple(admission), signature)
        account = await chain.contracts.read("Registry", "accountOfAdmission", admission.number)
        session.show({"account": account, "participant": admission.participant, **done}, "admitted")


@app.command()
@signs
async def revoke(
    session: SigningSession,
    number: Annotated[int, typer.Argument(help="The admission's number.")],
) -> None:
    """Takes an admission back: its account can't trade any more; its money stays its owner's."""
    async with session.signing() as chain:
        session.show(await chain.send("Registry", "revokeAdmission", number), "revoked")


@app.command("debt-limit")
@signs
async def debt_limit(
    session: SigningSession,
    limit: Annotated[str, typer.Argument(help="In currency: beyond it, bids are refused.")],
    account: Annotated[int | None, typer.Option(help="One account; else all of the area.")] = None,
    area: Area = 0,
) -> None:
    """Sets what accounts may owe their supplier; with the key of the area's backstop."""
    async with session.signing() as chain:
        units = parse_cash(limit)
        if account is None:
            done = await chain.send("PaymentVault", "setDefaultDebtLimit", area, units)
        else:
            done = await chain.send("PaymentVault", "setDebtLimit", account, units)
    session.show(done, "debt limit")


@app.command("show")
@reads
async def show_member(
    session: Session,
    account: Annotated[int, typer.Argument(help="The account.")],
) -> None:
    """Owner, rights, balance, debt and metering points of an account."""
    async with session.chain() as chain:
        owner = await owner_of(chain, account)
        names = ("rightsOf", "balanceOf", "withdrawable", "debtOf", "debtLimitOf", "nextNonce")
        asked: list[tuple[str, str, tuple[int, ...]]] = [("PaymentVault", name, (account,)) for name in names]
        asked += [("Registry", "pointsOf", (account, carrier)) for carrier in ids.Carrier]
        rights, balance, withdrawable, debt, limit, nonce, *points = await chain.contracts.read_many(asked)
        session.show(
            {
                "account": account,
                "owner": owner,
                "buyer": rights[0],
                "seller": rights[1],
                "balance": format_cash(balance),
                "withdrawable": format_cash(withdrawable),
                "debt": format_cash(debt),
                "debtLimit": format_cash(limit),
                "nextNonce": nonce,
                "points": [point for some in points for point in some],
            },
            "account",
        )


def read_admission(path: Path) -> tuple[Admission, bytes]:
    """Raises AdmissionUnreadable."""
    try:
        data = json.loads(path.read_text())
        return Admission.from_json(data["admission"]), bytes.fromhex(data["signature"].removeprefix("0x"))
    except (OSError, ValueError, KeyError, TypeError):
        raise AdmissionUnreadable(path=path) from None
