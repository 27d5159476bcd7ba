"""What the execution chain asks of the beacon chain, read from the logs of the two contracts."""

from dataclasses import dataclass
from typing import Any

from eth_utils import keccak

from .network import DEPOSIT_CONTRACT, WITHDRAWAL_CONTRACT, spec

DEPOSIT_TOPIC = keccak(text="DepositEvent(bytes,bytes,bytes,bytes,bytes)")
# Offsets of the five fields and, at each, a length and as many bytes: what EIP-6110 demands of a deposit's log.
_FIELDS = ((160, 48), (256, 32), (320, 8), (384, 96), (512, 8))
_DEPOSIT_SIZE = 576


class Malformed(Exception):
    """A log that no such contract writes."""


@dataclass(frozen=True)
class Contracts:
    """Where the two contracts are."""

    deposits: bytes = DEPOSIT_CONTRACT
    withdrawals: bytes = WITHDRAWAL_CONTRACT


def read_log(log: dict[str, Any], contracts: Contracts) -> Any:
    """A DepositRequest or a WithdrawalRequest; None for a log that is neither's."""
    address = bytes.fromhex(log["address"][2:])
    topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
    data = bytes.fromhex(log["data"][2:])
    if address == contracts.deposits and topics[:1] == [DEPOSIT_TOPIC]:
        return read_deposit(data)
    if address == contracts.withdrawals and not topics:
        return read_withdrawal(data)
    return None


def log_name(log: dict[str, Any]) -> str:
    return f"transaction {log.get('transactionHash')}, log {log.get('logIndex')}"


def read_deposit(data: bytes) -> Any:
    if len(data) != _DEPOSIT_SIZE:
        raise Malformed(f"a deposit's log has {len(data)} bytes")
    fields = []
    for place, (offset, size) in enumerate(_FIELDS):
        stated = int.from_bytes(data[32 * place : 32 * place + 32], "big")
        length = int.from_bytes(data[offset : offset + 32], "big")
        if (stated, length) != (offset, size):
            raise Malformed(f"field {place} of a deposit's log is {length} bytes at {stated}")
        fields.append(data[offset + 32 : offset + 32 + size])
    pubkey, credentials, amount, signature, index = fields
    return spec.DepositRequest(
        pubkey=pubkey,
        withdrawal_credentials=credentials,
        amount=int.from_bytes(amount, "little"),
        signature=signature,
        index=int.from_bytes(index, "little"),
    )


def read_withdrawal(data: bytes) -> Any:
    if len(data) != 76:
        raise Malformed(f"a withdrawal request's log has {len(data)} bytes")
    return spec.WithdrawalRequest(
        source_address=data[:20],
        validator_pubkey=data[20:68],
        amount=int.from_bytes(data[68:], "big"),
    )
