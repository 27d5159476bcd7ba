"""The chain: blocks by hash, an index of the canonical ones, and the ways the head moves.

Every block ever sealed stays known by its hash, so that a reorganisation is a longer branch from an older parent, and
an orphan can still be asked for, as on a real node.
"""

from dataclasses import dataclass
from typing import Any

from .block import SealedBlock
from .clock import BlockClock
from .config import ChainConfig
from .errors import RpcError, StartError
from .evm import Candidates, Evm, FixedCandidates
from .mempool import Mempool
from .store import Store, StoredChain

MAX_BLOCKS_AT_ONCE = 10_000
MAX_SNAPSHOTS = 256


@dataclass(frozen=True)
class Snapshot:
    head: bytes
    finalized: int
    pool: list[Any]
    offset: int


@dataclass(frozen=True)
class HeadChange:
    removed: list[SealedBlock]
    added: list[SealedBlock]


class Chain:
    """Not safe for use from several threads: the server calls it from one event loop."""

    def __init__(
        self,
        config: ChainConfig,
        store: Store,
        stored: StoredChain | None,
        clock: BlockClock,
        safe_depth: int = 4,
        finality_depth: int = 8,
    ) -> None:
        if stored is not None and stored.config != config:
            raise StartError("the data directory holds another chain: " + _difference(stored.config, config))
        self.config = config
        self.clock = clock
        self.safe_depth = safe_depth
        self.finality_depth = finality_depth
        self.pool = Mempool(config.chain_id, config.gas_limit)
        self.evm = Evm(config, store.database)
        self._store = store
        self._snapshots: dict[int, Snapshot] = {}
        self._snapshot_count = 0
        self._forks = 0
        self._unsaved: list[SealedBlock] = []
        # A shorter branch does not take finality back, so this is kept and not counted from the head.
        self.finalized = 0 if stored is None else stored.finalized
        self.blocks: dict[bytes, SealedBlock] = {}
        self.canonical: list[bytes] = []  # by number
        self.locations: dict[bytes, tuple[bytes, int]] = {}  # canonical transactions: block, index
        if stored is None:
            genesis = self.evm.make_genesis()
            self.blocks[genesis.hash] = genesis
            self._unsaved.append(genesis)
            self.canonical = [genesis.hash]
            self._save(genesis, 0)
        else:
            self.blocks = dict(stored.blocks)
            self.evm.reopen(self.blocks[stored.genesis].header)
            self.canonical = [stored.genesis]
            self._index(self._branch(self.blocks[stored.head]))
            self._forks = len(self.blocks)  # past every number a fork has used

    # Looking things up

    @property
    def head(self) -> SealedBlock:
        return self.blocks[self.canonical[-1]]

    @property
    def genesis(self) -> SealedBlock:
        return self.blocks[self.canonical[0]]

    def at(self, number: int) -> SealedBlock | None:
        return self.blocks[self.canonical[number]] if 0 <= number < len(self.canonical) else None

    def is_canonical(self, block: SealedBlock) -> bool:
        return block.number < len(self.canonical) and self.canonical[block.number] == block.hash

    def safe_number(self, head: int) -> int:
        return max(0, head - self.safe_depth)

    # Transactions

    def submit(self, raw: bytes) -> Any:
        return self.pool.add(raw, self.evm.state_after(self.head))

    def pending_nonce(self, address: bytes) -> int:
        return self.pool.next_nonce(address, self.evm.state_after(self.head).get_nonce(address))

    def has_executable(self) -> bool:
        """Whether the next block would take a transaction from the pool."""
        state = self.evm.state_after(self.head)
        offered = self.pool.candidates(state, self.evm.next_base_fee(self.head))
        return next(iter(offered), None) is not None

    # Moving the head

    def mine(self, timestamp: int | None = None) -> SealedBlock:
        """Seal one block from the pool on the head."""
        if timestamp is not None and timestamp <= self.head.header.timestamp:
            raise RpcError.invalid_params(
                f"timestamp {timestamp} is not after the head's, {self.head.header.timestamp}"
            )
        if timestamp is None:
            timestamp = self.clock.after(self.head.header.timestamp)
        vm = self.evm.vm_after(self.head)
        offered = self.pool.candidates(vm.state, vm.get_header().base_fee_per_gas)
        block, invalid = self._seal(self.head, offered, timestamp, b"devchain")
        for transaction in invalid:
            self.pool.drop(transaction.hash)
        self._move(block)
        return block

    def reorganise(
        self, depth: int, length: int | None = None, keep: bool = False, drop: frozenset[bytes] = frozenset()
    ) -> HeadChange:
        """Replace the last `depth` blocks by `length` others, one more by default.

        With `keep` the orphans' transactions are in the first new block, else they return to the pool; those in `drop`
        are forgotten. `length` may be less than `depth`: proof of stake does not ask for the longer branch.
        """
        height = len(self.canonical) - 1
        length = depth + 1 if length is None else length
        if depth < 1 or depth > height:
            raise RpcError.invalid_params(f"depth {depth}: the chain has {height} blocks above the genesis")
        if height - depth < self.finalized:
            raise RpcError.invalid_params(f"depth {depth} goes below the finalized block {self.finalized}")
        if not 1 <= length <= MAX_BLOCKS_AT_ONCE:
            raise RpcError.invalid_params(f"length {length} is not within 1 and {MAX_BLOCKS_AT_ONCE}")
        orphans = [self.blocks[hash_] for hash_ in self.canonical[height - depth + 1 :]]
        transactions = [tx for block in orphans for tx in block.transactions if tx.hash not in drop]
        tip = self.blocks[self.canonical[height - depth]]
        self._forks += 1
        for position in range(length):
            candidates = FixedCandidates(transactions if keep and position == 0 else [])
            tip, _ = self._seal(tip, candidates, tip.header.timestamp + 1, b"fork %d" % self._forks)
        change = self._move(tip)
        for transaction_hash in drop:
            self.pool.drop(transaction_hash)
        return change

    def snapshot(self) -> int:
        if len(self._snapshots) >= MAX_SNAPSHOTS:
            raise RpcError.refused(f"there are {MAX_SNAPSHOTS} snapshots already; revert to one")
        self._snapshot_count += 1
        self._snapshots[self._snapshot_count] = Snapshot(
            self.head.hash, self.finalized, self.pool.snapshot(), self.clock.offset
        )
        return self._snapshot_count

    def revert(self, number: int) -> bool:
        """Go back to a snapshot, and forget it and all later ones. Finality does not bind this."""
        snapshot = self._snapshots.get(number)
        if snapshot is None:
            return False
        self._snapshots = {key: value for key, value in self._snapshots.items() if key < number}
        self._move(self.blocks[snapshot.head], snapshot.finalized)
        self.pool.restore(snapshot.pool)
        self.pool.drop_used(self.evm.state_after(self.head))
        self.clock.offset = snapshot.offset
        return True

    def close(self) -> None:
        self._store.close()

    # How the head moves

    def _seal(
        self, parent: SealedBlock, candidates: Candidates, timestamp: int, extra: bytes
    ) -> tuple[SealedBlock, list[Any]]:
        block, invalid = self.evm.seal(parent, candidates, timestamp, extra)
        self.blocks[block.hash] = block
        self._unsaved.append(block)
        return block, invalid

    def _branch(self, tip: SealedBlock) -> list[SealedBlock]:
        """The blocks from the canonical chain up to `tip`, the oldest first."""
        branch = []
        while not self.is_canonical(tip):
            branch.append(tip)
            tip = self.blocks[tip.header.parent_hash]
        branch.reverse()
        return branch

    def _index(self, branch: list[SealedBlock]) -> None:
        for block in branch:
            self.canonical.append(block.hash)
            for index, transaction in enumerate(block.transactions):
                self.locations[transaction.hash] = (block.hash, index)

    def _move(self, tip: SealedBlock, finalized: int | None = None) -> HeadChange:
        """Make `tip` the canonical head, on the disk before anybody can hear of it, and put the pool right."""
        branch = self._branch(tip)
        fork = branch[0].number - 1 if branch else tip.number
        removed = [self.blocks[hash_] for hash_ in self.canonical[fork + 1 :]]
        orphaned = [transaction for block in removed for transaction in block.transactions]
        finalized = max(self.finalized, tip.number - self.finality_depth) if finalized is None else finalized
        self._save(tip, finalized)
        self.finalized = finalized
        for transaction in orphaned:
            del self.locations[transaction.hash]
        del self.canonical[fork + 1 :]
        self._index(branch)
        for transaction in orphaned:
            if transaction.hash not in self.locations:
                self.pool.put_back(transaction)
        self.pool.drop_used(self.evm.state_after(tip))
        return HeadChange(removed, branch)

    def _save(self, head: SealedBlock, finalized: int) -> None:
        self._store.commit(self.config, self._unsaved, head.hash, finalized)
        self._unsaved = []


def _difference(old: ChainConfig, new: ChainConfig) -> str:
    names = [name for name in vars(old) if getattr(old, name) != getattr(new, name)]
    return ", ".join(
        f"{name} {getattr(old, name)} there, {getattr(new, name)} asked for" if name != "extra" else "other --alloc"
        for name in names
    )
