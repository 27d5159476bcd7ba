"""Follows the execution chain by its JSON-RPC."""

import asyncio
from typing import Any

import aiohttp

from .errors import ChainReplaced, ExecutionUnavailable
from .requests import Contracts, Malformed, log_name, read_log
from .store import Cursor

TIMEOUT = 10  # seconds a node has to answer
RANGE = 1_000  # blocks asked for at once


class Execution:
    def __init__(self, url: str, tag: str, contracts: Contracts) -> None:
        self.url = url
        self.tag = tag
        self.contracts = contracts
        self._malformed: list[str] = []
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def take_malformed(self) -> list[str]:
        """What is wrong with logs that were left out since the last time."""
        faults, self._malformed = self._malformed, []
        return faults

    async def identity(self) -> tuple[int, str]:
        """Chain id and genesis block."""
        return int(await self._call("eth_chainId"), 16), (await self._block("0x0"))["hash"]

    async def requests(self, cursor: Cursor) -> tuple[list[Any], Cursor]:
        """What was asked for in the blocks after the cursor, and where that ends."""
        head = await self._block(self.tag)
        known = await self._block(hex(cursor.number))
        if head is None or known is None:
            raise ExecutionUnavailable(f"it does not know block {cursor.number}")
        if known["hash"] != cursor.hash:
            raise ChainReplaced(f"block {cursor.number} of the execution chain is no longer {cursor.hash}")
        last = min(int(head["number"], 16), cursor.number + RANGE)
        if last <= cursor.number:
            return [], cursor
        block = head if last == int(head["number"], 16) else await self._block(hex(last))
        query = {
            "address": ["0x" + self.contracts.deposits.hex(), "0x" + self.contracts.withdrawals.hex()],
            "fromBlock": hex(cursor.number + 1),
            "toBlock": hex(last),
        }
        found = []
        for log in await self._call("eth_getLogs", query):
            try:
                request = read_log(log, self.contracts)
            except Malformed as error:
                self._malformed.append(f"{error} ({log_name(log)})")
                continue
            if request is not None:
                found.append(request)
        return found, Cursor(last, block["hash"])

    async def _block(self, selector: str) -> Any:
        return await self._call("eth_getBlockByNumber", selector, False)

    async def _call(self, method: str, *params: Any) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        try:
            async with self._session.post(self.url, json=message) as response:
                reply = await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ExecutionUnavailable(f"{method}: {error or type(error).__name__}") from error
        if not isinstance(reply, dict) or "result" not in reply:
            raise ExecutionUnavailable(f"{method}: {str(reply)[:200]}")
        return reply["result"]
