"""Blocks, transactions, receipts and logs as JSON-RPC shows them."""

from typing import Any

import rlp
from eth_utils import keccak, to_checksum_address

from .block import LogEntry, SealedBlock
from .hexadecimal import data, quantity

Json = dict[str, Any]


def _bloom(bloom: int) -> str:
    return data(bloom.to_bytes(256, "big"))


def _recipient(transaction: Any) -> str | None:
    return to_checksum_address(transaction.to) if transaction.to else None


def effective_price(transaction: Any, block: SealedBlock) -> int:
    base_fee: int = block.header.base_fee_per_gas
    return min(transaction.max_fee_per_gas, base_fee + transaction.max_priority_fee_per_gas)


def header(block: SealedBlock) -> Json:
    head = block.header
    return {
        "number": quantity(head.block_number),
        "hash": data(block.hash),
        "parentHash": data(head.parent_hash),
        "nonce": data(head.nonce),
        "mixHash": data(head.mix_hash),
        "sha3Uncles": data(head.uncles_hash),
        "logsBloom": _bloom(head.bloom),
        "transactionsRoot": data(head.transaction_root),
        "stateRoot": data(head.state_root),
        "receiptsRoot": data(head.receipt_root),
        "miner": to_checksum_address(head.coinbase),
        "difficulty": "0x0",
        "extraData": data(head.extra_data),
        "gasLimit": quantity(head.gas_limit),
        "gasUsed": quantity(head.gas_used),
        "timestamp": quantity(head.timestamp),
        "baseFeePerGas": quantity(head.base_fee_per_gas),
        "withdrawalsRoot": data(head.withdrawals_root),
        "blobGasUsed": quantity(head.blob_gas_used),
        "excessBlobGas": quantity(head.excess_blob_gas),
        "parentBeaconBlockRoot": data(head.parent_beacon_block_root),
        "requestsHash": data(head.requests_hash),
    }


def block(sealed: SealedBlock, full: bool) -> Json:
    body = header(sealed)
    body["size"] = quantity(len(sealed.encoded))
    body["uncles"] = []
    body["withdrawals"] = []
    body["transactions"] = [
        transaction(tx, sealed, index) if full else data(tx.hash) for index, tx in enumerate(sealed.transactions)
    ]
    return body


def transaction(tx: Any, sealed: SealedBlock | None = None, index: int | None = None) -> Json:
    """Of a block, or waiting when there is none."""
    kind: int = tx.type_id or 0
    body: Json = {
        "type": quantity(kind),
        "hash": data(tx.hash),
        "nonce": quantity(tx.nonce),
        "from": to_checksum_address(tx.sender),
        "to": _recipient(tx),
        "value": quantity(tx.value),
        "gas": quantity(tx.gas),
        "input": data(tx.data),
        "r": quantity(tx.r),
        "s": quantity(tx.s),
        "blockHash": data(sealed.hash) if sealed else None,
        "blockNumber": quantity(sealed.number) if sealed else None,
        "transactionIndex": quantity(index) if index is not None else None,
    }
    if kind == 0:
        body["v"] = quantity(tx.v)
        body["gasPrice"] = quantity(tx.gas_price)
        return body
    body["chainId"] = quantity(tx.chain_id)
    body["v"] = body["yParity"] = quantity(tx.y_parity)
    body["accessList"] = [
        {"address": to_checksum_address(address), "storageKeys": [data(slot.to_bytes(32, "big")) for slot in slots]}
        for address, slots in tx.access_list
    ]
    if kind == 1:
        body["gasPrice"] = quantity(tx.gas_price)
        return body
    body["maxFeePerGas"] = quantity(tx.max_fee_per_gas)
    body["maxPriorityFeePerGas"] = quantity(tx.max_priority_fee_per_gas)
    body["gasPrice"] = quantity(effective_price(tx, sealed) if sealed else tx.max_fee_per_gas)
    return body


def log(sealed: SealedBlock, entry: LogEntry) -> Json:
    return {
        "address": to_checksum_address(entry.address),
        "topics": [data(topic) for topic in entry.topics],
        "data": data(entry.data),
        "blockNumber": quantity(sealed.number),
        "blockHash": data(sealed.hash),
        "blockTimestamp": quantity(sealed.header.timestamp),
        "transactionHash": data(sealed.transactions[entry.transaction_index].hash),
        "transactionIndex": quantity(entry.transaction_index),
        "logIndex": quantity(entry.log_index),
        "removed": False,
    }


def receipt(sealed: SealedBlock, index: int) -> Json:
    tx = sealed.transactions[index]
    entry = sealed.receipts[index]
    created = None if tx.to else to_checksum_address(keccak(rlp.encode([tx.sender, tx.nonce]))[12:])
    return {
        "type": quantity(tx.type_id or 0),
        "status": "0x1" if entry.state_root == b"\x01" else "0x0",
        "transactionHash": data(tx.hash),
        "transactionIndex": quantity(index),
        "blockHash": data(sealed.hash),
        "blockNumber": quantity(sealed.number),
        "from": to_checksum_address(tx.sender),
        "to": _recipient(tx),
        "contractAddress": created,
        "cumulativeGasUsed": quantity(entry.gas_used),
        "gasUsed": quantity(sealed.gas_used_by(index)),
        "effectiveGasPrice": quantity(effective_price(tx, sealed)),
        "logs": [log(sealed, item) for item in sealed.logs if item.transaction_index == index],
        "logsBloom": _bloom(entry.bloom),
    }
