"""Objects signed as docs/PROTOCOL.md says (sections 1, 2 and 4), with as much SSZ as that takes."""

import hashlib
import struct
from dataclasses import dataclass

from .peer import VERSION, Guest, Network

LINK_LOST = 3
PAYLOAD_CHUNKS = 1024


@dataclass(frozen=True)
class Order:
    """A place in the author's own counting."""

    incarnation: int
    sequence: int


@dataclass(frozen=True)
class Object:
    """What a member says."""

    epoch: int
    author: int
    kind: int
    order: Order
    payload: bytes

    def encode(self) -> bytes:
        return struct.pack("<QHBQQI", self.epoch, self.author, self.kind, self.order.incarnation,
                           self.order.sequence, 31) + self.payload

    @property
    def root(self) -> bytes:
        payload = _pair(_merkle(_chunks(self.payload), PAYLOAD_CHUNKS), _number(len(self.payload)))
        order = _pair(_number(self.order.incarnation), _number(self.order.sequence))
        return _merkle([_number(self.epoch), _number(self.author), _number(self.kind), order, payload], 8)

    def signed(self, guest: Guest, network: Network) -> bytes:
        """The encoding of the `SignedObject`."""
        domain = bytes([self.kind, 0, 0, 0]) + deployment_root(network)[:28]
        return struct.pack("<I", 68) + guest.key.sign(_pair(self.root, domain)) + self.encode()


def deployment_root(network: Network) -> bytes:
    return _merkle([_number(network.chain), network.genesis, *_chunks(network.registry), _number(VERSION)], 4)


def batch(objects: list[bytes]) -> bytes:
    """The body of an `objects` message."""
    offsets, offset = b"", 4 * len(objects)
    for one in objects:
        offsets += struct.pack("<I", offset)
        offset += len(one)
    return offsets + b"".join(objects)


def link_lost(view: int) -> bytes:
    """The payload of a `linkLost`, the leader never seen."""
    return struct.pack("<QQQ", view, 0, 0)


def _number(value: int) -> bytes:
    return value.to_bytes(32, "little")


def _chunks(data: bytes) -> list[bytes]:
    return [data[start:start + 32].ljust(32, b"\0") for start in range(0, len(data), 32)]


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(left + right).digest()


def _merkle(leaves: list[bytes], limit: int) -> bytes:
    """The root in a tree with room for `limit` leaves, a power of two, the empty ones zero."""
    level = leaves + [bytes(32)] * (limit - len(leaves))
    while len(level) > 1:
        level = [_pair(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]
