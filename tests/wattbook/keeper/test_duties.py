# SPDX-License-Identifier: MIT
"""What is due when, as pure calls."""

import pytest

from wattbook.calendar import Calendar
from wattbook.ids import pack_account, pack_market
from wattbook.keeper import duties
from wattbook.keeper.duties import CLAIM_ITEMS, PAGE, AreaState, MemberState, OpenMarket

CALENDAR = Calendar(900, 7_200, 300, 1_800, 3_600, 7_200, 10_800, 64)
AREA, CARRIER, PERIOD = 1, 0, 2_000_000
MARKET = pack_market(AREA, CARRIER, PERIOD)
STARTS, FINAL = CALENDAR.starts_at(PERIOD), CALENDAR.final_at(PERIOD)
DEFAULT_FROM = CALENDAR.default_from(PERIOD)
HAND_OUT_FROM, HAND_OUT_UNTIL = CALENDAR.corrections_until_at(PERIOD), CALENDAR.hand_out_until_at(PERIOD)


def a_member(
    number: int = 16, final: bool = True, settled: bool = False, handed_out: bool = False
) -> MemberState:
    return MemberState(pack_account(AREA, number), final, settled, handed_out)


def a_state(*members: MemberState, claims_open: int = 0, fees: int = 0, done: bool = False) -> AreaState:
    return AreaState(AREA, CARRIER, PERIOD, claims_open, fees, done, members or (a_member(),))


def many(count: int, **state: bool) -> tuple[MemberState, ...]:
    return tuple(a_member(16 + i, **state) for i in range(count))


def test_claims_begin_with_delivery() -> None:
    market = OpenMarket(MARKET, [5], [16])
    assert list(duties.claims(market, STARTS - 1, CALENDAR)) == []
    (duty,) = duties.claims(market, STARTS, CALENDAR)
    assert (duty.contract, duty.function, duty.arguments) == ("OrderBook", "claim", (MARKET, [5], [16]))


@pytest.mark.parametrize(("refs", "accounts", "calls"), [(0, 0, 1), (100, 100, 1), (101, 0, 2), (3, 250, 3)])
def test_claims_come_in_bounded_calls_that_leave_nothing_out(refs: int, accounts: int, calls: int) -> None:
    market = OpenMarket(MARKET, list(range(refs)), list(range(accounts)))
    found = list(duties.claims(market, STARTS, CALENDAR))
    assert len(found) == calls
    assert [ref for duty in found for ref in duty.arguments[1]] == market.refs
    assert [account for duty in found for account in duty.arguments[2]] == market.accounts
    assert all(len(duty.arguments[1]) <= CLAIM_ITEMS >= len(duty.arguments[2]) for duty in found)
    assert all(duty.gas < 30_000_000 for duty in found)


def test_a_page_is_settled_once_readings_are_final_and_claims_closed() -> None:
    assert list(duties.settlements(a_state(), FINAL - 1, CALENDAR)) == []
    assert list(duties.settlements(a_state(claims_open=1), FINAL, CALENDAR)) == []
    assert list(duties.settlements(a_state(a_member(final=False)), FINAL, CALENDAR)) == []
    assert list(duties.settlements(a_state(a_member(settled=True)), FINAL, CALENDAR)) == []
    (duty,) = duties.settlements(a_state(a_member(settled=True), a_member(17)), FINAL, CALENDAR)
    assert (duty.function, duty.arguments) == ("settle", (AREA, CARRIER, PERIOD, 16, 2))


def test_only_pages_with_somebody_to_settle_are_called() -> None:
    members = many(PAGE, settled=True) + tuple(a_member(16 + PAGE + i) for i in range(3))
    (duty,) = duties.settlements(a_state(*members), FINAL, CALENDAR)
    assert duty.arguments == (AREA, CARRIER, PERIOD, 16 + PAGE, 3)


def test_a_default_is_booked_for_each_who_lacks_readings_and_not_before_it_is_due() -> None:
    state = a_state(a_member(16), a_member(17, final=False), a_member(18, final=False, settled=True))
    assert list(duties.defaults(state, DEFAULT_FROM - 1, CALENDAR)) == []
    (duty,) = duties.defaults(state, DEFAULT_FROM, CALENDAR)
    assert (duty.function, duty.arguments) == ("bookDefault", (pack_account(AREA, 17), CARRIER, PERIOD))
    waiting = a_state(a_member(final=False), claims_open=2)
    assert list(duties.defaults(waiting, DEFAULT_FROM, CALENDAR)) == []


def test_fees_are_paid_when_everybody_has_settled_and_there_are_some() -> None:
    assert list(duties.fees(a_state(fees=5))) == []
    assert list(duties.fees(a_state(done=True))) == []
    (duty,) = duties.fees(a_state(fees=5, done=True))
    assert (duty.function, duty.arguments) == ("payFees", (MARKET,))


@pytest.mark.parametrize(
    ("now", "due"), [(HAND_OUT_FROM - 1, 0), (HAND_OUT_FROM, 1), (HAND_OUT_UNTIL - 1, 1), (HAND_OUT_UNTIL, 0)]
)
def test_certificates_are_handed_out_between_corrections_and_lapse(now: int, due: int) -> None:
    state = a_state(a_member(settled=True), done=True)
    assert len(list(duties.hand_outs(state, now, CALENDAR))) == due


def test_nothing_is_handed_out_twice_or_before_all_have_settled() -> None:
    assert list(duties.hand_outs(a_state(done=False), HAND_OUT_FROM, CALENDAR)) == []
    state = a_state(*many(PAGE, handed_out=True), a_member(16 + PAGE), done=True)
    (duty,) = duties.hand_outs(state, HAND_OUT_FROM, CALENDAR)
    assert duty.arguments == (AREA, CARRIER, PERIOD, 16 + PAGE, 1)


def test_the_same_duty_at_the_same_instant_has_the_same_key_and_no_two_share_one() -> None:
    """A sender takes each key once, so a step that is done again sends nothing again."""

    def due() -> list[str]:
        market = OpenMarket(MARKET, list(range(250)), [])
        settling = a_state(*many(450), a_member(600, final=False))
        over = a_state(*many(450), fees=1, done=True)
        return [
            duty.key
            for found in (
                duties.claims(market, STARTS, CALENDAR),
                duties.settlements(settling, DEFAULT_FROM, CALENDAR),
                duties.defaults(settling, DEFAULT_FROM, CALENDAR),
                duties.fees(over),
                duties.hand_outs(over, HAND_OUT_FROM, CALENDAR),
            )
            for duty in found
        ]

    assert due() == due()
    assert len(set(due())) == len(due()) == 3 + 3 + 1 + 1 + 3


def test_who_still_waits_when_corrections_are_over_is_set_aside() -> None:
    state = a_state(a_member(settled=True), a_member(17, final=False))
    assert list(duties.set_asides(state, HAND_OUT_FROM - 1, CALENDAR)) == []
    (duty,) = duties.set_asides(state, HAND_OUT_FROM, CALENDAR)
    assert (duty.function, duty.arguments) == ("setAside", (AREA, CARRIER, PERIOD, 16, 2))
    assert list(duties.set_asides(a_state(a_member(settled=True)), HAND_OUT_FROM, CALENDAR)) == []


def test_every_noted_correction_is_settled() -> None:
    (duty,) = duties.corrections([(65_552, CARRIER, PERIOD)], HAND_OUT_FROM)
    assert (duty.function, duty.arguments) == ("settleCorrection", (65_552, CARRIER, PERIOD))
