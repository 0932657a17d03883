# SPDX-License-Identifier: MIT
"""Events of PaymentVault, Settlement and EnergyToken → rows."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Table

from api.amounts import energy, money
from api.indexer.fills import unpack_fill
from api.indexer.rows import Page
from api.tables import money as tables
from wattbook.chain.abi import Event
from wattbook.payment_token import PaymentToken


class Settled(NamedTuple):
    """What became of an account in a settled page. Energies in Wh, money in cash units."""

    account: int
    import_wh: int
    export_wh: int
    payout: int
    debt_added: int


def unpack_page(first: int, results: Sequence[int], debts: Sequence[int]) -> Iterator[Settled]:
    """Two accounts a word, the first in its upper half, from account id `first` on: importWh 28 |
    exportWh 28 | settled 1 | unused 7 | payout 64, signed. `debts`: account 24 | amount 64. Who waits, or
    had settled before, is left out.
    """
    owed = {word & 0xFFFFFF: word >> 24 for word in debts}
    for place in range(2 * len(results)):
        half = results[place >> 1] >> 128 * (~place & 1) & (1 << 128) - 1
        account, payout = first + place, half >> 64
        if half >> 56 & 1:
            yield Settled(
                account=account,
                import_wh=half & (1 << 28) - 1,
                export_wh=half >> 28 & (1 << 28) - 1,
                payout=payout - (payout >> 63 << 64),
                debt_added=owed.get(account, 0),
            )


class Settling:
    """Money in and out, positions, settlements, certificates."""

    def __init__(self, page: Page, token: PaymentToken) -> None:
        self._page = page
        self._token = token

    def deposited(self, event: Event) -> None:
        self._move(event, "deposit", self._token.to_cash(event.arguments["amount"]))

    def withdrawn(self, event: Event) -> None:
        self._move(event, "withdrawal", -self._token.to_cash(event.arguments["amount"]))

    def debt_changed(self, event: Event) -> None:
        account, debt = event.arguments["account"], event.arguments["debt"]
        self._page.add(tables.debts, event.log, account=account, debt=debt)
        self._page.say(event.log, "money", {"kind": "debt", **money("amount", debt)}, account)

    def lock_lowered(self, event: Event) -> None:
        given = event.arguments
        self._move(event, "lockLowered", given["returned"], given["period"])
        self._page.add(
            tables.lowered_locks,
            event.log,
            account=given["account"],
            carrier=given["carrier"],
            period=given["period"],
            amount=given["returned"],
        )

    def _move(self, event: Event, kind: str, amount: int, period: int | None = None) -> None:
        account = event.arguments["account"]
        self._add_move(event, kind, account, amount, period)
        self._page.say(event.log, "money", {"kind": kind, **money("amount", amount)}, account)

    def _add_move(self, event: Event, kind: str, account: int, amount: int, period: int | None) -> None:
        self._page.add(
            tables.moves,
            event.log,
            kind=kind,
            account=account,
            amount=amount,
            period=period,
            transaction_hash=event.log.transaction_hash,
        )

    def positions_booked(self, event: Event) -> None:
        given = event.arguments
        market = given["market"]
        self._page.add(tables.booked_fees, event.log, market=market, fees=given["fees"])
        for word in given["fills"]:
            self._page.add(
                tables.positions,
                event.log,
                market=market,
                venue=given["venue"],
                carrier=market >> 32 & 0xFF,
                period=market & 0xFFFF_FFFF,
                **unpack_fill(word)._asdict(),
            )

    def page_settled(self, event: Event) -> None:
        given = event.arguments
        first = given["area"] << 16 | given["first"]
        for result in unpack_page(first, given["results"], given["debts"]):
            self._settle(event, given["carrier"], given["period"], result, "settlement")

    def correction_settled(self, event: Event) -> None:
        """The account's period is settled anew: its statement goes by the newest energies."""
        given = event.arguments
        result = Settled(
            given["account"], given["importWh"], given["exportWh"], given["payout"], given["debtAdded"]
        )
        self._settle(event, given["carrier"], given["period"], result, "correction")

    def set_aside(self, event: Event) -> None:
        names = ("account", "carrier", "period")
        self._page.add(tables.set_asides, event.log, **{name: event.arguments[name] for name in names})

    def residual_booked(self, event: Event) -> None:
        given = event.arguments
        self._page.add(
            tables.residuals,
            event.log,
            id=given["id"],
            account=given["account"],
            carrier=given["carrier"],
            first_period=given["firstPeriod"],
            last_period=given["lastPeriod"],
            import_wh=given["importWh"],
            export_wh=given["exportWh"],
        )

    def residual_settled(self, event: Event) -> None:
        given = event.arguments
        self._page.add(
            tables.residual_settlements,
            event.log,
            id=given["id"],
            account=given["account"],
            payout=given["payout"],
            debt_added=given["debtAdded"],
        )
        self._move(event, "residual", given["payout"])

    def _settle(self, event: Event, carrier: int, period: int, result: Settled, kind: str) -> None:
        self._page.add(
            tables.settlements,
            event.log,
            account=result.account,
            carrier=carrier,
            period=period,
            import_wh=result.import_wh,
            export_wh=result.export_wh,
            payout=result.payout,
            debt_added=result.debt_added,
        )
        self._add_move(event, kind, result.account, result.payout, period)
        amounts = money("payout", result.payout) | money("debt", result.debt_added)
        data = {"carrier": carrier, "period": period, **amounts}
        self._page.say(event.log, "settlement", data, result.account)

    def area_settled(self, event: Event) -> None:
        given = event.arguments
        where = {"area": given["area"], "carrier": given["carrier"], "period": given["period"]}
        self._page.add(tables.area_settlements, event.log, **where, payout=given["backstopPayout"])
        self._page.say(event.log, "settled", where)

    def guarantee_reserved(self, event: Event) -> None:
        self._page.add(tables.guarantees, event.log, **_of_area(event))

    def fees_paid(self, event: Event) -> None:
        self._page.add(tables.fee_payments, event.log, **_of_area(event))

    def certificates_handed_out(self, event: Event) -> None:
        self._certify(event, tables.certificates)

    def certificates_retired(self, event: Event) -> None:
        self._certify(event, tables.retirements)

    def _certify(self, event: Event, table: Table) -> None:
        given = event.arguments
        market, account, energy_wh = given["market"], given["account"], given["energyWh"]
        self._page.add(
            table,
            event.log,
            account=account,
            market=market,
            carrier=market >> 32 & 0xFF,
            period=market & 0xFFFF_FFFF,
            energy_wh=energy_wh,
        )
        self._page.say(event.log, "certificates", energy("energy", energy_wh), account, market)

    def transfer_single(self, event: Event) -> None:
        given = event.arguments
        self._move_certificates(event, [(given["id"], given["amount"])])

    def transfer_batch(self, event: Event) -> None:
        given = event.arguments
        self._move_certificates(event, list(zip(given["ids"], given["amounts"], strict=True)))

    def _move_certificates(self, event: Event, amounts: list[tuple[int, int]]) -> None:
        for market, energy_wh in amounts:
            self._page.add(
                tables.certificate_moves,
                event.log,
                sender=event.arguments["from"],
                receiver=event.arguments["to"],
                market=market,
                energy_wh=energy_wh,
            )


def _of_area(event: Event) -> dict[str, int]:
    return {name: event.arguments[name] for name in ("area", "carrier", "period", "amount")}
