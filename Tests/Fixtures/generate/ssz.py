"""Makes Tests/Fixtures/ssz/*.json with the Python package remerkleable, an independent SSZ implementation.

Usage: python Tests/Fixtures/generate/ssz.py [--check]
"""

import hashlib
import json
import random
import sys
from pathlib import Path

from remerkleable.basic import boolean, uint8, uint16, uint32, uint64
from remerkleable.byte_arrays import ByteList, ByteVector, Bytes32
from remerkleable.complex import Container, List

OUTPUT = Path(__file__).resolve().parent.parent / "ssz"


class Order(Container):
    incarnation: uint64
    sequence: uint64


class Member(Container):
    account: ByteVector[20]
    identity: Bytes32
    encryption_key: ByteVector[33]
    endpoint: ByteList[64]


class Roster(Container):
    epoch: uint64
    members: List[Member, 128]


class Deployment(Container):
    chain_id: uint64
    genesis: Bytes32
    registry: ByteVector[20]
    protocol_version: uint16


class Object(Container):
    epoch: uint64
    author: uint16
    kind: uint8
    order: Order
    payload: ByteList[32768]


class SignedObject(Container):
    object: Object
    signature: ByteVector[64]


def case(kind, value):
    return {"type": kind, "bytes": value.encode_bytes().hex(), "root": value.hash_tree_root().hex()}


def basics(rng):
    yield case("uint8", uint8(200))
    yield case("uint16", uint16(0x0102))
    yield case("uint32", uint32(0xDEADBEEF))
    yield case("uint64", uint64(2**63 + 5))
    yield case("boolean", boolean(True))
    for length in (20, 32, 33, 64, 65):
        yield case(f"Bytes{length}", ByteVector[length](rng.randbytes(length)))
    for length in (0, 1, 31, 32, 33, 64):
        yield case("ByteList[64]", ByteList[64](rng.randbytes(length)))
    for length in (0, 1, 1000, 3000):
        yield case("ByteList[32768]", ByteList[32768](rng.randbytes(length)))
    for count in (0, 1, 4, 5, 128):
        yield case("List[uint16, 128]", List[uint16, 128](rng.randrange(2**16) for _ in range(count)))
        yield case("List[uint64, 128]", List[uint64, 128](rng.randrange(2**64) for _ in range(count)))
        yield case("List[Bytes32, 128]", List[Bytes32, 128](rng.randbytes(32) for _ in range(count)))
        yield case("List[ByteList[64], 128]", List[ByteList[64], 128](
            ByteList[64](rng.randbytes(rng.randrange(65))) for _ in range(count)))


def roster(rng, epoch, count):
    return Roster(epoch=epoch, members=List[Member, 128](
        Member(account=rng.randbytes(20), identity=rng.randbytes(32), encryption_key=b"\x02" + rng.randbytes(32),
               endpoint=f"127.0.0.1:{9000 + number}".encode())
        for number in range(count)))


def containers(rng):
    yield case("Order", Order(incarnation=3, sequence=2**40))
    yield case("Deployment", Deployment(
        chain_id=1337, genesis=rng.randbytes(32), registry=rng.randbytes(20), protocol_version=1))
    for count in (0, 4, 31, 128):
        yield case("Roster", roster(rng, 7, count))
    for length, kind in ((0, 2), (63, 2), (256, 1), (3000, 4)):
        said = Object(epoch=1, author=4, kind=kind, order=Order(incarnation=1, sequence=9),
                      payload=rng.randbytes(length))
        yield case("Object", said)
        yield case("SignedObject", SignedObject(object=said, signature=rng.randbytes(64)))


def succession(digest, count):
    """The order of leaders, written from the protocol's text."""
    def words():
        counter = 0
        while True:
            block = hashlib.sha256(b"oracle/succession/v1" + digest + counter.to_bytes(8, "little")).digest()
            counter += 1
            for start in range(0, 32, 8):
                yield int.from_bytes(block[start:start + 8], "little")

    stream, members = words(), list(range(1, count + 1))
    for place in range(count - 1, 0, -1):
        bound = place + 1
        usable = 2**64 // bound * bound
        word = next(word for word in stream if word < usable)
        members[place], members[word % bound] = members[word % bound], members[place]
    return members


def committees(rng):
    for count in (4, 5, 7, 31, 100, 128):
        members = roster(rng, 2, count)
        digest = bytes(members.hash_tree_root())
        yield {"roster": members.encode_bytes().hex(), "configDigest": digest.hex(),
               "succession": succession(digest, count)}


def signing(rng):
    deployment = Deployment(chain_id=1337, genesis=rng.randbytes(32), registry=rng.randbytes(20), protocol_version=1)
    for kind in range(1, 8):
        said = Object(epoch=1, author=2, kind=kind, order=Order(incarnation=1, sequence=kind), payload=b"word")
        domain = bytes([kind, 0, 0, 0]) + bytes(deployment.hash_tree_root())[:28]
        root = hashlib.sha256(bytes(said.hash_tree_root()) + domain).digest()
        yield {"deployment": deployment.encode_bytes().hex(), "object": said.encode_bytes().hex(),
               "domain": domain.hex(), "signingRoot": root.hex()}


def main():
    rng = random.Random(20)
    files = {
        "values.json": [*basics(rng), *containers(rng)],
        "committees.json": list(committees(rng)),
        "signing.json": list(signing(rng)),
    }
    for name, cases in files.items():
        text = json.dumps(cases, indent=1) + "\n"
        path = OUTPUT / name
        if "--check" in sys.argv:
            if path.read_text() != text:
                sys.exit(f"{path} is not what this script makes")
        else:
            OUTPUT.mkdir(exist_ok=True)
            path.write_text(text)


if __name__ == "__main__":
    main()
