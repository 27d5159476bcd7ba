"""RFC 9591 FROST(secp256k1, SHA-256), written from the RFC for tests and fixtures. It does not hide its secrets."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coincurve import PublicKey

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
FIELD = 2**256 - 2**32 - 977
CONTEXT = b"FROST-secp256k1-SHA256-v1"


# 6.5: the ciphersuite


def expand_message_xmd(message: bytes, tag: bytes, length: int) -> bytes:
    """RFC 9380 5.3.1 with SHA-256."""
    suffix = tag + bytes([len(tag)])
    first = hashlib.sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + suffix).digest()
    blocks = [hashlib.sha256(first + b"\x01" + suffix).digest()]
    while 32 * len(blocks) < length:
        mixed = bytes(a ^ b for a, b in zip(first, blocks[-1], strict=True))
        blocks.append(hashlib.sha256(mixed + bytes([len(blocks) + 1]) + suffix).digest())
    return b"".join(blocks)[:length]


def hash_to_scalar(name: bytes, message: bytes) -> int:
    return int.from_bytes(expand_message_xmd(message, CONTEXT + name, 48), "big") % ORDER


def h1(message: bytes) -> int:
    return hash_to_scalar(b"rho", message)


def h2(message: bytes) -> int:
    return hash_to_scalar(b"chal", message)


def h3(message: bytes) -> int:
    return hash_to_scalar(b"nonce", message)


def h4(message: bytes) -> bytes:
    return hashlib.sha256(CONTEXT + b"msg" + message).digest()


def h5(message: bytes) -> bytes:
    return hashlib.sha256(CONTEXT + b"com" + message).digest()


# Scalars and points


def scalar_bytes(scalar: int) -> bytes:
    return scalar.to_bytes(32, "big")


def base(scalar: int) -> PublicKey:
    return PublicKey.from_secret(scalar_bytes(scalar))


def times(point: PublicKey, scalar: int) -> PublicKey:
    return point.multiply(scalar_bytes(scalar % ORDER))


def plus(*points: PublicKey) -> PublicKey:
    return PublicKey.combine_keys(list(points))


def compressed(point: PublicKey) -> bytes:
    return point.format(True)


def evaluate(coefficients: Sequence[int], x: int) -> int:
    """The polynomial at x, its constant term first."""
    return sum(c * pow(x, power, ORDER) for power, c in enumerate(coefficients)) % ORDER


def lagrange(identifier: int, identifiers: Sequence[int]) -> int:
    """4.2: derive_interpolating_value."""
    numerator = denominator = 1
    for other in identifiers:
        if other != identifier:
            numerator = numerator * other % ORDER
            denominator = denominator * (other - identifier) % ORDER
    return numerator * pow(denominator, -1, ORDER) % ORDER


@dataclass(frozen=True)
class Signature:
    """R as affine coordinates, as the contract takes it."""

    rx: int
    ry: int
    s: int

    @classmethod
    def of(cls, commitment: PublicKey, response: int) -> "Signature":
        x, y = commitment.point()
        return cls(x, y, response)

    def as_abi(self) -> tuple[int, int, int]:
        return self.rx, self.ry, self.s

    def compact(self) -> bytes:
        """RFC 9591's encoding: compressed R, then z."""
        return bytes([2 + (self.ry & 1)]) + scalar_bytes(self.rx) + scalar_bytes(self.s)


# 5: the two rounds


@dataclass(frozen=True)
class Nonces:
    hiding: int
    binding: int

    @classmethod
    def generate(cls, share: int, hiding_randomness: bytes, binding_randomness: bytes) -> "Nonces":
        """4.1: nonce_generate, twice."""
        return cls(h3(hiding_randomness + scalar_bytes(share)), h3(binding_randomness + scalar_bytes(share)))

    def commitments(self) -> tuple[PublicKey, PublicKey]:
        return base(self.hiding), base(self.binding)


Commitments = Mapping[int, tuple[PublicKey, PublicKey]]


def binding_factor_inputs(key: PublicKey, commitments: Commitments, message: bytes) -> dict[int, bytes]:
    encoded = b"".join(
        scalar_bytes(i) + compressed(commitments[i][0]) + compressed(commitments[i][1]) for i in sorted(commitments)
    )
    prefix = compressed(key) + h4(message) + h5(encoded)
    return {i: prefix + scalar_bytes(i) for i in sorted(commitments)}


def binding_factors(key: PublicKey, commitments: Commitments, message: bytes) -> dict[int, int]:
    return {i: h1(text) for i, text in binding_factor_inputs(key, commitments, message).items()}


def group_commitment(commitments: Commitments, factors: Mapping[int, int]) -> PublicKey:
    return plus(*(plus(commitments[i][0], times(commitments[i][1], factors[i])) for i in sorted(commitments)))


def challenge(commitment: PublicKey, key: PublicKey, message: bytes) -> int:
    return h2(compressed(commitment) + compressed(key) + message)


def sign_share(
    identifier: int, share: int, nonces: Nonces, key: PublicKey, commitments: Commitments, message: bytes
) -> int:
    factors = binding_factors(key, commitments, message)
    e = challenge(group_commitment(commitments, factors), key, message)
    weight = lagrange(identifier, sorted(commitments))
    return (nonces.hiding + nonces.binding * factors[identifier] + weight * share * e) % ORDER


def verify(key: PublicKey, message: bytes, signature: Signature) -> bool:
    """s*G == R + e*P"""
    commitment = PublicKey(signature.compact()[:33])
    return base(signature.s) == plus(commitment, times(key, challenge(commitment, key, message)))


# Keys for tests


class Randomness:
    """A reproducible stream of bytes."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._count = 0

    def take(self, count: int = 32) -> bytes:
        self._count += 1
        return hashlib.shake_256(self._seed + b"/" + str(self._count).encode()).digest(count)

    def scalar(self) -> int:
        return int.from_bytes(self.take(48), "big") % (ORDER - 1) + 1


class GroupKey:
    """A group key dealt to n members, t of whom sign."""

    def __init__(self, threshold: int, size: int, seed: str, secret: int | None = None) -> None:
        random = Randomness(seed)
        self.threshold, self.size = threshold, size
        self.coefficients = [random.scalar() for _ in range(threshold)]
        if secret is not None:
            self.coefficients[0] = secret
        self.secret = self.coefficients[0]
        self.point = base(self.secret)
        self.x, y = self.point.point()
        self.parity = y & 1
        self.random = random

    def share(self, identifier: int) -> int:
        return evaluate(self.coefficients, identifier)

    def sign(self, message: bytes, signers: Sequence[int] | None = None) -> Signature:
        """The signature of `signers`, the first t by default."""
        chosen = sorted(signers or range(1, self.threshold + 1))
        shares = {i: self.share(i) for i in chosen}
        nonces = {i: Nonces.generate(shares[i], self.random.take(), self.random.take()) for i in chosen}
        commitments = {i: nonces[i].commitments() for i in chosen}
        factors = binding_factors(self.point, commitments, message)
        total = sum(sign_share(i, shares[i], nonces[i], self.point, commitments, message) for i in chosen)
        return Signature.of(group_commitment(commitments, factors), total % ORDER)
