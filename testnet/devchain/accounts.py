"""The funded accounts of every development chain: their keys are public, they hold nothing anywhere else."""

from eth_keys.datatypes import PrivateKey
from eth_utils import keccak

SEED = b"oracle development chain account "
BALANCE = 10**24  # wei, one million ether


def dev_key(index: int) -> PrivateKey:
    """The private key keccak256(SEED || index as four bytes, big-endian)."""
    return PrivateKey(keccak(SEED + index.to_bytes(4, "big")))


def dev_keys(count: int) -> list[PrivateKey]:
    return [dev_key(index) for index in range(count)]
