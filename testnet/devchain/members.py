"""The list of a committee's members, as a file of cards and as the registry's ABI takes it."""

import json
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_abi import encode
from eth_utils import is_checksum_address, keccak, to_checksum_address

from .errors import StartError

MEMBERS_TYPE = "(address,bytes32,bytes,string)[]"
FIELDS = {"account", "identity", "encryptionKey", "endpoint"}
MIN_MEMBERS, MAX_MEMBERS = 4, 128
MAX_ENDPOINT = 64  # bytes


@dataclass(frozen=True)
class Member:
    account: bytes
    identity: bytes
    encryption_key: bytes
    endpoint: str

    def as_abi(self) -> tuple[str, bytes, bytes, str]:
        return to_checksum_address(self.account), self.identity, self.encryption_key, self.endpoint


def members_hash(members: list[Member]) -> bytes:
    """keccak256(abi.encode(Member[])), as the registry computes it."""
    return keccak(encode([MEMBERS_TYPE], [[member.as_abi() for member in members]]))


def read_members(path: Path) -> list[Member]:
    try:
        cards = json.loads(path.read_text())
    except OSError as error:
        raise StartError(f"--members {path}: {error.strerror}") from error
    except ValueError as error:
        raise StartError(f"--members {path}: {error}") from error
    if not isinstance(cards, list) or not MIN_MEMBERS <= len(cards) <= MAX_MEMBERS:
        raise StartError(f"--members {path}: a list of {MIN_MEMBERS} to {MAX_MEMBERS} cards is needed")
    try:
        members = [_member(card) for card in cards]
    except _BadCard as error:
        raise StartError(f"--members {path}: {error}") from error
    for field in ("account", "identity", "encryption_key"):
        if len({getattr(member, field) for member in members}) != len(members):
            raise StartError(f"--members {path}: two members have one {field.replace('_', ' ')}")
    return members


class _BadCard(Exception):
    """What is wrong with a card."""


def _member(card: Any) -> Member:
    if not isinstance(card, dict) or set(card) != FIELDS:
        raise _BadCard(f"a card has exactly the fields {', '.join(sorted(FIELDS))}")
    account = _bytes(card, "account", 20)
    if any(c in string.ascii_uppercase for c in card["account"][2:]) and not is_checksum_address(card["account"]):
        raise _BadCard(f"account {card['account']} has a wrong checksum")
    key = _bytes(card, "encryptionKey", 33)
    if key[0] not in (2, 3):
        raise _BadCard("an encryptionKey begins with 02 or 03")
    identity = _bytes(card, "identity", 32)
    if not any(account) or not any(identity):
        raise _BadCard("account and identity are not zero")
    endpoint = card["endpoint"]
    if not isinstance(endpoint, str) or not 0 < len(endpoint.encode()) <= MAX_ENDPOINT:
        raise _BadCard(f"an endpoint is text of at most {MAX_ENDPOINT} bytes")
    return Member(account, identity, key, endpoint)


def _bytes(card: dict[str, Any], field: str, size: int) -> bytes:
    text = card[field]
    if not isinstance(text, str) or not text.startswith("0x"):
        raise _BadCard(f"{field} is a string that begins with 0x")
    try:
        value = bytes.fromhex(text[2:])
    except ValueError:
        raise _BadCard(f"{field} {text} is not hexadecimal") from None
    if len(value) != size or len(text) != 2 + 2 * size:
        raise _BadCard(f"{field} {text} has not {size} bytes")
    return value
