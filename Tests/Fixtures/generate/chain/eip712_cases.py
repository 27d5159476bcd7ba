"""EIP-712 digests of the registry's statements by eth-account, and members' approvals in EIP-2098's form."""

from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_keys import keys
from eth_utils import keccak, to_checksum_address

from frost import ORDER, Randomness
from registry import STATEMENTS, digest

DOMAIN_FIELDS = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]
CONTRACT = to_checksum_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")


def separator(chain_id: int, contract: str) -> str:
    """EIP-712 puts the domain separator in the place that EIP-191 calls the header."""
    message = encode_typed_data(
        full_message={
            "types": {"EIP712Domain": DOMAIN_FIELDS, "Empty": []},
            "primaryType": "Empty",
            "message": {},
            "domain": {"name": "OracleRegistry", "version": "1", "chainId": chain_id, "verifyingContract": contract},
        }
    )
    return "0x" + bytes(message.header).hex()


def type_string(statement: str) -> str:
    return f"{statement}({','.join(f'{kind} {name}' for kind, name in STATEMENTS[statement])})"


def statements(random: Randomness) -> list[tuple[str, dict[str, Any]]]:
    leader = to_checksum_address(random.take(20))
    cases: list[tuple[str, dict[str, Any]]] = [
        ("Election", {"epoch": epoch, "viewNumber": view, "leader": leader})
        for epoch, view in ((1, 1), (1, 2), (2, 1), (0, 0), (2**47 - 1, 2**48 - 1), (2**64 - 1, 2**64 - 1))
    ]
    for size, parity, epoch in ((4, 0, 1), (4, 1, 1), (31, 0, 2), (128, 1, 2**47 - 1), (7, 1, 2**64 - 1)):
        cases.append(
            (
                "GroupKey",
                {
                    "epoch": epoch,
                    "groupKeyX": random.scalar(),
                    "parity": parity,
                    "threshold": size - (size - 1) // 3,
                    "size": size,
                    "membersHash": random.take(),
                    "transcript": random.take(),
                },
            )
        )
    cases.append(
        (
            "GroupKey",
            {
                "epoch": 1,
                "groupKeyX": 1,
                "parity": 0,
                "threshold": 3,
                "size": 4,
                "membersHash": bytes(32),
                "transcript": b"\xff" * 32,
            },
        )
    )
    cases += [("Veto", {"epoch": epoch, "membersHash": random.take()}) for epoch in (1, 2, 2**64 - 1)]
    cases += [
        ("ProofAnchor", {"epoch": epoch, "number": number, "root": random.take()})
        for epoch, number in ((1, 1), (1, 2), (2, 1), (2**64 - 1, 2**64 - 1))
    ]
    return cases


def shown(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return hex(value) if isinstance(value, int) else value


def make() -> Any:
    random = Randomness("eip712")
    domains = [
        (31337, CONTRACT),
        (1, CONTRACT),
        (31337, to_checksum_address(random.take(20))),
        (2**64 + 5, to_checksum_address(random.take(20))),
    ]
    return {
        "types": {
            name: {"type": type_string(name), "hash": "0x" + keccak(text=type_string(name)).hex()}
            for name in STATEMENTS
        },
        "domains": [
            {
                "name": "OracleRegistry",
                "version": "1",
                "chainId": hex(chain_id),
                "verifyingContract": contract,
                "separator": separator(chain_id, contract),
                "statements": [
                    {
                        "statement": name,
                        "values": {field: shown(value) for field, value in values.items()},
                        "digest": "0x" + digest(name, chain_id, contract, values).hex(),
                    }
                    for name, values in statements(Randomness("statements"))
                ],
            }
            for chain_id, contract in domains
        ],
    }


def make_approvals() -> Any:
    """Signatures by accounts over digests: as r and vs, with the forms that a verifier refuses."""
    random = Randomness("approvals")
    cases = []
    while len({case["parity"] for case in cases}) < 2 or len(cases) < 12:
        secret, message = random.scalar().to_bytes(32, "big"), random.take()
        signed = Account.unsafe_sign_hash(message, secret)
        parity = signed.v - 27
        vs = signed.s | parity << 255
        high = ORDER - signed.s
        cases.append(
            {
                "privateKey": "0x" + secret.hex(),
                "account": keys.PrivateKey(secret).public_key.to_checksum_address(),
                "digest": "0x" + message.hex(),
                "parity": parity,
                "r": "0x" + signed.r.to_bytes(32, "big").hex(),
                "s": "0x" + signed.s.to_bytes(32, "big").hex(),
                "vs": "0x" + vs.to_bytes(32, "big").hex(),
                # Another account, or none, is recovered from these.
                "wrong": {
                    "otherParity": {"r": hex256(signed.r), "vs": hex256(vs ^ 1 << 255)},
                    "greatestS": {"r": hex256(signed.r), "vs": "0x" + "ff" * 32},
                    "zeroS": {"r": hex256(signed.r), "vs": hex256(parity << 255)},
                    "zeroR": {"r": hex256(0), "vs": hex256(vs)},
                    "rOfTheOrder": {"r": hex256(ORDER), "vs": hex256(vs)},
                },
                # Not expressible in EIP-2098; a verifier of (r, s, parity) must refuse it all the same.
                "highS": {"r": hex256(signed.r), "s": hex256(high), "parity": 1 - parity},
            }
        )
    return {"approvals": cases}


def hex256(value: int) -> str:
    return "0x" + value.to_bytes(32, "big").hex()
