"""Makes Tests/Fixtures/cryptography/identities.json: Ed25519 keys, signatures and malformed keys (RFC 8032).

Ed25519 in plain integers, independent of any library. The malformed keys are the eight points of small order, encodings
that are not canonical, and a key with a small-order component together with a signature that verifies under it.

Usage: python Tests/Fixtures/generate/cryptography/identities.py
"""

import hashlib
import json
from pathlib import Path

from stream import Stream

OUTPUT = Path(__file__).resolve().parents[2] / "cryptography" / "identities.json"
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return x if x % 2 == sign else P - x


BASE = (recover_x(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)


def add(a, b):
    product = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + product, -1, P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P)
    return x % P, y % P


def mul(scalar, point=BASE):
    result = (0, 1)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def encode(point):
    return (point[1] | (point[0] % 2) << 255).to_bytes(32, "little")


def expand(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
    return scalar, digest[32:]


def challenge(commitment, public, message):
    return int.from_bytes(hashlib.sha512(commitment + public + message).digest(), "little") % L


def sign(seed, message):
    scalar, prefix = expand(seed)
    public = encode(mul(scalar))
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    commitment = encode(mul(nonce))
    return commitment + ((nonce + challenge(commitment, public, message) * scalar) % L).to_bytes(32, "little")


def small_order_points():
    """All eight: multiples of a point of order 8, found by clearing the large order."""
    y = 2
    while True:
        x = recover_x(y, 0)
        if x is not None:
            point = mul(L, (x, y))
            if mul(4, point) != (0, 1):
                return [mul(k, point) for k in range(8)]
        y += 1


def mixed_order(seed, message, torsion):
    """A key with a small-order part, and a signature that satisfies the equation with it."""
    scalar, _ = expand(seed)
    public = encode(add(mul(scalar), torsion))
    nonce = 1
    while True:
        commitment = encode(mul(nonce))
        c = challenge(commitment, public, message)
        if c % 8 == 0:
            return public, commitment + ((nonce + c * scalar) % L).to_bytes(32, "little")
        nonce += 1


def main():
    stream = Stream("identities")
    proofs = []
    for role in (1, 2, 1, 2):
        seed, prologue, static, handshake = (stream.block() for _ in range(4))
        message = b"oracle-noise-id/v1" + bytes([role]) + prologue + static + handshake
        signature = sign(seed, message)
        scalar = int.from_bytes(signature[32:], "little")
        proofs.append(
            {
                "seed": seed.hex(),
                "identity": encode(mul(expand(seed)[0])).hex(),
                "role": role,
                "prologueHash": prologue.hex(),
                "staticKey": static.hex(),
                "handshakeHash": handshake.hex(),
                "signature": signature.hex(),
                "malleated": (signature[:32] + (scalar + L).to_bytes(32, "little")).hex(),
            }
        )
    small = small_order_points()
    seed, prologue, static, handshake = (stream.block() for _ in range(4))
    message = b"oracle-noise-id/v1\x01" + prologue + static + handshake
    public, signature = mixed_order(seed, message, small[1])
    not_canonical = [(P + k).to_bytes(32, "little") for k in range(19)]
    document = {
        "proofs": proofs,
        "smallOrder": [encode(point).hex() for point in small],
        "notCanonical": [key.hex() for key in not_canonical],
        "mixedOrder": {
            "identity": public.hex(),
            "prologueHash": prologue.hex(),
            "staticKey": static.hex(),
            "handshakeHash": handshake.hex(),
            "signature": signature.hex(),
        },
    }
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
