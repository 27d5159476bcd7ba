"""Keccak-256 by pycryptodome: every prefix of a message of 300 bytes, and long inputs around the block's length."""

from typing import Any

from Crypto.Hash import keccak

from frost import Randomness

BLOCK = 136  # bytes that one permutation absorbs
LONGEST = 300


def digest(message: bytes) -> str:
    return "0x" + keccak.new(digest_bits=256, data=message).hexdigest()


def make() -> Any:
    message = Randomness("keccak").take(LONGEST)
    return {
        "message": "0x" + message.hex(),
        "prefixDigests": [digest(message[:length]) for length in range(LONGEST + 1)],
        "repeated": [
            {"byte": byte, "count": count, "digest": digest(bytes([byte]) * count)}
            for byte in (0x00, 0xA3, 0xFF)
            for count in (BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 1, 10_000)
        ],
        "text": [
            {"text": text, "digest": digest(text.encode())}
            for text in ("", "abc", "transfer(address,uint256)", "The quick brown fox jumps over the lazy dog")
        ],
    }
