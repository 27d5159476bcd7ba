"""The methods of an Ethereum node: eth_, net_, web3_, txpool_ and debug_getRawBlock."""

from typing import Any

from eth_utils import keccak

from . import formats
from .block import SealedBlock
from .calls import CallRequest, call, estimate
from .errors import RpcError
from .evm import ZERO_ADDRESS
from .hexadecimal import data, parse_address, parse_data, parse_hash, parse_quantity, quantity
from .mempool import tip_at
from .methods import Context, method

CLIENT_VERSION = "devchain/py-evm-0.12.1b1/prague"
SUGGESTED_TIP = 10**9  # wei per gas
MAX_FEE_HISTORY = 1024  # blocks
MAX_PERCENTILES = 100


@method
def web3_clientVersion(context: Context) -> str:
    return CLIENT_VERSION


@method
def web3_sha3(context: Context, value: Any) -> str:
    return data(keccak(parse_data(value)))


@method
def net_version(context: Context) -> str:
    return str(context.endpoint.chain.config.chain_id)


@method
def net_listening(context: Context) -> bool:
    return True


@method
def eth_chainId(context: Context) -> str:
    return quantity(context.endpoint.chain.config.chain_id)


@method
def eth_syncing(context: Context) -> bool:
    return False


@method
def eth_accounts(context: Context) -> list[str]:
    return []


@method
def eth_blockNumber(context: Context) -> str:
    return quantity(context.endpoint.height)


@method
def eth_getBlockByNumber(context: Context, tag: Any, full: bool = False) -> Any:
    block = context.endpoint.find_number(tag)
    return None if block is None else formats.block(block, full)


@method
def eth_getBlockByHash(context: Context, block_hash: Any, full: bool = False) -> Any:
    block = context.endpoint.find_hash(block_hash)
    return None if block is None else formats.block(block, full)


@method
def eth_getBlockReceipts(context: Context, tag: Any) -> Any:
    if isinstance(tag, str) and len(tag) == 66:
        block = context.endpoint.find_hash(tag)
    elif isinstance(tag, dict):
        block = context.endpoint.resolve(tag)
    else:
        block = context.endpoint.find_number(tag)
    return None if block is None else [formats.receipt(block, index) for index in range(len(block.receipts))]


@method
def debug_getRawBlock(context: Context, tag: Any) -> str:
    return data(context.endpoint.resolve(tag).encoded)


# State


def _state(context: Context, tag: Any) -> Any:
    return context.endpoint.chain.evm.state_after(context.endpoint.resolve(tag))


@method
def eth_getBalance(context: Context, address: Any, tag: Any = "latest") -> str:
    return quantity(_state(context, tag).get_balance(parse_address(address)))


@method
def eth_getCode(context: Context, address: Any, tag: Any = "latest") -> str:
    return data(_state(context, tag).get_code(parse_address(address)))


@method
def eth_getStorageAt(context: Context, address: Any, slot: Any, tag: Any = "latest") -> str:
    # Clients send the slot as a quantity or as 32 bytes.
    key = parse_data(slot, "slot", 32) if isinstance(slot, str) and len(slot) == 66 else b""
    number = int.from_bytes(key, "big") if key else parse_quantity(slot, "slot")
    return data(_state(context, tag).get_storage(parse_address(address), number).to_bytes(32, "big"))


@method
def eth_getTransactionCount(context: Context, address: Any, tag: Any = "latest") -> str:
    account = parse_address(address)
    if tag == "pending" and context.endpoint.sees_pool:
        return quantity(context.endpoint.chain.pending_nonce(account))
    return quantity(_state(context, tag).get_nonce(account))


# Fees


@method
def eth_gasPrice(context: Context) -> str:
    return quantity(context.endpoint.chain.evm.next_base_fee(context.endpoint.head) + SUGGESTED_TIP)


@method
def eth_maxPriorityFeePerGas(context: Context) -> str:
    return quantity(SUGGESTED_TIP)


@method
def eth_feeHistory(context: Context, count: Any, newest: Any = "latest", percentiles: Any = None) -> Any:
    endpoint = context.endpoint
    wanted = min(count if isinstance(count, int) else parse_quantity(count, "block count", 32), MAX_FEE_HISTORY)
    last = endpoint.resolve(newest)
    first = max(0, last.number - wanted + 1)
    if wanted < 1:
        return {"oldestBlock": "0x0", "gasUsedRatio": None}
    shares = percentiles or []
    if (
        not isinstance(shares, list)
        or len(shares) > MAX_PERCENTILES
        or shares != sorted(shares)
        or not all(isinstance(share, int | float) and 0 <= share <= 100 for share in shares)
    ):
        raise RpcError.invalid_params(f"reward percentiles are at most {MAX_PERCENTILES} rising numbers up to 100")
    blocks = [block for number in range(first, last.number + 1) if (block := endpoint.chain.at(number)) is not None]
    fees = [block.header.base_fee_per_gas for block in blocks]
    history = {
        "oldestBlock": quantity(first),
        "baseFeePerGas": [quantity(fee) for fee in [*fees, endpoint.chain.evm.next_base_fee(last)]],
        "gasUsedRatio": [block.header.gas_used / block.header.gas_limit for block in blocks],
    }
    if shares:
        history["reward"] = [[quantity(tip) for tip in _tips(block, shares)] for block in blocks]
    return history


def _tips(block: SealedBlock, shares: list[float]) -> list[int]:
    """For each share of the block's gas, the tip below which it was paid; zero in an empty block."""
    paid = sorted(
        (tip_at(tx, block.header.base_fee_per_gas), block.gas_used_by(index))
        for index, tx in enumerate(block.transactions)
    )
    tips = []
    for share in shares:
        threshold, seen, reached = block.header.gas_used * share / 100, 0, 0
        for tip, gas in paid:
            seen, reached = seen + gas, tip
            if seen >= threshold:
                break
        tips.append(reached)
    return tips


# Transactions


@method
def eth_sendRawTransaction(context: Context, raw: Any) -> str:
    transaction = context.endpoint.chain.submit(parse_data(raw, "transaction"))
    context.server.producer.submitted()
    return data(transaction.hash)


@method
def eth_getTransactionByHash(context: Context, transaction_hash: Any) -> Any:
    key = parse_hash(transaction_hash)
    chain = context.endpoint.chain
    location = chain.locations.get(key)
    if location is not None:
        block = chain.blocks[location[0]]
        if block.number <= context.endpoint.height:
            return formats.transaction(block.transactions[location[1]], block, location[1])
    waiting = chain.pool.get(key) if context.endpoint.sees_pool else None
    return None if waiting is None else formats.transaction(waiting)


@method
def eth_getTransactionReceipt(context: Context, transaction_hash: Any) -> Any:
    location = context.endpoint.chain.locations.get(parse_hash(transaction_hash))
    if location is None:
        return None
    block = context.endpoint.chain.blocks[location[0]]
    return formats.receipt(block, location[1]) if block.number <= context.endpoint.height else None


@method
def txpool_status(context: Context) -> Any:
    chain = context.endpoint.chain
    executable, queued = chain.pool.counts(chain.evm.state_after(chain.head))
    return {"pending": quantity(executable), "queued": quantity(queued)}


# Calls


def _request(body: Any) -> CallRequest:
    if not isinstance(body, dict):
        raise RpcError.invalid_params("invalid argument 0: a call is an object")
    payload = body.get("input", body.get("data", "0x"))
    return CallRequest(
        sender=parse_address(body["from"], "from") if body.get("from") else ZERO_ADDRESS,
        to=parse_address(body["to"], "to") if body.get("to") else b"",
        data=parse_data(payload, "input"),
        value=parse_quantity(body.get("value", "0x0"), "value"),
        gas=parse_quantity(body["gas"], "gas", 64) if body.get("gas") else None,
    )


@method
def eth_call(context: Context, body: Any, tag: Any = "latest") -> str:
    result = call(context.endpoint.chain, context.endpoint.resolve(tag), _request(body))
    if (error := result.error()) is not None:
        raise error
    return data(result.output)


@method
def eth_estimateGas(context: Context, body: Any, tag: Any = "latest") -> str:
    return quantity(estimate(context.endpoint.chain, context.endpoint.resolve(tag), _request(body)))
