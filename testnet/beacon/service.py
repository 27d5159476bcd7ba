"""Lets slots pass, feeds the chain from the execution chain, and keeps it on disk."""

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .chain import BeaconChain
from .errors import ExecutionUnavailable
from .execution import Execution
from .network import configure
from .requests import Contracts
from .server import Server
from .store import Cursor, Store

log = logging.getLogger("beacon")


@dataclass(frozen=True)
class Settings:
    """All that the command line chooses."""

    rpc: str
    follow: str  # the execution chain's tag
    slot: float  # seconds
    contracts: Contracts = Contracts()
    data: Path | None = None


class Service:
    """A beacon chain with its clock, its way to the execution chain and its API.

    The clock stands still while the process does not run: slots go on from the newest that was kept.
    """

    def __init__(
        self, settings: Settings, execution: Execution, store: Store | None, chain: BeaconChain, cursor: Cursor
    ) -> None:
        self.settings = settings
        self.execution = execution
        self.store = store
        self.chain = chain
        self.cursor = cursor
        self.server = Server(chain, self._save)

    @classmethod
    async def open(cls, settings: Settings) -> "Service":
        execution = Execution(settings.rpc, settings.follow, settings.contracts)
        try:
            chain_id, genesis = await execution.identity()
            slot = max(1, round(settings.slot * 1_000))
            configure(slot, chain_id, settings.contracts.deposits)
            identity: dict[str, Any] = {
                "chainId": chain_id,
                "genesis": genesis,
                "deposits": settings.contracts.deposits.hex(),
                "withdrawals": settings.contracts.withdrawals.hex(),
            }
            store = Store(settings.data, identity) if settings.data is not None else None
            kept = store.load() if store is not None else None
            chain, cursor = kept or (BeaconChain.begin(int(time.time())), Cursor(0, genesis))
            service = cls(settings, execution, store, chain, cursor)
            service._save()
            return service
        except BaseException:
            await execution.close()
            raise

    async def close(self) -> None:
        await self.server.close()
        await self.execution.close()
        self._save()

    async def run(self) -> None:
        """Slot after slot. Where the machine is too slow for them they come late, none is left out."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + self.settings.slot, loop.time())
            await asyncio.sleep(due - loop.time())
            requests, cursor = await self._ask()
            starts_epoch = self.chain.advance(requests)
            is_news = cursor != self.cursor
            self.cursor = cursor
            if starts_epoch or (is_news and requests):
                self._save()

    async def _ask(self) -> tuple[list[Any], Cursor]:
        try:
            answer = await self.execution.requests(self.cursor)
        except ExecutionUnavailable as error:
            if not self.server.is_execution_offline:
                log.warning("the execution chain does not answer, slots pass without it: %s", error)
            self.server.is_execution_offline = True
            return [], self.cursor
        self.server.is_execution_offline = False
        for fault in self.execution.take_malformed():
            log.warning("ignored: %s", fault)
        return answer

    def _save(self) -> None:
        if self.store is not None:
            self.store.save(self.chain, self.cursor)
