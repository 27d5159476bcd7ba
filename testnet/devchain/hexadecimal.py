"""JSON-RPC's two hexadecimal forms, read as strictly as geth reads them so that a sloppy client is found out."""

from typing import Any

from .errors import RpcError


def quantity(value: int) -> str:
    """A number without leading zeros."""
    return hex(value)


def data(value: bytes) -> str:
    """Bytes, two digits each."""
    return "0x" + value.hex()


def parse_quantity(text: Any, name: str = "value", bits: int = 256) -> int:
    if not isinstance(text, str):
        raise RpcError.invalid_params(f'invalid argument {name}: a quantity is a string such as "0x1f"')
    if not text.startswith("0x"):
        raise RpcError.invalid_params(f"invalid argument {name}: hex string without 0x prefix")
    digits = text[2:]
    if not digits:
        raise RpcError.invalid_params(f'invalid argument {name}: hex string "0x"')
    if len(digits) > 1 and digits[0] == "0":
        raise RpcError.invalid_params(f"invalid argument {name}: hex number with leading zero digits")
    if any(c not in "0123456789abcdefABCDEF" for c in digits):
        raise RpcError.invalid_params(f"invalid argument {name}: invalid hex string")
    number = int(digits, 16)
    if number >> bits:
        raise RpcError.invalid_params(f"invalid argument {name}: hex number > {bits} bits")
    return number


def parse_data(text: Any, name: str = "value", size: int | None = None) -> bytes:
    if not isinstance(text, str):
        raise RpcError.invalid_params(f'invalid argument {name}: bytes are a string such as "0x00ff"')
    if not text.startswith("0x"):
        raise RpcError.invalid_params(f"invalid argument {name}: hex string without 0x prefix")
    if len(text) % 2:
        raise RpcError.invalid_params(f"invalid argument {name}: hex string of odd length")
    try:
        value = bytes.fromhex(text[2:])
    except ValueError:
        raise RpcError.invalid_params(f"invalid argument {name}: invalid hex string") from None
    if size is not None and len(value) != size:
        raise RpcError.invalid_params(
            f"invalid argument {name}: hex string has length {2 * len(value)}, want {2 * size}"
        )
    return value


def parse_address(text: Any, name: str = "address") -> bytes:
    return parse_data(text, name, 20)


def parse_hash(text: Any, name: str = "hash") -> bytes:
    return parse_data(text, name, 32)
