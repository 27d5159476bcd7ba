"""One RPC endpoint's opinion of the chain: how far behind it is, what it limits, and how it misbehaves."""

from dataclasses import dataclass, field
from typing import Any

from .block import SealedBlock
from .chain import Chain
from .errors import RpcError
from .faults import Fault
from .hexadecimal import parse_hash, parse_quantity
from .methods import METHODS

TAGS = ("latest", "pending", "safe", "finalized", "earliest")


@dataclass
class Endpoint:
    name: str
    chain: Chain
    lag: int = 0  # blocks behind the head
    frozen: int | None = None  # the highest block it will ever show, for a node that has stopped following
    max_log_range: int = 10_000  # blocks
    max_logs: int = 20_000
    fault: Fault | None = None
    calls: dict[str, int] = field(default_factory=dict)

    def count(self, name: str) -> None:
        """Note a request for a method, or for none that exists."""
        known = name if name in METHODS else "unknown"
        self.calls[known] = self.calls.get(known, 0) + 1

    @property
    def height(self) -> int:
        height = max(0, len(self.chain.canonical) - 1 - self.lag)
        return height if self.frozen is None else min(height, self.frozen)

    @property
    def finalized(self) -> int:
        """The number of the finalized block, as late to this endpoint as every other."""
        counted = self.height - self.chain.finality_depth
        if self.frozen is not None:
            return max(0, counted)
        return max(0, counted, min(self.height, self.chain.finalized - self.lag))

    @property
    def sees_pool(self) -> bool:
        """A node behind the head does not know what waits for it."""
        return self.lag == 0 and self.frozen is None

    @property
    def head(self) -> SealedBlock:
        head = self.chain.at(self.height)
        assert head is not None
        return head

    def find_number(self, tag: Any) -> SealedBlock | None:
        """The canonical block at a tag or number, None beyond the head. `pending` is the head."""
        if tag in ("latest", "pending"):
            return self.head
        if tag == "earliest":
            return self.chain.genesis
        if tag == "safe":
            return self.chain.at(self.chain.safe_number(self.height))
        if tag == "finalized":
            return self.chain.at(self.finalized)
        number = parse_quantity(tag, "block number", 64)
        return self.chain.at(number) if number <= self.height else None

    def find_hash(self, block_hash: Any) -> SealedBlock | None:
        """Orphans answer too, as long as they are not above what the endpoint has seen."""
        block = self.chain.blocks.get(parse_hash(block_hash, "block hash"))
        return block if block is not None and block.number <= self.height else None

    def resolve(self, tag: Any) -> SealedBlock:
        """The block whose state is asked for: a tag, a number, or EIP-1898's object."""
        if not isinstance(tag, dict):
            block = self.find_number(tag)
            if block is None:
                raise RpcError.refused("header not found")
            return block
        if "blockNumber" in tag and "blockHash" not in tag:
            return self.resolve(tag["blockNumber"])
        if "blockHash" not in tag or "blockNumber" in tag:
            raise RpcError.invalid_params("invalid argument block: give one of blockHash and blockNumber")
        block = self.find_hash(tag["blockHash"])
        if block is None:
            raise RpcError.refused("header for hash not found")
        if tag.get("requireCanonical") and not self.chain.is_canonical(block):
            raise RpcError.refused("hash is not currently canonical")
        return block
