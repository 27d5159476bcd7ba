"""RLP by the package rlp: values with their encodings, and encodings that are not canonical.

A value is a hexadecimal string or a list of values.
"""

from typing import Any

import rlp
from rlp.exceptions import DecodingError, DeserializationError
from rlp.sedes import big_endian_int

from frost import Randomness


def shown(value: Any) -> Any:
    return [shown(item) for item in value] if isinstance(value, list) else "0x" + value.hex()


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1)] if depth else []


def values() -> dict[str, Any]:
    random = Randomness("rlp")
    lengths = [0, 1, 2, 54, 55, 56, 57, 255, 256, 257, 1024]
    cases: dict[str, Any] = {f"string of {length} bytes": random.take(length) for length in lengths}
    for byte in (0x00, 0x01, 0x7F, 0x80, 0x81, 0xB7, 0xB8, 0xC0, 0xFF):
        cases[f"single byte {byte:#04x}"] = bytes([byte])
    cases |= {
        "empty list": [],
        "list of an empty string": [b""],
        "list of an empty list": [[]],
        "list of two empty lists": [[], []],
        "three, as a set": [[], [[]], [[], [[]]]],
        "list nested 10 deep": nested(10),
        "list with a payload of 55 bytes": [random.take(54)],
        "list with a payload of 56 bytes": [random.take(55)],
        "list of 55 single bytes": [b"\x01"] * 55,
        "list of 56 single bytes": [b"\x01"] * 56,
        "list with a payload of 255 bytes": [random.take(253)],
        "list with a payload of 256 bytes": [random.take(254)],
        "strings and lists": [b"cat", [b"puppy", b"cow"], b"horse", [[]], b"pig", [b""], b"sheep"],
    }
    return cases


def large(byte: int, count: int) -> dict[str, Any]:
    """A string of equal bytes: what stands before them in its encoding."""
    encoded = rlp.encode(bytes([byte]) * count)
    return {"byte": byte, "count": count, "prefix": "0x" + encoded[:-count].hex()}


INTEGERS = [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 2**32 - 1, 2**32, 2**64 - 1, 2**64, 2**128, 2**255, 2**256 - 1]

NOT_CANONICAL = {
    "nothing": "",
    "single byte 0x00 written long": "8100",
    "single byte 0x7f written long": "817f",
    "string of 55 bytes with a length of its own": "b837" + "aa" * 55,
    "string of 0 bytes with a length of its own": "b800",
    "length with a leading zero": "b90038" + "aa" * 56,
    "list of 55 bytes with a length of its own": "f837" + "01" * 55,
    "list length with a leading zero": "f90038" + "01" * 56,
    "string cut short": "83aabb",
    "long string cut short": "b838" + "aa" * 55,
    "list cut short": "c3aabb",
    "list whose last item runs over its end": "c283aabb",
    "length missing": "b8",
    "length cut short": "b901",
    "list length missing": "f8",
    "a byte after the value": "0101",
    "a byte after a string": "82aabbcc",
    "a byte after a list": "c0c0",
    "length of eight bytes of ones": "bfffffffffffffffff" + "aa",
    "list length of eight bytes of ones": "ffffffffffffffffff" + "aa",
    "length above 63 bits": "bf8000000000000000" + "aa",
    "an item inside a list that is not canonical": "c28100",
}

BAD_INTEGERS = {"zero as a byte": "00", "leading zero": "820001", "leading zeros": "83000001", "a list": "c0"}


def _string(item: Any) -> bytes:
    """big_endian_int itself would take an empty list for zero."""
    if not isinstance(item, bytes):
        raise DecodingError("a list is no integer", b"")
    return item


def make() -> Any:
    for name, encoded in NOT_CANONICAL.items():
        try:
            rlp.decode(bytes.fromhex(encoded))
        except DecodingError:
            continue
        raise AssertionError(f"rlp decodes: {name}")
    for name, encoded in BAD_INTEGERS.items():
        try:
            big_endian_int.deserialize(_string(rlp.decode(bytes.fromhex(encoded))))
        except (DecodingError, DeserializationError):
            continue
        raise AssertionError(f"rlp decodes the integer: {name}")
    return {
        "values": [
            {"name": name, "value": shown(value), "encoded": "0x" + rlp.encode(value).hex()}
            for name, value in values().items()
        ],
        "large": [large(byte, count) for byte in (0x00, 0xAB) for count in (65_535, 65_536, 2**24 - 1, 2**24)],
        "integers": [{"value": hex(value), "encoded": "0x" + rlp.encode(value).hex()} for value in INTEGERS],
        "notCanonical": [{"name": name, "encoded": "0x" + encoded} for name, encoded in NOT_CANONICAL.items()],
        "notIntegers": [{"name": name, "encoded": "0x" + encoded} for name, encoded in BAD_INTEGERS.items()],
    }
