"""Makes Tests/Fixtures/bls/field.json: arithmetic modulo p and r of BLS12-381 by Python's integers.

Only the SHA-256 over all results is kept, since a test can make the operands again: after the edges follow numbers of
a stream, number n of which is SHA-256("NAME/n/0") || SHA-256("NAME/n/1") modulo the prime. Every operand is combined with every other.

Usage: python Tests/Fixtures/generate/bls/field.py
"""

import hashlib
import json
from pathlib import Path

OUTPUT = Path(__file__).resolve().parents[2] / "bls" / "field.json"
P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
RANDOM = 100


def edges(prime, size):
    words = [sum((2**64 - 1) << (128 * i) for i in range(3)), 2**64 - 1, 2**64, (1 << (8 * size)) - 1, 1 << (8 * size - 1)]
    near = [0, 1, 2, 3, prime - 1, prime - 2, prime - 3, prime // 2, prime // 2 + 1, 1 << (8 * size), 1 << (16 * size)]
    return [number % prime for number in near + words + [pow(1 << (8 * size), -1, prime)]]


def field(name, prime, size):
    operands = edges(prime, size) + [
        int.from_bytes(b"".join(hashlib.sha256(f"{name}/{n}/{half}".encode()).digest() for half in (0, 1)), "big") % prime
        for n in range(RANDOM)
    ]
    pairs, single = hashlib.sha256(), hashlib.sha256()
    for a in operands:
        for b in operands:
            for result in (a + b, a - b, a * b):
                pairs.update((result % prime).to_bytes(size, "big"))
        for result in (-a, a * a, pow(a, -1, prime) if a else 0):
            single.update((result % prime).to_bytes(size, "big"))
    return {
        "edges": [a.to_bytes(size, "big").hex() for a in edges(prime, size)],
        "random": RANDOM,
        "pairs": pairs.hexdigest(),
        "single": single.hexdigest(),
        "notCanonical": [n.to_bytes(size, "big").hex() for n in (prime, prime + 1, (1 << (8 * size)) - 1)],
    }


if __name__ == "__main__":
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps({"fp": field("fp", P, 48), "fr": field("fr", R, 32)}, indent=1) + "\n", encoding="utf-8")
