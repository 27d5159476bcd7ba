"""hash_tree_root of the few SSZ types that a key generation's identifier is made of."""

import hashlib


def sha(data):
    return hashlib.sha256(data).digest()


def merkle(chunks, limit):
    depth = max(limit - 1, 0).bit_length()
    zero, level = bytes(32), list(chunks)
    for _ in range(depth):
        if len(level) % 2:
            level.append(zero)
        level = [sha(level[i] + level[i + 1]) for i in range(0, len(level), 2)]
        zero = sha(zero + zero)
    return level[0] if level else zero


def chunks(data):
    return [data[i : i + 32].ljust(32, b"\0") for i in range(0, len(data), 32)]


def uint(number):
    return number.to_bytes(32, "little")


def fixed(data):
    parts = chunks(data)
    return merkle(parts, len(parts))


def container(*roots):
    return merkle(roots, len(roots))


def of_list(roots, limit, count):
    return sha(merkle(roots, limit) + uint(count))


def uint16_list(numbers, limit):
    packed = b"".join(number.to_bytes(2, "little") for number in numbers)
    return of_list(chunks(packed), limit * 2 // 32, len(numbers))
