"""One member of the committee has good keys and bad manners."""

import json
import os
import struct
from pathlib import Path

from control.state import Node

from .objects import LINK_LOST, Object, Order, batch, link_lost
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
    others neither from making a group key nor from electing; and when it contradicts itself to one of them, all convict
    it by a proof that can be checked without any of them."""
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
    deed = _convict(world, network)
    return (f"{len(FRAMING) + len(MESSAGES)} offences, then a key and leader {answer['leader']} of view "
            f"{answer['view']}; convicted: {deed}")


def _convict(world: World, network: Network) -> str:
    """Contradicts itself to one oracle, and has another name the culprit and prove it."""
    author = len(world.nodes) + 1
    contradiction = [
        Object(1, author, LINK_LOST, Order(1, 1), link_lost(view)).signed(world.guest, network) for view in (1, 2)
    ]
    check(not any(_evidence(world, node) for node in world.nodes), "somebody is convicted before it did anything")
    with Peer(world.address(world.nodes[0]), network, guest=world.guest) as peer:
        peer.become_link()
        peer.send_record(message(1, OBJECTS, batch(contradiction)))
        wait("every oracle convicts the guest",
             lambda: all([one["member"] for one in _evidence(world, node)] == [author] for node in world.nodes),
             seen=lambda: [_evidence(world, node) for node in world.nodes])
    witness, elsewhere = world.nodes[-1], Path(world.nodes[0].directory)
    held = _evidence(world, witness)[0]
    identity = world.guest.card()["identity"]
    check((held["crime"], held["identity"]) == ("twoRegisters", identity), f"the proof is about something else: {held}")
    why = _ends(world, 0, "status", "--why", "--socket", str(witness.socket))
    check(f"Convicted of breaking the protocol, and elected no more in this epoch: oracle {author}." in why,
          f"'oracle status --why' says nothing of the conviction: {why}")
    proof, record = elsewhere / "guest.evidence", elsewhere / "committee.json"
    _ends(world, 0, "evidence", "export", held["id"], "--output", str(proof), "--socket", str(witness.socket))
    _ends(world, 0, "committee", "export", "--output", str(record), "--socket", str(witness.socket))
    said = _ends(world, 0, "evidence", "verify", str(proof), "--committee", str(record))
    check(said.startswith("VALID") and identity in said, f"'oracle evidence verify' says: {said}")
    spoilt = elsewhere / "spoilt.evidence"
    spoilt.write_bytes(proof.read_bytes()[:-1] + bytes([proof.read_bytes()[-1] ^ 1]))
    said = _ends(world, 1, "evidence", "verify", str(spoilt))
    check(said.startswith("NOT VALID"), f"of a spoilt file 'oracle evidence verify' says: {said}")
    return f"member {author} {held['deed']}"


def _evidence(world: World, node: Node) -> list[dict]:
    """What an oracle holds against members."""
    return json.loads(_ends(world, 0, "evidence", "list", "--json", "--socket", str(node.socket)))


def _ends(world: World, code: int, *words: str) -> str:
    """What a command says that has to end with a code."""
    ended = world.oracle(*words)
    check(ended.returncode == code, f"oracle {' '.join(words)} ended with {ended.returncode}: {ended.stderr.strip()}")
    return ended.stdout
