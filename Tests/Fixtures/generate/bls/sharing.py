"""Makes Tests/Fixtures/bls/sharing.json: shares, commitments and interpolation by Python's integers and arkworks.

Usage: pip install py_arkworks_bls12381; python Tests/Fixtures/generate/bls/sharing.py
"""

import hashlib
import json
from pathlib import Path

from py_arkworks_bls12381 import G1Point, G2Point, Scalar

from field import R

OUTPUT = Path(__file__).resolve().parents[2] / "bls" / "sharing.json"


def number(name):
    return int.from_bytes(hashlib.sha512(name.encode()).digest(), "big") % R


def scalar(value):
    return value.to_bytes(32, "big")


def multiple(point, value):
    return bytes((point() * Scalar.from_be_bytes(scalar(value))).to_compressed_bytes())


def value(coefficients, x):
    return sum(c * pow(x, i, R) for i, c in enumerate(coefficients)) % R


def weights(indices, position):
    for own in indices:
        top = bottom = 1
        for other in indices:
            if other != own:
                top, bottom = top * (other - position) % R, bottom * (other - own) % R
        yield top * pow(bottom, -1, R) % R


def case(name, threshold, indices):
    coefficients = [number(f"{name}/{i}") for i in range(threshold)]
    position = number(f"{name}/position")
    return {
        "coefficients": [scalar(c).hex() for c in coefficients],
        "commitment": [multiple(G1Point, c).hex() for c in coefficients],
        "indices": indices,
        "shares": [scalar(value(coefficients, x)).hex() for x in indices],
        "public": [multiple(G1Point, value(coefficients, x)).hex() for x in indices],
        "weights": [scalar(w).hex() for w in weights(indices, 0)],
        "position": scalar(position).hex(),
        "weightsAtPosition": [scalar(w).hex() for w in weights(indices, position)],
    }


def sums():
    """Sums of k_i a_i times the generators, with factors that are 0, 1, r - 1 and repeated points."""
    for count in (0, 1, 2, 3, 7, 40):
        points = [[1, 1, 0, 5, R - 5, 5][i] if i < 6 else number(f"sum/{count}/point/{i}") for i in range(count)]
        factors = [[number("sum"), 0, 3, R - 1, R - 1, 1][i] if i < 6 else number(f"sum/{count}/{i}") for i in range(count)]
        total = sum(a * b for a, b in zip(points, factors)) % R
        yield {
            "points": [scalar(a).hex() for a in points],
            "factors": [scalar(b).hex() for b in factors],
            "g1": multiple(G1Point, total).hex(),
            "g2": multiple(G2Point, total).hex(),
        }


if __name__ == "__main__":
    cases = [
        case("one", 1, [7]),
        case("three", 3, [1, 2, 3]),
        case("four", 4, [2**64 - 1, 1, 2**63, 12345]),
        case("seven", 7, [11, 3, 5, 1000, 2**40, 17, 9]),
    ]
    OUTPUT.write_text(json.dumps({"cases": cases, "sums": list(sums())}, indent=1) + "\n", encoding="utf-8")
