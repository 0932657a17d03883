# SPDX-License-Identifier: MIT
"""A second grid area, connected with the members' own, and one account in it."""

from dataclasses import replace

from tests.api.stage import AUTHORITY, BACKSTOP, CALENDAR, CHAIN_ID, DEPOSIT, FEES, Stage, key_of
from wattbook.keys import demo_key, sign_digest
from wattbook.typeddata import Admission, Domain


def join_from_next_door(stage: Stage, connected: bool = True) -> tuple[int, Stage]:
    """The stranger becomes a member of area 2; the stage of the first period that may connect the two."""
    people, first = stage.chain.people, stage.period + 8
    terms = (3_000, 700, 0, 0, 1_000, 2_000, 0)
    stage.operate("GridOversight", "scheduleTerms", 1, 0, first, (3_200, 800, 100, 50, 100_000, 2_000, 0))
    stage.operate("GridOversight", "scheduleTerms", 2, 0, first, terms)
    for ends in ((1, 2), (2, 1)) if connected else ():
        stage.operate("GridOversight", "scheduleConnection", *ends, 0, first, (200, 2_000))
    stage.operate("Registry", "openArea", 2, people[BACKSTOP], people[FEES])
    fields = (key_of("stranger").address, 2, True, True, 99, stage.chain.now + 3_600)
    digest = Admission(*fields).digest(Domain(CHAIN_ID, stage.chain.at["Registry"]))
    stage.anyone("Registry", "admit", fields, sign_digest(demo_key(AUTHORITY, CHAIN_ID), digest))
    for account, person in ((2 << 16 | 1, people[BACKSTOP]), (2 << 16 | 16, key_of("stranger").address)):
        stage.operate("TestEuro", "mint", person, DEPOSIT)
        stage.chain.send(person, "TestEuro", "approve", stage.chain.at["PaymentVault"], DEPOSIT)
        stage.chain.send(person, "PaymentVault", "deposit", account, DEPOSIT)
    stage.chain.go_to(CALENDAR.opens_at(first) + 1)
    stage.chain.mine()
    return 2 << 16 | 16, replace(stage, period=first)
