"""Prague's rules by py-evm: the genesis block, blocks on a parent, and states to execute on.

py-evm's MiningChain leaves out the system calls around a block's transactions (EIP-4788, 2935, 6110, 7002, 7251), so
blocks are put together here from the virtual machine's own steps.
"""

from collections.abc import Iterator
from typing import Any

from eth.chains.base import MiningChain
from eth.constants import POST_MERGE_DIFFICULTY, POST_MERGE_MIX_HASH, POST_MERGE_NONCE
from eth.db.atomic import AtomicDB
from eth.vm.forks import PragueVM
from eth_utils import ValidationError, keccak

from .accounts import BALANCE, dev_keys
from .block import SealedBlock
from .config import ChainConfig, GenesisAccount
from .system import system_accounts

ZERO_ADDRESS = b"\0" * 20


def genesis_accounts(config: ChainConfig) -> dict[bytes, GenesisAccount]:
    """Every account of block 0: the system contracts, the funded accounts, the extra ones."""
    accounts = system_accounts()
    for key in dev_keys(config.accounts):
        accounts[key.public_key.to_canonical_address()] = GenesisAccount(balance=BALANCE)
    accounts.update(config.extra)
    return accounts


class Candidates:
    """Transactions offered to a block one by one; the block says whether it took the last one."""

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    def refused(self, transaction: Any) -> None:
        """The transaction does not fit; nothing of its sender can follow."""


class FixedCandidates(Candidates):
    """Exactly these transactions, in this order."""

    def __init__(self, transactions: list[Any]) -> None:
        self.transactions = transactions

    def __iter__(self) -> Iterator[Any]:
        return iter(self.transactions)


def _demand_full_cost(state: Any, transaction: Any) -> None:
    """A sender must have the value and the dearest gas; py-evm asks for either, not for both together."""
    if state.get_balance(transaction.sender) < transaction.gas * transaction.max_fee_per_gas + transaction.value:
        raise ValidationError("the sender cannot pay the value and the highest fee")


class Evm:
    """Executes on the states in `database`, and adds to it the state of every block it seals."""

    def __init__(self, config: ChainConfig, database: Any) -> None:
        number = config.chain_id

        class PragueChain(MiningChain):
            chain_id = number
            vm_configuration = ((0, PragueVM),)

            def create_header_from_parent(self, parent_header: Any, **fields: Any) -> Any:
                # py-evm would let the limit drift towards its own default.
                return super().create_header_from_parent(parent_header, gas_limit=parent_header.gas_limit, **fields)

        self.config = config
        self._class = PragueChain
        self._database = AtomicDB(database)
        self._chain: Any = None

    def make_genesis(self) -> SealedBlock:
        """Write the state of block 0 and return the block."""
        config = self.config
        header = {
            "coinbase": ZERO_ADDRESS,
            "difficulty": POST_MERGE_DIFFICULTY,
            "extra_data": b"devchain",
            "gas_limit": config.gas_limit,
            "mix_hash": POST_MERGE_MIX_HASH,
            "nonce": POST_MERGE_NONCE,
            "timestamp": config.genesis_time,
            "base_fee_per_gas": config.base_fee,
        }
        state = {
            address: {
                "balance": account.balance,
                "nonce": account.nonce,
                "code": account.code,
                "storage": dict(account.storage),
            }
            for address, account in genesis_accounts(config).items()
        }
        self._chain = self._class.from_genesis(self._database, header, state)
        genesis = self._chain.get_canonical_block_header_by_number(0)
        return SealedBlock(self._chain.get_block_by_header(genesis), ())

    def reopen(self, genesis_header: Any) -> None:
        """Go on from a database that already holds the chain."""
        self._chain = self._class(self._database, genesis_header)

    def vm_after(self, parent: SealedBlock) -> Any:
        """A virtual machine on the state that `parent` leaves, as the next block would see it."""
        header = self._chain.create_header_from_parent(parent.header, timestamp=parent.header.timestamp + 1)
        return self._chain.get_vm(header)

    def state_after(self, parent: SealedBlock) -> Any:
        return self.vm_after(parent).state

    def next_base_fee(self, parent: SealedBlock) -> int:
        return self.vm_after(parent).get_header().base_fee_per_gas

    def seal(
        self, parent: SealedBlock, candidates: Candidates, timestamp: int, extra: bytes
    ) -> tuple[SealedBlock, list[Any]]:
        """Build the block that follows `parent`; also returns the transactions that turned out invalid.

        The beacon root and the randomness are hashes of the parent's, so that equal inputs give equal blocks.
        """
        header = self._chain.create_header_from_parent(
            parent.header,
            timestamp=timestamp,
            coinbase=ZERO_ADDRESS,
            extra_data=extra,
            mix_hash=keccak(b"prevrandao" + parent.hash + extra),
        ).copy(parent_beacon_block_root=keccak(b"beacon block root" + parent.hash))
        vm = self._chain.get_vm(header)
        vm.block_preprocessing(vm.get_block())
        receipts: list[Any] = []
        included: list[Any] = []
        invalid: list[Any] = []
        for transaction in candidates:
            if header.gas_used + transaction.gas > header.gas_limit:
                candidates.refused(transaction)
                continue
            try:
                _demand_full_cost(vm.state, transaction)
                receipt, _ = vm.apply_transaction(header, transaction)
            except ValidationError:  # raised before the transaction touches the state
                candidates.refused(transaction)
                invalid.append(transaction)
                continue
            header = vm.add_receipt_to_header(header, receipt)
            receipts.append(receipt)
            included.append(transaction)
        filled = vm.set_block_transactions_and_withdrawals(vm.get_block(), header, tuple(included), tuple(receipts))
        block = vm.mine_block(vm.block_postprocessing(filled)).block
        # Headers are found by hash for BLOCKHASH; which branch is canonical is the Chain's own business.
        self._chain.chaindb.persist_block(block)
        return SealedBlock(block, tuple(receipts)), invalid
