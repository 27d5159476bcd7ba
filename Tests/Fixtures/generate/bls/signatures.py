"""Makes Tests/Fixtures/bls/signatures.json: keys, hashes to G2, signatures and proofs of possession by py_ecc.

Usage: pip install py_ecc py_arkworks_bls12381; python Tests/Fixtures/generate/bls/signatures.py
"""

import hashlib
import json
from pathlib import Path

from py_ecc.bls import G2ProofOfPossession as suite
from py_ecc.bls.hash_to_curve import hash_to_G2

from field import R
from groups import g2

OUTPUT = Path(__file__).resolve().parents[2] / "bls" / "signatures.json"


def material(n, length=32):
    return b"".join(hashlib.sha256(f"material/{n}/{block}".encode()).digest() for block in range(4))[:length]


def derivations():
    for n, (length, info) in enumerate([(32, b""), (32, b"info"), (33, b""), (64, b"x" * 100), (128, b"")]):
        key = suite.KeyGen(material(n, length), info)
        yield {"material": material(n, length).hex(), "info": info.hex(), "secret": key.to_bytes(32, "big").hex()}


def hashes():
    for tag in ("QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_", "t", "T" * 255):
        for message in (b"", b"abc", bytes(32), b"q" * 200):
            point = hash_to_G2(message, tag.encode(), hashlib.sha256)
            yield {"message": message.hex(), "tag": tag, "point": g2(point).hex()}


def signatures():
    for n, secret in enumerate([1, 2, R - 1, suite.KeyGen(material(9)), suite.KeyGen(material(10))]):
        message = material(20 + n, [0, 1, 32, 100, 128][n])
        yield {
            "secret": secret.to_bytes(32, "big").hex(),
            "key": suite.SkToPk(secret).hex(),
            "message": message.hex(),
            "signature": suite.Sign(secret, message).hex(),
            "possession": suite.PopProve(secret).hex(),
        }


if __name__ == "__main__":
    document = {"derivations": list(derivations()), "hashes": list(hashes()), "signatures": list(signatures())}
    OUTPUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
