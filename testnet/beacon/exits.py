"""Reads a signed voluntary exit from the body of a request, as strictly as beacon nodes do."""

import json
import re
from typing import Any

from .errors import Refused
from .network import spec

NUMBER = re.compile(r"0|[1-9][0-9]{0,19}")


def read_exit(body: bytes) -> Any:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "Invalid request body: no JSON") from None
    message = _member(parsed, "message", dict)
    return spec.SignedVoluntaryExit(
        message=spec.VoluntaryExit(
            epoch=_number(message, "epoch"), validator_index=_number(message, "validator_index")
        ),
        signature=_signature(_member(parsed, "signature", str)),
    )


def _member(value: Any, name: str, kind: type) -> Any:
    if not isinstance(value, dict) or not isinstance(value.get(name), kind):
        raise Refused(400, f"Invalid request body: {name} is missing or of another type")
    return value[name]


def _number(value: Any, name: str) -> int:
    text = _member(value, name, str)
    if not NUMBER.fullmatch(text) or int(text) >> 64:
        raise Refused(400, f"Invalid request body: {name} is no decimal number of 64 bits")
    return int(text)


def _signature(text: str) -> bytes:
    if not re.fullmatch(r"0x[0-9a-fA-F]{192}", text):
        raise Refused(400, "Invalid request body: signature is not 96 bytes in hexadecimal")
    return bytes.fromhex(text[2:])
