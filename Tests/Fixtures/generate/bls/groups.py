"""Makes Tests/Fixtures/bls/groups.json: points, encodings and pairings of BLS12-381 by py_ecc, confirmed by arkworks.

Usage: pip install py_ecc py_arkworks_bls12381; python Tests/Fixtures/generate/bls/groups.py
"""

import hashlib
import json
from pathlib import Path

from py_arkworks_bls12381 import GT, G1Point, G2Point, Scalar
from py_ecc.bls.point_compression import compress_G1, compress_G2, decompress_G1, decompress_G2
from py_ecc.optimized_bls12_381 import FQ2, G1, G2, Z1, Z2, b2, multiply, normalize, pairing

from field import P, R

OUTPUT = Path(__file__).resolve().parents[2] / "bls" / "groups.json"
X = 0xD201000000010000


def number(name):
    return int.from_bytes(hashlib.sha512(name.encode()).digest(), "big")


def g1(point):
    return compress_G1(point).to_bytes(48, "big")


def g2(point):
    return b"".join(part.to_bytes(48, "big") for part in compress_G2(point))


def multiples():
    scalars = [0, 1, 2, 3, X - 1, X, X + 1, X**2 - 1, X**2, X**2 + 1, X**3 - 1, X**3, R - 1, R - 2, R // 2, 2**64, 2**128, 2**254]
    scalars += [number(f"scalar/{n}") % R for n in range(10)]
    for k in scalars:
        first = g1(multiply(G1, k) if k else Z1)
        second = g2(multiply(G2, k) if k else Z2)
        scalar = Scalar.from_be_bytes(k.to_bytes(32, "big"))
        assert first == bytes((G1Point() * scalar).to_compressed_bytes())
        assert second == bytes((G2Point() * scalar).to_compressed_bytes())
        yield {"scalar": k.to_bytes(32, "big").hex(), "g1": first.hex(), "g2": second.hex()}


def root(value):
    candidate = pow(value, (P + 1) // 4, P)
    return candidate if candidate * candidate % P == value else None


def root2(a, b):
    """A root of a + b u, by the norm."""
    length = root((a * a + b * b) % P)
    if length is None:
        return None
    for n in (length, -length):
        c = root((a + n) * pow(2, -1, P) % P)
        if c:
            return c, b * pow(2 * c, -1, P) % P
    return None


def refused_g1():
    """Encodings of no point, and of points outside the subgroup, with both flags of y."""
    for n in range(6):
        x = number(f"g1/{n}") % P
        kind = "off the curve" if root((x**3 + 4) % P) is None else "outside the subgroup"
        for flag in (0x80, 0xA0):
            yield kind, (x | flag << 376).to_bytes(48, "big")
    for kind, x in (("not canonical", P), ("not canonical", P + 1), ("not canonical", 2**381 - 1)):
        yield kind, (x | 0x80 << 376).to_bytes(48, "big")
    x = normalize(G1)[0].n
    yield "not canonical", (x + P | 0x80 << 376).to_bytes(48, "big")
    yield "flags", x.to_bytes(48, "big")
    yield "flags", (x | 0xC0 << 376).to_bytes(48, "big")
    yield "flags", bytes([0xE0]) + bytes(47)
    yield "flags", bytes([0xC0]) + bytes(46) + b"\1"
    yield "flags", bytes([0x40]) + bytes(47)
    yield "flags", bytes(48)


def refused_g2():
    for n in range(6):
        c0, c1 = number(f"g2/{n}/0") % P, number(f"g2/{n}/1") % P
        cube = FQ2([c0, c1]) ** 3 + b2
        kind = "off the curve" if root2(cube.coeffs[0], cube.coeffs[1]) is None else "outside the subgroup"
        for flag in (0x80, 0xA0):
            yield kind, (c1 | flag << 376).to_bytes(48, "big") + c0.to_bytes(48, "big")
    x0, x1 = (int(part) for part in normalize(G2)[0].coeffs)
    yield "not canonical", (x1 | 0x80 << 376).to_bytes(48, "big") + (x0 + P).to_bytes(48, "big")
    yield "not canonical", (x1 + P | 0x80 << 376).to_bytes(48, "big") + x0.to_bytes(48, "big")
    yield "flags", x1.to_bytes(48, "big") + x0.to_bytes(48, "big")
    yield "flags", (x1 | 0xC0 << 376).to_bytes(48, "big") + x0.to_bytes(48, "big")
    yield "flags", bytes([0xE0]) + bytes(95)
    yield "flags", bytes([0xC0]) + bytes(94) + b"\1"
    yield "flags", bytes(96)


def refuses(decode, bytes_):
    try:
        decode(bytes_)
    except ValueError:
        return True
    return False


def py_g1(encoding):
    return decompress_G1(int.from_bytes(encoding, "big"))


def py_g2(encoding):
    return decompress_G2((int.from_bytes(encoding[:48], "big"), int.from_bytes(encoding[48:], "big")))


def pairings():
    """e(P, Q)^3 by its coefficients of 1, w, ..., w^5, each a pair.

    py_ecc's are those of a polynomial in w with w^6 = u + 1, and of the inverse: it ignores that the curve's parameter
    is negative. arkworks shows the bytes of the tower's coefficients.
    """
    for n in range(2):
        k1, k2 = number(f"pairing/{n}/1") % R, number(f"pairing/{n}/2") % R
        first, second = multiply(G1, k1), multiply(G2, k2)
        value = [int(part) for part in (pairing(second, first) ** 3).coeffs]
        pairs = [((value[i] + value[i + 6]) % P, value[i + 6]) for i in range(6)]
        pairs = [(c0, c1) if i % 2 == 0 else (-c0 % P, -c1 % P) for i, (c0, c1) in enumerate(pairs)]
        tower = [part for i in (0, 2, 4, 1, 3, 5) for part in pairs[i]]
        other = GT.pairing(G1Point.from_compressed_bytes(g1(first)), G2Point.from_compressed_bytes(g2(second)))
        assert str(other) == "".join(part.to_bytes(48, "little").hex() for part in tower)
        yield {
            "g1": g1(first).hex(),
            "g2": g2(second).hex(),
            "value": [part.to_bytes(48, "big").hex() for part in tower],
        }


if __name__ == "__main__":
    one, two = list(refused_g1()), list(refused_g2())
    # arkworks asks for less of the flags, py_ecc not for the subgroup.
    for why, encoding in one:
        assert refuses(py_g1 if why == "flags" else G1Point.from_compressed_bytes, encoding)
    for why, encoding in two:
        assert refuses(py_g2 if why == "flags" else G2Point.from_compressed_bytes, encoding)
    document = {
        "multiples": list(multiples()),
        "refusedG1": [{"why": why, "bytes": encoding.hex()} for why, encoding in one],
        "refusedG2": [{"why": why, "bytes": encoding.hex()} for why, encoding in two],
        "pairings": list(pairings()),
    }
    OUTPUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
