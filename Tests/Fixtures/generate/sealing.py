"""Makes Tests/Fixtures/sealing/secrets.json: sealed secrets put together outside of the product.

Argon2id comes from argon2-cffi (the reference implementation), XChaCha20-Poly1305 from PyNaCl; the format is
written from its documentation in SealedSecret.swift.

Usage: python Tests/Fixtures/generate/sealing.py [--check]     (needs argon2-cffi and PyNaCl)
"""

import hashlib
import json
import struct
import sys
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

OUTPUT = Path(__file__).resolve().parent.parent / "sealing" / "secrets.json"
PASSPHRASE, KEY_FILE = 1, 2


def pattern(label, count):
    return hashlib.shake_128(f"oracle sealing fixture {label}".encode()).digest(count)


def sealed(number, kind, sort, key, passes, memory, size, context):
    secret = pattern(f"{number} secret", size)
    salt = pattern(f"{number} salt", 16) if sort == PASSPHRASE else bytes(16)
    nonce = pattern(f"{number} nonce", 24)
    header = b"ORACLE\x1a\x0a" + bytes([1, kind, sort, 0]) + struct.pack("<II", passes, memory)
    header += salt + nonce + struct.pack("<I", size)
    assert len(header) == 64
    sealing = key
    if sort == PASSPHRASE:
        sealing = hash_secret_raw(key, salt, passes, memory, 1, 32, Type.ID, 0x13)
    return {
        "kind": kind,
        "sort": sort,
        "key": key.hex(),
        "context": context.hex(),
        "secret": secret.hex(),
        "sealed": (header + encrypt(secret, header + context, nonce, sealing)).hex(),
    }


def main():
    cases = [
        sealed(1, 1, KEY_FILE, pattern("key 1", 32), 0, 0, 32, b""),
        sealed(2, 3, KEY_FILE, pattern("key 2", 32), 0, 0, 200, b"epoch 7"),
        sealed(3, 2, PASSPHRASE, "grüne Zwölf".encode(), 1, 8, 32, b""),
        sealed(4, 4, PASSPHRASE, b"x", 3, 1024, 1, bytes(40)),
        sealed(5, 5, PASSPHRASE, pattern("words", 200), 2, 65, 1000, b"a"),
    ]
    text = json.dumps(cases, indent=1) + "\n"
    if "--check" in sys.argv:
        sys.exit(0 if OUTPUT.read_text() == text else f"{OUTPUT.name} is not what this script makes")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(text)


if __name__ == "__main__":
    main()
