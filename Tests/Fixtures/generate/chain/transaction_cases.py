"""EIP-1559 transactions signed by eth-account, with every intermediate value."""

from typing import Any

import rlp
from eth_account import Account
from eth_utils import keccak, to_canonical_address, to_checksum_address

from frost import Randomness
from registry import Registry

GWEI = 10**9


def cases(random: Randomness) -> dict[str, dict[str, Any]]:
    registry = Registry()
    _, key = registry.begin(seed="transactions")
    leader = to_checksum_address(random.take(20))
    election = registry.data("elect", *registry.election(1, 1, leader, key))
    other = to_checksum_address(random.take(20))
    plain = {
        "chainId": 31337,
        "nonce": 0,
        "maxPriorityFeePerGas": GWEI,
        "maxFeePerGas": 3 * GWEI,
        "gas": 21_000,
        "to": other,
        "value": 0,
        "data": b"",
    }
    return {
        "an election": plain | {"to": registry.address, "gas": 60_000, "nonce": 7, "data": election},
        "a transfer": plain | {"value": 10**18, "nonce": 1},
        "everything zero": plain | {"maxPriorityFeePerGas": 0, "maxFeePerGas": 0, "gas": 0},
        "one wei, one gas, nonce one": plain | {"value": 1, "gas": 1, "nonce": 1},
        "nonce 127": plain | {"nonce": 127},
        "nonce 128": plain | {"nonce": 128},
        "greatest nonce": plain | {"nonce": 2**64 - 2},
        "fees above 64 bits": plain | {"maxPriorityFeePerGas": 2**64, "maxFeePerGas": 2**72 + 12345},
        "greatest fees and value": plain
        | {"maxPriorityFeePerGas": 2**256 - 1, "maxFeePerGas": 2**256 - 1, "value": 2**256 - 1},
        "greatest gas": plain | {"gas": 2**64 - 1},
        "a large chain": plain | {"chainId": 2**53 - 1},
        "mainnet": plain | {"chainId": 1},
        "a contract's creation": plain | {"to": None, "gas": 3_000_000, "data": random.take(300)},
        "data of one zero byte": plain | {"data": b"\0"},
        "data of 55 bytes": plain | {"data": random.take(55)},
        "data of 56 bytes": plain | {"data": random.take(56)},
        "a long payload": plain | {"data": random.take(3_000), "gas": 2_000_000},
    }


def make() -> Any:
    random = Randomness("transactions")
    made = []
    for name, fields in cases(random).items():
        secret = random.scalar().to_bytes(32, "big")
        to = to_canonical_address(fields["to"]) if fields["to"] else b""
        unsigned = [
            fields["chainId"],
            fields["nonce"],
            fields["maxPriorityFeePerGas"],
            fields["maxFeePerGas"],
            fields["gas"],
            to,
            fields["value"],
            fields["data"],
            [],
        ]
        payload = b"\x02" + rlp.encode(unsigned)
        signed = Account.sign_transaction({**fields, "type": 2, "to": fields["to"] or b""}, secret)
        parts = rlp.decode(signed.raw_transaction[1:])
        assert b"\x02" + rlp.encode(parts[:9]) == payload and parts[:9] == [_wire(item) for item in unsigned]
        assert keccak(signed.raw_transaction) == signed.hash
        made.append(
            {
                "name": name,
                "privateKey": "0x" + secret.hex(),
                "from": Account.from_key(secret).address,
                **{field: hex(value) for field, value in fields.items() if isinstance(value, int)},
                "to": fields["to"],
                "data": "0x" + fields["data"].hex(),
                "unsigned": "0x" + payload.hex(),
                "signingHash": "0x" + keccak(payload).hex(),
                "yParity": signed.v,
                "r": hex(signed.r),
                "s": hex(signed.s),
                "signed": "0x" + signed.raw_transaction.hex(),
                "hash": "0x" + signed.hash.hex(),
            }
        )
    assert {case["yParity"] for case in made} == {0, 1}
    return {"transactions": made}


def _wire(item: Any) -> Any:
    if isinstance(item, int):
        return item.to_bytes((item.bit_length() + 7) // 8, "big")
    return item
