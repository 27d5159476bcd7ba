"""Makes Tests/Fixtures/cryptography/scalars.json: arithmetic modulo the order of secp256k1 by Python's integers.

The edge cases are written out. Of the random cases only the SHA-256 over all results is kept, since a test can make
the operands again: operand n of the stream is SHA-256("scalars/n") modulo Q.

Usage: python Tests/Fixtures/generate/cryptography/scalars.py
"""

import hashlib
import json
from pathlib import Path

from secp256k1 import Q, b32, expand

OUTPUT = Path(__file__).resolve().parents[2] / "cryptography" / "scalars.json"
PAIRS = 20_000
EDGES = [0, 1, 2, 3, Q - 1, Q - 2, Q // 2, Q // 2 + 1, 2**128, 2**128 - 1, 2**192, 2**192 - 1, 2**255, 2**256 % Q]
WIDE = [0, 1, Q, Q - 1, Q + 1, 2**192 - 1, 2**192, 2**256, 2**384 - 1, Q << 128, (Q << 128) - 1, Q * (2**384 // Q)]


def operand(index):
    return int.from_bytes(hashlib.sha256(f"scalars/{index}".encode()).digest(), "big") % Q


def main():
    results = hashlib.sha256()
    for index in range(PAIRS):
        a, b = operand(2 * index), operand(2 * index + 1)
        for result in ((a + b) % Q, (a - b) % Q, a * b % Q, -a % Q):
            results.update(b32(result))
    reductions = hashlib.sha256()
    for index in range(PAIRS):
        halves = [hashlib.sha256(f"wide/{index}/{half}".encode()).digest() for half in range(2)]
        wide = b"".join(halves)[:48]
        reductions.update(b32(int.from_bytes(wide, "big") % Q))
    edges = [
        {
            "a": b32(a).hex(),
            "b": b32(b).hex(),
            "sum": b32((a + b) % Q).hex(),
            "difference": b32((a - b) % Q).hex(),
            "product": b32(a * b % Q).hex(),
        }
        for a in EDGES
        for b in EDGES
    ]
    inverses = [
        {"a": b32(a).hex(), "inverse": b32(pow(a, -1, Q)).hex()}
        for a in [edge for edge in EDGES if edge] + [operand(index) for index in range(20)]
    ]
    expansions = [
        {
            "message": message,
            "tag": tag,
            "length": length,
            "output": expand(message.encode(), tag.encode(), length).hex(),
        }
        for tag in ("QUUX-V01-CS02-with-expander-SHA256-128", "oracle/share-pad/v1")
        for message in ("", "abc", "abcdef0123456789", "q128_" + "q" * 128, "a512_" + "a" * 512)
        for length in (32, 48, 128)
    ]
    document = {
        "edges": edges,
        "inverses": inverses,
        "pairs": PAIRS,
        "results": results.hexdigest(),
        "wide": [{"wide": w.to_bytes(48, "big").hex(), "reduced": b32(w % Q).hex()} for w in WIDE],
        "reductions": reductions.hexdigest(),
        "notCanonical": [b32(n).hex() for n in (Q, Q + 1, 2**256 - 1)],
        "expansions": expansions,
    }
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
