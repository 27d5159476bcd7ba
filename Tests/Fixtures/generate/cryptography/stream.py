"""Numbers that look random and are the same in each run."""

import hashlib

from secp256k1 import Q


class Stream:
    """SHA-256 over a name and a counter."""

    def __init__(self, name):
        self.name = name
        self.counter = 0

    def block(self):
        digest = hashlib.sha256(f"{self.name}/{self.counter}".encode()).digest()
        self.counter += 1
        return digest

    def scalar(self):
        return int.from_bytes(self.block(), "big") % (Q - 1) + 1
