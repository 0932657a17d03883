# SPDX-License-Identifier: MIT
"""The oracle's side of the chain: opened when it is there, never waited for longer than a poll can bear."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from oracle.confirm import Confirmer
from oracle.exchange import Exchanger
from oracle.journal import Database
from oracle.post import Poster
from oracle.registered import require_registered
from oracle.validate.rules import clock_tolerance
from wattbook import logs
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import Journal
from wattbook.chain.profiles import Profile
from wattbook.chain.sender import Sender
from wattbook.deployments import Deployment, require_chain
from wattbook.errors import BlockGone, ChainUnreachable, RpcRefused
from wattbook.keys import Key, require_own_key

log = logs.get_logger()


@dataclass(frozen=True, slots=True)
class ChainSettings:
    """`patience`: seconds a tick waits for the chain; what isn't done by then goes on beside the polls.

    `models`: the device model at each point.
    """

    profile: Profile
    deployment: Deployment
    key: Key
    sender_journal: Path
    patience: float
    models: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Open:
    confirmer: Confirmer
    poster: Poster
    exchanger: Exchanger


class ChainLink:
    """Confirms, signs and posts, in this order, once a tick. `sign_pending` journals new batches."""

    def __init__(
        self,
        settings: ChainSettings,
        client: ChainClient,
        database: Database,
        sign_pending: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._client = client
        self._database = database
        self._sign_pending = sign_pending
        self._open: _Open | None = None
        self._running: asyncio.Task[None] | None = None
        self.reachable = True
        self.clock_behind = False

    async def require(self) -> None:
        """Refuses a wrong chain or key at the start; a node that doesn't answer may come later.

        Raises WrongChain, ContractMissing, ContractChanged, DeviceDiffers, DemoKeyRefused.
        """
        require_own_key(self._settings.key, self._settings.deployment.chain_id)
        try:
            async with asyncio.timeout(self._settings.patience):
                await self._opened()
        except (ChainUnreachable, TimeoutError) as error:
            self._note_unreachable(error)

    async def exchange(self) -> None:
        """One round with the chain, within the tick's patience; a round that takes longer is joined later."""
        self._collect()
        if self._running is None:
            self._running = asyncio.create_task(self._round())
        await asyncio.wait({self._running}, timeout=self._settings.patience)
        self._collect()

    def _collect(self) -> None:
        """Raises what a finished round raised."""
        if self._running is not None and self._running.done():
            finished, self._running = self._running, None
            finished.result()

    async def close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._client.close()

    async def _round(self) -> None:
        try:
            parts = await self._opened()
            await self._compare_clocks()
            await parts.confirmer.confirm()
            await parts.exchanger.confirm()
            self._sign_pending()
            await parts.poster.post()
            await parts.exchanger.post()
        except (ChainUnreachable, RpcRefused, BlockGone) as error:
            # Periods are signed all the same: the journal has them when the chain is back.
            self._sign_pending()
            self._note_unreachable(error)
        else:
            if not self.reachable:
                log.info("chain answers again")
            self.reachable = True

    async def _compare_clocks(self) -> None:
        """The newest block may be old, but never from our future."""
        ours, theirs = self._client.clock.now(), (await self._client.head()).timestamp
        behind = theirs > ours and not clock_tolerance(ours, theirs)
        if behind and not self.clock_behind:
            log.warning("clock behind the chain's", seconds=theirs - ours)
        self.clock_behind = behind

    async def _opened(self) -> _Open:
        if self._open is None:
            settings = self._settings
            await require_chain(self._client, settings.deployment)
            contracts = Contracts(settings.deployment, self._client)
            await require_registered(contracts, settings.models)
            profile = settings.profile
            sender = await Sender.open(
                self._client,
                settings.key,
                Journal(settings.sender_journal),
                profile.fees,
                confirmations=profile.confirmations,
                block_gas_limit=profile.block_gas_limit,
            )
            self._open = _Open(
                Confirmer(self._database, contracts, sender),
                Poster(self._database, contracts, sender),
                Exchanger(self._database, contracts, sender),
            )
        return self._open

    def _note_unreachable(self, error: Exception) -> None:
        if self.reachable:
            log.warning("chain unreachable", reason=str(error))
        self.reachable = False
