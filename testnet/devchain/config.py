"""What makes two chains the same chain, and where the file of extra genesis accounts is read."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .errors import StartError


@dataclass(frozen=True)
class GenesisAccount:
    """An account that exists from block 0 on, besides the funded ones."""

    balance: int = 0
    nonce: int = 0
    code: bytes = b""
    storage: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class ChainConfig:
    """All that the genesis block depends on; kept in the data directory and compared at every start."""

    chain_id: int = 31337
    genesis_time: int = 0  # seconds since 1970
    accounts: int = 10
    gas_limit: int = 36_000_000
    base_fee: int = 10**9  # wei
    extra: dict[bytes, GenesisAccount] = field(default_factory=dict)

    def as_text(self) -> str:
        plain = asdict(self)
        plain["extra"] = {
            "0x" + address.hex(): {
                "balance": hex(account.balance),
                "nonce": account.nonce,
                "code": "0x" + account.code.hex(),
                "storage": {hex(slot): hex(value) for slot, value in account.storage},
            }
            for address, account in sorted(self.extra.items())
        }
        return json.dumps(plain, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> "ChainConfig":
        plain = json.loads(text)
        plain["extra"] = parse_alloc(plain["extra"])
        return cls(**plain)


def parse_alloc(entries: dict[str, Any]) -> dict[bytes, GenesisAccount]:
    """Genesis accounts in geth's form: address -> balance, nonce, code, storage."""
    result = {}
    for address, entry in entries.items():
        key = bytes.fromhex(address.removeprefix("0x"))
        if len(key) != 20:
            raise ValueError(f"{address} is no address")
        result[key] = GenesisAccount(
            balance=int(entry.get("balance", "0x0"), 0),
            nonce=int(entry.get("nonce", 0)),
            code=bytes.fromhex(entry.get("code", "0x").removeprefix("0x")),
            storage=tuple(sorted((int(k, 16), int(v, 16)) for k, v in entry.get("storage", {}).items())),
        )
    return result


def read_alloc(path: Path) -> dict[bytes, GenesisAccount]:
    try:
        return parse_alloc(json.loads(path.read_text()))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise StartError(f"--alloc {path}: {error}") from error
