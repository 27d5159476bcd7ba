"""The executable Ethereum specification as judge of the development chain's blocks.

EELS shares no code with py-evm, so what both agree on is Ethereum's behaviour and not one program's. It re-validates
transactions, gas, receipts, state roots, system calls and requests.
"""

from importlib import import_module
from typing import Any

from ethereum_rlp import rlp
from ethereum_types.bytes import Bytes, Bytes20, Bytes32
from ethereum_types.numeric import U64, U256, Uint

from devchain.chain import Chain
from devchain.evm import genesis_accounts


class Referee:
    """One fork's rules: `prague`, which the chain follows, or `osaka`, to learn whether the next fork minds."""

    def __init__(self, fork: str) -> None:
        def part(name: str) -> Any:
            return import_module(f"ethereum.forks.{fork}.{name}")

        self._block = part("blocks").Block
        self._fork = part("fork")
        self._account = part("fork_types").Account
        self._state = part("state")

    def _genesis_state(self, chain: Chain) -> Any:
        state = self._state.State()
        for address, account in genesis_accounts(chain.config).items():
            kept = self._account(nonce=Uint(account.nonce), balance=U256(account.balance), code=Bytes(account.code))
            self._state.set_account(state, Bytes20(address), kept)
            for slot, value in account.storage:
                self._state.set_storage(state, Bytes20(address), Bytes32(slot.to_bytes(32, "big")), U256(value))
        return state

    def judge(self, chain: Chain) -> int:
        """Re-validate the canonical chain; the number of transactions. Raises what EELS raises about a bad block."""
        blocks = [chain.blocks[block_hash] for block_hash in chain.canonical]
        decoded = [rlp.decode_to(self._block, block.encoded) for block in blocks]
        state = self._genesis_state(chain)
        if self._state.state_root(state) != decoded[0].header.state_root:
            raise ValueError("the genesis state has another root")
        judged = self._fork.BlockChain([decoded[0]], state, U64(chain.config.chain_id))
        for block in decoded[1:]:
            self._fork.state_transition(judged, block)
        return sum(len(block.transactions) for block in blocks)


def judge(chain: Chain, fork: str = "prague") -> int:
    return Referee(fork).judge(chain)
