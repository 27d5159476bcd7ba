"""One member of the committee has good keys and bad manners."""

import os
import struct

from .peer import HELLO, LAST, Network, Peer, frame, message
from .scenario import Broken, check, scenario, wait
from .world import World, brief, read_until_closed

PING, OBJECTS, REGISTERS, PULL, RANGE = 0x03, 0x10, 0x20, 0x31, 0x32


def _replay(peer: Peer) -> None:
    sealed = frame(peer.noise.encrypt(message(0, PING, bytes(8))))
    peer.connection.sendall(sealed + sealed)


# What breaks the rules of records and frames; each ends the connection without an answer.
FRAMING = {
    "a record too short for a frame": lambda peer: peer.connection.sendall(frame(bytes(5))),
    "the longest record, not sealed": lambda peer: peer.connection.sendall(frame(os.urandom(65_535))),
    "a record sent twice": _replay,
    "a record without a frame": lambda peer: peer.send_record(b""),
    "a frame beyond its record": lambda peer: peer.send_record(struct.pack("<BBH", 0, 3, 500) + bytes(20)),
    "an unknown stream": lambda peer: peer.send_record(message(9, PING, bytes(8))),
    "an unknown flag": lambda peer: peer.send_record(message(0, PING, bytes(8), flags=0x83)),
    "an unknown type": lambda peer: peer.send_record(message(0, 0x7F, bytes(8))),
    "a type on another stream": lambda peer: peer.send_record(message(3, PING, bytes(8))),
    "an oversized fragment": lambda peer: peer.send_record(message(3, RANGE, bytes(17_000), flags=1, total=60_000)),
    "a body announced with 4 GiB": lambda peer: peer.send_record(message(3, RANGE, bytes(64), flags=1, total=2**32 - 1)),
    "a continuation of nothing": lambda peer: peer.send_record(struct.pack("<BBH", 1, LAST, 4) + bytes(4)),
    "more than was announced": lambda peer: peer.send_record(message(0, PING, bytes(8), total=4)),
    "an end before the end": lambda peer: peer.send_record(message(1, OBJECTS, bytes(8), total=4_000)),
}

# What breaks the rules of messages.
MESSAGES = {
    "a second hello": lambda peer, hello: peer.send_record(message(0, HELLO, hello)),
    "objects that do not decode": lambda peer, hello: peer.send_record(message(1, OBJECTS, os.urandom(300))),
    "registers that do not decode": lambda peer, hello: peer.send_record(message(2, REGISTERS, b"\xff" * 300)),
    "an empty range": lambda peer, hello: peer.send_record(message(3, RANGE, struct.pack("<I", 4))),
    "a pull of too much": lambda peer, hello: peer.send_record(message(3, PULL, struct.pack("<HQH", 1, 1, 1_000))),
}


def _closes(peer: Peer, what: str) -> None:
    try:
        read_until_closed(peer.connection, 5)
    except Broken as late:
        raise Broken(f"{what}: {late}") from None


@scenario(guest=True)
def hostile_member(world: World) -> str:
    """A member that breaks every rule of records, frames and messages is cut off each time, and counted; it keeps the
    others neither from making a group key nor from electing."""
    node, network = world.nodes[0], Network.of(world.testnet.registry)
    wait("the oracles know their committee", lambda: all(world.status(one).get("epoch") for one in world.nodes),
         seen=lambda: [brief(world.status(one)) for one in world.nodes])
    offences = "oracle_offences_total"
    for what, misbehave in FRAMING.items():
        before = world.metric(node, offences, part="framing")
        with Peer(world.address(node), network, guest=world.guest) as peer:
            peer.become_link()
            misbehave(peer)
            _closes(peer, what)
        wait(f"{what} is counted", lambda: world.metric(node, offences, part="framing") > before, 5)
    for what, misbehave in MESSAGES.items():
        before = world.metric(node, offences)
        with Peer(world.address(node), network, guest=world.guest) as peer:
            misbehave(peer, peer.become_link())
            _closes(peer, what)
        wait(f"{what} is counted", lambda: world.metric(node, offences) > before, 5)
    answer = world.wait_for_next(world.nodes, 0, 60)
    check(answer["leader"] <= len(world.nodes), f"the guest, {answer['leader']}, is certified as leader")
    return f"{len(FRAMING) + len(MESSAGES)} offences, then a key and leader {answer['leader']} of view {answer['view']}"
