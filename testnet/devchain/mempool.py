"""Transactions that wait for a block, under geth's rules of admission and replacement."""

from collections.abc import Iterator
from typing import Any

import rlp
from eth.vm.forks import PragueVM
from eth.vm.forks.prague.constants import STANDARD_TOKEN_COST, TOTAL_COST_FLOOR_PER_TOKEN

from .errors import RpcError
from .evm import Candidates

PRICE_BUMP = 10  # per cent by which both fees must rise to replace a transaction
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
MAX_TRANSACTION_BYTES = 131_072
MAX_TRANSACTIONS = 5_120


def decode_transaction(raw: bytes) -> Any:
    """A signed transaction of type 0, 1 or 2."""
    if len(raw) > MAX_TRANSACTION_BYTES:
        raise RpcError.refused(f"oversized data: transaction size {len(raw)}, limit {MAX_TRANSACTION_BYTES}")
    if not raw:
        raise RpcError.refused("typed transaction too short")
    if 2 < raw[0] < 0xC0:
        raise RpcError.refused("transaction type not supported")
    builder = PragueVM.get_transaction_builder()
    try:
        return builder.decode(raw) if raw[0] < 0x80 else rlp.decode(raw, sedes=builder)
    except Exception as error:  # py-evm and rlp raise many kinds for one thing: these bytes are no transaction
        raise RpcError.refused(f"rlp: {error}") from error


def floor_gas(transaction: Any) -> int:
    """EIP-7623: what a transaction pays at least for its data."""
    zeros = transaction.data.count(b"\0")
    tokens = zeros + STANDARD_TOKEN_COST * (len(transaction.data) - zeros)
    return 21_000 + TOTAL_COST_FLOOR_PER_TOKEN * tokens


def tip_at(transaction: Any, base_fee: int) -> int:
    """What the transaction pays per gas above the base fee."""
    return min(transaction.max_fee_per_gas - base_fee, transaction.max_priority_fee_per_gas)


class Mempool:
    """By sender and nonce; at most MAX_TRANSACTIONS."""

    def __init__(self, chain_id: int, gas_limit: int) -> None:
        self.chain_id = chain_id
        self.gas_limit = gas_limit
        self._by_sender: dict[bytes, dict[int, Any]] = {}
        self._by_hash: dict[bytes, Any] = {}
        self._arrival: dict[bytes, int] = {}
        self._arrivals = 0

    def __len__(self) -> int:
        return len(self._by_hash)

    def get(self, transaction_hash: bytes) -> Any | None:
        return self._by_hash.get(transaction_hash)

    def next_nonce(self, sender: bytes, nonce: int) -> int:
        """The first nonce from `nonce` on that no waiting transaction takes."""
        queue = self._by_sender.get(sender, {})
        while nonce in queue:
            nonce += 1
        return nonce

    def counts(self, state: Any) -> tuple[int, int]:
        """How many transactions could be mined, and how many wait behind a gap."""
        executable = 0
        for sender in self._by_sender:
            first = state.get_nonce(sender)
            executable += self.next_nonce(sender, first) - first
        return executable, len(self) - executable

    def add(self, raw: bytes, state: Any) -> Any:
        """Admit a raw transaction on top of `state`, with geth's words where it is refused."""
        transaction = decode_transaction(raw)
        sender = self._check_signature(transaction)
        if transaction.hash in self._by_hash:
            raise RpcError.refused("already known")
        self._check_cost(transaction, sender, state)
        queue = self._by_sender.get(sender, {})
        old = queue.get(transaction.nonce)
        if old is None and len(self) >= MAX_TRANSACTIONS:
            raise RpcError.refused("txpool is full")
        if old is not None and not self._outbids(transaction, old):
            raise RpcError.refused("replacement transaction underpriced")
        self._put(transaction)
        return transaction

    def _check_signature(self, transaction: Any) -> bytes:
        try:
            transaction.validate()
            sender = transaction.sender
        except Exception as error:  # any failure to recover the sender means the same
            raise RpcError.refused(f"invalid sender: {error}") from error
        if transaction.s > HALF_ORDER:  # EIP-2, which py-evm leaves out for typed transactions
            raise RpcError.refused("invalid sender: invalid transaction v, r, s values")
        chain_id = transaction.chain_id
        if chain_id is None:
            raise RpcError.refused("only replay-protected (EIP-155) transactions allowed over RPC")
        if chain_id != self.chain_id:
            raise RpcError.refused(f"invalid chain id for signer: have {chain_id} want {self.chain_id}")
        return sender

    def _check_cost(self, transaction: Any, sender: bytes, state: Any) -> None:
        nonce = state.get_nonce(sender)
        if transaction.nonce < nonce:
            raise RpcError.refused(f"nonce too low: next nonce {nonce}, tx nonce {transaction.nonce}")
        if transaction.gas > self.gas_limit:
            raise RpcError.refused("exceeds block gas limit")
        if transaction.gas < transaction.intrinsic_gas:
            raise RpcError.refused(
                f"intrinsic gas too low: gas {transaction.gas}, minimum needed {transaction.intrinsic_gas}"
            )
        if transaction.gas < floor_gas(transaction):
            raise RpcError.refused(
                "insufficient gas for floor data gas cost: gas "
                f"{transaction.gas}, minimum needed {floor_gas(transaction)}"
            )
        if transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas:
            raise RpcError.refused("max priority fee per gas higher than max fee per gas")
        cost = transaction.gas * transaction.max_fee_per_gas + transaction.value
        balance = state.get_balance(sender)
        if balance < cost:
            raise RpcError.refused(
                "insufficient funds for gas * price + value: balance "
                f"{balance}, tx cost {cost}, overshot {cost - balance}"
            )

    @staticmethod
    def _outbids(new: Any, old: Any) -> bool:
        def rises(fee: int, before: int) -> bool:
            return fee > before and fee >= before * (100 + PRICE_BUMP) // 100

        return rises(new.max_fee_per_gas, old.max_fee_per_gas) and rises(
            new.max_priority_fee_per_gas, old.max_priority_fee_per_gas
        )

    def _put(self, transaction: Any) -> None:
        queue = self._by_sender.setdefault(transaction.sender, {})
        old = queue.get(transaction.nonce)
        if old is not None:
            self._forget(old)
            queue = self._by_sender.setdefault(transaction.sender, {})
        queue[transaction.nonce] = transaction
        self._by_hash[transaction.hash] = transaction
        self._arrivals += 1
        self._arrival[transaction.hash] = self._arrivals

    def _forget(self, transaction: Any) -> None:
        queue = self._by_sender[transaction.sender]
        del queue[transaction.nonce]
        if not queue:
            del self._by_sender[transaction.sender]
        del self._by_hash[transaction.hash]
        del self._arrival[transaction.hash]

    def put_back(self, transaction: Any) -> None:
        """A reorganisation has orphaned the transaction; one that replaced it meanwhile keeps its place."""
        if transaction.nonce not in self._by_sender.get(transaction.sender, {}):
            self._put(transaction)

    def drop(self, transaction_hash: bytes) -> None:
        transaction = self._by_hash.get(transaction_hash)
        if transaction is not None:
            self._forget(transaction)

    def drop_used(self, state: Any) -> None:
        """Forget what can never be mined after `state`."""
        for transaction in list(self._by_hash.values()):
            if transaction.nonce < state.get_nonce(transaction.sender):
                self._forget(transaction)

    def snapshot(self) -> list[Any]:
        return sorted(self._by_hash.values(), key=lambda transaction: self._arrival[transaction.hash])

    def restore(self, transactions: list[Any]) -> None:
        self._by_sender, self._by_hash, self._arrival = {}, {}, {}
        for transaction in transactions:
            self._put(transaction)

    def candidates(self, state: Any, base_fee: int) -> "BestFirst":
        return BestFirst(self, state, base_fee)


class BestFirst(Candidates):
    """What can be mined now: each sender's in order of nonce, the best tip first, then the earliest arrival."""

    def __init__(self, pool: Mempool, state: Any, base_fee: int) -> None:
        self._pool = pool
        self._base_fee = base_fee
        self._next = {sender: state.get_nonce(sender) for sender in pool._by_sender}

    def __iter__(self) -> Iterator[Any]:
        while (best := self._best()) is not None:
            self._next[best.sender] += 1
            yield best

    def refused(self, transaction: Any) -> None:
        self._next.pop(transaction.sender, None)

    def _best(self) -> Any | None:
        ready = [
            queue[self._next[sender]]
            for sender, queue in self._pool._by_sender.items()
            if sender in self._next and self._next[sender] in queue
        ]
        affordable = [tx for tx in ready if tx.max_fee_per_gas >= self._base_fee]
        return max(affordable, default=None, key=lambda tx: (tip_at(tx, self._base_fee), -self._pool._arrival[tx.hash]))
