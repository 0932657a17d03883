# SPDX-License-Identifier: MIT
"""Another meter on a point: what an installer notes, how it is signed, posted and confirmed.

Noted are two polls of the journal, one second apart: the old meter's last registers and the new one's first.
So the old meter's periods are closed by the first, and the poller goes on from the second; the reading at the
end of the period of the exchange is signed together with both, and posted alone.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from oracle.boundary import boundaries_between
from oracle.errors import ExchangeImplausible
from oracle.journal import Boundaries, Database, LaneState, Polls
from oracle.journal.exchanges import Exchange, Exchanges, ExchangeState
from oracle.points import Point
from oracle.post import CONTRACT
from oracle.readings import MWS_PER_WH, Poll
from oracle.sign import BatchSigner
from oracle.validate import rules
from oracle.validate.flags import Flag
from wattbook import logs
from wattbook.calendar import Calendar
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import State
from wattbook.chain.sender import Sender
from wattbook.chain.transactions import SentTransaction
from wattbook.errors import ContractError
from wattbook.keys import sign_digest_65
from wattbook.typeddata import MeterExchange, Quality

_GAS = 400_000

log = logs.get_logger()


@dataclass(frozen=True, slots=True)
class Noted:
    """What stood on both meters at UTC second `at`, (import, export) in Wh each."""

    at: int
    old: tuple[int, int]
    new: tuple[int, int]


def note_exchange(database: Database, point: Point, noted: Noted, calendar: Calendar) -> Exchange:
    """Journals the exchange and the periods that the old meter closes. Raises ExchangeImplausible."""
    # Both polls lie in one period.
    at = noted.at if (noted.at + 1) % calendar.period_seconds else noted.at - 1
    with database.write() as connection:
        before = Polls(connection).newest_usable().get(point.point)
        if before is None:
            raise ExchangeImplausible(point=point.point, reason="its old meter was never read")
        old = _last_of(before, _poll(point.point, at, noted.old))
        _require_plausible(point, before, old, calendar.period_seconds)
        exchange = Exchange(point.point, calendar.period_of(at), old.import_wh, old.export_wh, *noted.new)
        if Boundaries(connection).find(point.point, exchange.period) is not None:
            raise ExchangeImplausible(point=point.point, reason="its period is closed already")
        new = replace(_poll(point.point, at + 1, noted.new), flags=Flag.EXCHANGED)
        Boundaries(connection).add(list(boundaries_between(before, old, point.first_period, calendar)))
        Polls(connection).add([old, new])
        Exchanges(connection).add(exchange)
    return exchange


def _last_of(before: Poll, old: Poll) -> Poll:
    """The old meter's last registers as its polls go on: over wraps, and no less than was known already."""
    imported, exported = old.import_wh + before.import_carry_wh, old.export_wh + before.export_carry_wh
    least = before.import_wh + before.import_ahead_mws // MWS_PER_WH
    least_export = before.export_wh + before.export_ahead_mws // MWS_PER_WH
    step = before.resolution_wh
    return replace(
        old,
        import_wh=max(imported, least) if imported > least - step else imported,
        export_wh=max(exported, least_export) if exported > least_export - step else exported,
        flags=Flag.EXCHANGED | before.flags & Flag.REFINED,
    )


def _poll(point: int, at: int, registers: tuple[int, int]) -> Poll:
    return Poll(point=point, at=at, import_wh=registers[0], export_wh=registers[1])


def _require_plausible(point: Point, before: Poll, old: Poll, period_seconds: int) -> None:
    if old.at <= before.at:
        raise ExchangeImplausible(point=point.point, reason="its old meter was read after that")
    seconds = old.at - before.at
    for name, counted, limit in (
        ("import", old.import_wh - before.import_wh, point.max_import_wh),
        ("export", old.export_wh - before.export_wh, point.max_export_wh),
    ):
        most = rules.limit_over(limit, seconds, period_seconds, before.resolution_wh)
        if not 0 <= counted <= most:
            raise ExchangeImplausible(
                point=point.point, reason=f"the {name} register moved by {counted} Wh since it was last read"
            )


def sign_exchanges(signer: BatchSigner, database: Database) -> None:
    """Signs every exchange whose period the new meter has closed."""
    with database.write() as connection:
        for exchange in Exchanges(connection).in_state(ExchangeState.NOTED):
            if (message := _message(connection, exchange)) is not None:
                signature = sign_digest_65(signer.key, message.digest(signer.domain))
                Exchanges(connection).sign(exchange, signature)


def _message(connection: Connection, exchange: Exchange) -> MeterExchange | None:
    end = Boundaries(connection).find(exchange.point, exchange.period)
    if end is None:
        return None
    old, new = (
        (exchange.old_import_wh, exchange.old_export_wh),
        (exchange.new_import_wh, exchange.new_export_wh),
    )
    return MeterExchange(exchange.point, exchange.period, *old, *new, end.import_wh, end.export_wh)


class Exchanger:
    """Posts signed exchanges through the oracle's sender, each once the reading before it is in the chain."""

    def __init__(self, database: Database, contracts: Contracts, sender: Sender) -> None:
        self._database = database
        self._contracts = contracts
        self._sender = sender

    async def post(self) -> None:
        """What the chain won't have is refused, and holds up nobody else. Raises ChainUnreachable."""
        for exchange in self._due():
            with self._database.read() as connection:
                message = _message(connection, exchange)
            if message is None:
                continue
            fields = {field.name: getattr(message, field.attribute) for field in MeterExchange.FIELDS}
            data = self._contracts.abi(CONTRACT).encode("exchangeMeter", fields, exchange.signature, b"")
            try:
                key = self._next_key(exchange)
                await self._sender.submit(key, self._contracts.address(CONTRACT), data, _GAS)
            except ContractError as refused:
                self._refuse(exchange, refused.code)
            else:
                self._move(exchange, ExchangeState.SENT)
                log.info("meter exchange sent", point=exchange.point, period=exchange.period)

    async def confirm(self) -> None:
        """Moves exchanges on, after the sender has confirmed. Raises ChainUnreachable."""
        with self._database.read() as connection:
            sent = Exchanges(connection).in_state(ExchangeState.SENT)
        for exchange in sent:
            transaction = self._last_sent(exchange)
            if transaction is not None and transaction.state is not State.FINAL:
                continue
            if (transaction and transaction.succeeded) or await self._is_on_chain(exchange):
                self._move(exchange, ExchangeState.CONFIRMED)
                log.info("meter exchange confirmed", point=exchange.point, period=exchange.period)
            elif transaction is None:
                self._move(exchange, ExchangeState.SIGNED)
                log.warning("meter exchange lost", point=exchange.point, period=exchange.period)
            else:
                self._refuse(exchange, "reverted")

    async def _is_on_chain(self, exchange: Exchange) -> bool:
        """Whoever posted it: an exchange left the reading at the end of its period."""
        reading = await self._contracts.read(CONTRACT, "reading", exchange.point, exchange.period)
        return Quality(reading["quality"]) is Quality.APART

    def _refuse(self, exchange: Exchange, reason: str) -> None:
        self._move(exchange, ExchangeState.REFUSED)
        log.error("meter exchange refused", point=exchange.point, period=exchange.period, reason=reason)

    def _due(self) -> list[Exchange]:
        """An exchange goes on from the reading before it: that one must be there first."""
        with self._database.read() as connection:
            signed = Exchanges(connection).in_state(ExchangeState.SIGNED)
            states = [Boundaries(connection).state_of(it.point, it.period - 1) for it in signed]
        waits = (LaneState.PENDING, LaneState.BATCHED, LaneState.HELD)
        return [it for it, state in zip(signed, states, strict=True) if state not in waits]

    def _move(self, exchange: Exchange, state: ExchangeState) -> None:
        with self._database.write() as connection:
            Exchanges(connection).move(exchange, state)
            if state is ExchangeState.CONFIRMED:
                Boundaries(connection).move(exchange.period, [exchange.point], LaneState.CONFIRMED)

    def _next_key(self, exchange: Exchange) -> str:
        """Its name in the sender's journal, which sends it once, or once more after it was reverted."""
        sent = self._sent(exchange)
        starts_anew = not sent or (sent[-1].state is State.FINAL and not sent[-1].succeeded)
        return _key(exchange, len(sent) + starts_anew)

    def _last_sent(self, exchange: Exchange) -> SentTransaction | None:
        sent = self._sent(exchange)
        return sent[-1] if sent else None

    def _sent(self, exchange: Exchange) -> list[SentTransaction]:
        sent: list[SentTransaction] = []
        while (transaction := self._sender.find(_key(exchange, len(sent) + 1))) is not None:
            sent.append(transaction)
        return sent


def _key(exchange: Exchange, number: int) -> str:
    name = f"exchange-{exchange.point}-{exchange.period}"
    return name if number == 1 else f"{name}-{number}"
