"""The executable Ethereum specification as judge of the development chain's blocks.

EELS shares no code with py-evm, so what both agree on is Ethereum's behaviour and not one program's. It re-validates
transactions, gas, receipts, state roots, system calls and requests.
"""

from ethereum.forks.prague.blocks import Block
from ethereum.forks.prague.fork import BlockChain, state_transition
from ethereum.forks.prague.fork_types import Account
from ethereum.forks.prague.state import State, set_account, set_storage, state_root
from ethereum_rlp import rlp
from ethereum_types.bytes import Bytes, Bytes20, Bytes32
from ethereum_types.numeric import U64, U256, Uint

from devchain.block import SealedBlock
from devchain.chain import Chain
from devchain.evm import genesis_accounts


def genesis_state(chain: Chain) -> State:
    state = State()
    for address, account in genesis_accounts(chain.config).items():
        set_account(
            state,
            Bytes20(address),
            Account(nonce=Uint(account.nonce), balance=U256(account.balance), code=Bytes(account.code)),
        )
        for slot, value in account.storage:
            set_storage(state, Bytes20(address), Bytes32(slot.to_bytes(32, "big")), U256(value))
    return state


def judge(chain: Chain) -> int:
    """Re-validate the canonical chain; the number of transactions. Raises what EELS raises about a bad block."""
    blocks: list[SealedBlock] = [chain.blocks[block_hash] for block_hash in chain.canonical]
    decoded = [rlp.decode_to(Block, block.encoded) for block in blocks]
    state = genesis_state(chain)
    if state_root(state) != decoded[0].header.state_root:
        raise ValueError("the genesis state has another root")
    referee = BlockChain([decoded[0]], state, U64(chain.config.chain_id))
    for block in decoded[1:]:
        state_transition(referee, block)
    return sum(len(block.transactions) for block in blocks)
