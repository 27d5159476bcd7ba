"""A block with what its execution gave, as the chain keeps it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import rlp


@dataclass(frozen=True)
class LogEntry:
    transaction_index: int
    log_index: int  # within the block
    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, eq=False)
class SealedBlock:
    """A block, its receipts in the order of its transactions, and what can be read off both."""

    block: Any  # eth.abc.BlockAPI
    receipts: tuple[Any, ...]  # eth.abc.ReceiptAPI

    @property
    def header(self) -> Any:
        return self.block.header

    @property
    def transactions(self) -> tuple[Any, ...]:
        return tuple(self.block.transactions)

    @cached_property
    def hash(self) -> bytes:
        return self.block.header.hash

    @property
    def number(self) -> int:
        return self.block.header.block_number

    @cached_property
    def encoded(self) -> bytes:
        return rlp.encode(self.block)

    @cached_property
    def logs(self) -> tuple[LogEntry, ...]:
        entries: list[LogEntry] = []
        for index, receipt in enumerate(self.receipts):
            for log in receipt.logs:
                topics = tuple(topic.to_bytes(32, "big") for topic in log.topics)
                entries.append(LogEntry(index, len(entries), bytes(log.address), topics, bytes(log.data)))
        return tuple(entries)

    def gas_used_by(self, index: int) -> int:
        before = self.receipts[index - 1].gas_used if index else 0
        return self.receipts[index].gas_used - before
