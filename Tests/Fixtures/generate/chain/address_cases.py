"""Addresses by eth-keys and eth-utils: from keys, in EIP-55's mixed case, and of created contracts."""

from typing import Any

import rlp
from eth_keys import keys
from eth_utils import is_checksum_address, keccak, to_checksum_address

from frost import ORDER, Randomness

# The examples that EIP-55 itself gives.
PUBLISHED = [
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


def swap_one_case(address: str) -> str:
    """The address with its first letter in the wrong case."""
    index = next(i for i, c in enumerate(address[2:], 2) if c.isalpha())
    return address[:index] + address[index].swapcase() + address[index + 1 :]


def make() -> Any:
    random = Randomness("addresses")
    secrets = [1, 2, ORDER - 1, *(random.scalar() for _ in range(12))]
    accounts = []
    for secret in secrets:
        key = keys.PrivateKey(secret.to_bytes(32, "big"))
        accounts.append(
            {
                "privateKey": key.to_hex(),
                "publicKey": "0x04" + key.public_key.to_hex()[2:],
                "compressedPublicKey": "0x" + key.public_key.to_compressed_bytes().hex(),
                "address": key.public_key.to_checksum_address(),
            }
        )
    checksummed = PUBLISHED + [to_checksum_address(random.take(20)) for _ in range(24)] + ["0x" + "0" * 40]
    assert all(is_checksum_address(address) for address in checksummed)
    mixed = [a for a in checksummed if any(c.islower() for c in a[2:]) and any(c.isupper() for c in a[2:])]
    created = []
    for nonce in (0, 1, 127, 128, 255, 256, 65_536, 2**32, 2**64 - 2):
        sender = random.take(20)
        created.append(
            {
                "sender": to_checksum_address(sender),
                "nonce": hex(nonce),
                "address": to_checksum_address(keccak(rlp.encode([sender, nonce]))[12:]),
            }
        )
    return {
        "accounts": accounts,
        "checksummed": checksummed,
        "wrongChecksum": [swap_one_case(address) for address in mixed],
        "notAddresses": [
            "",
            "0x",
            "0x" + "1" * 39,
            "0x" + "1" * 41,
            "1" * 40,
            "0x" + "g" * 40,
            "0X" + "1" * 40,
            " 0x" + "1" * 40,
            "0x" + "1" * 40 + " ",
        ],
        "created": created,
    }
