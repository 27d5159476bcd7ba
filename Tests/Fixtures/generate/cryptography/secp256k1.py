"""secp256k1, hash_to_field and BIP-340 in plain integers: slow, simple, and independent of any library."""

import hashlib

P = 2**256 - 2**32 - 977
Q = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def add(a, b):
    """The sum of two points; None is the identity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def mul(scalar, point=G):
    """A multiple of a point."""
    result, scalar = None, scalar % Q
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def total(points):
    result = None
    for point in points:
        result = add(result, point)
    return result


def b32(number):
    return number.to_bytes(32, "big")


def encode(point):
    return bytes([2 + point[1] % 2]) + b32(point[0])


def expand(message, tag, length):
    """expand_message_xmd with SHA-256 (RFC 9380, section 5.3.1)."""
    suffix = tag + bytes([len(tag)])
    seed = hashlib.sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + suffix).digest()
    blocks, block = b"", bytes(32)
    for index in range(1, -(-length // 32) + 1):
        mixed = bytes(x ^ y for x, y in zip(seed, block))
        block = hashlib.sha256(mixed + bytes([index]) + suffix).digest()
        blocks += block
    return blocks[:length]


def hash_to_scalar(message, tag):
    return int.from_bytes(expand(message, tag, 48), "big") % Q


def tagged(tag, message):
    prefix = hashlib.sha256(tag).digest()
    return hashlib.sha256(prefix + prefix + message).digest()


def bip340_sign(secret, message, auxiliary):
    point = mul(secret)
    d = secret if point[1] % 2 == 0 else Q - secret
    masked = bytes(x ^ y for x, y in zip(b32(d), tagged(b"BIP0340/aux", auxiliary)))
    k = int.from_bytes(tagged(b"BIP0340/nonce", masked + b32(point[0]) + message), "big") % Q
    commitment = mul(k)
    k = k if commitment[1] % 2 == 0 else Q - k
    challenge = tagged(b"BIP0340/challenge", b32(commitment[0]) + b32(point[0]) + message)
    return b32(commitment[0]) + b32((k + int.from_bytes(challenge, "big") * d) % Q)
