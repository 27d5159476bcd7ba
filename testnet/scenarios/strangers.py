"""Who is no member knocks at the oracles' ports: politely, wrongly, too often, too slowly."""

import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from control import inspect

from .peer import Network, Peer, frame, read_close
from .scenario import Skipped, check, scenario, wait
from .world import World, brief, is_linked, read_until_closed

REFUSED, FAILED = "oracle_connections_refused_total", "oracle_handshakes_failed_total"
# Addresses of the loopback network at which no member lives: each is a host of its own to the oracles.
HOSTS = [f"127.0.{block}.{number}" for block in (1, 2) for number in range(1, 200)]
_next_host = iter(HOSTS)


def stranger() -> str:
    """An address that was not used before, for a host that misbehaves is banned."""
    return next(_next_host)


def connect(address: tuple[str, int], source: str) -> socket.socket:
    try:
        return socket.create_connection(address, timeout=5, source_address=(source, 0))
    except OSError as error:
        if error.errno == 99:
            raise Skipped("this machine has no further addresses on its loopback network") from None
        raise


@contextmanager
def unharmed(world: World) -> Iterator[None]:
    """What is done inside moves no view, breaks no link, and ends no process."""
    before = world.settle()
    yield
    for node in world.nodes:
        answer = world.status(node)
        check(node.alive and answer, f"oracle {node.number} does not answer any more")
        check(is_linked(answer) and answer["view"] == before["view"],
              f"it has disturbed the members: {brief(answer)}, before: view {before['view']}")
        check(inspect.is_healthy(node), f"oracle {node.number} says that it is not ready")


def counted(world: World, node, name: str, before: float, least: int, **labels: str) -> None:
    wait(f"{name} of oracle {node.number} {labels or ''} rises by {least}",
         lambda: world.metric(node, name, **labels) >= before + least, 10,
         seen=lambda: world.metric(node, name, **labels) - before)


@scenario
def stranger_by_another_implementation(world: World) -> str:
    """The PyPI package noiseprotocol shakes hands with an oracle up to the identity check, verifies the oracle's proof,
    and is refused as a stranger: it reads why, and the oracle counts and tells it."""
    node = world.nodes[0]
    network = Network.of(world.testnet.registry)
    with unharmed(world):
        failed, mark = world.metric(node, FAILED, reason="notAdmitted"), world.mark(node)
        with Peer(world.address(node), network, stranger()) as peer:
            peer.begin()
            identity = peer.read_answer()
            own = world.status(node)["identity"]
            check(identity.hex() == own.removeprefix("0x"), f"it proves to be {identity.hex()}, its status says {own}")
            peer.prove()
            reason = read_close(peer.read_record())
            check(reason == "notAdmitted", f"the stranger is refused with {reason}")
            check(read_until_closed(peer.connection, 5) == b"", "something follows the refusal")
        counted(world, node, FAILED, failed, 1, end="accepted", reason="notAdmitted")
        wait("the log tells of the stranger",
             lambda: peer.identity.hex() in world.log(node, mark) and "not a member" in world.log(node, mark), 5)
    return "refused with notAdmitted"


@scenario
def stranger_with_a_false_proof(world: World) -> str:
    """An identity without its key is refused without a word, and its host is shut out for a while."""
    node, host = world.nodes[0], stranger()
    with unharmed(world):
        failed, refused = world.metric(node, FAILED, reason="badSignature"), world.metric(node, REFUSED, reason="banned")
        with Peer(world.address(node), Network.of(world.testnet.registry), host) as peer:
            peer.begin()
            peer.read_answer()
            peer.prove(is_valid=False)
            check(read_until_closed(peer.connection, 5) == b"", "the oracle says something to it")
        counted(world, node, FAILED, failed, 1, reason="badSignature")
        with connect(world.address(node), host) as again:
            check(read_until_closed(again, 5) == b"", "a banned host is heard")
        counted(world, node, REFUSED, refused, 1, reason="banned")
    return "silence, then a ban"


@scenario
def other_network(world: World) -> str:
    """A peer of another chain, contract or version reads the oracle's own preamble, is cut off, and the log says why."""
    node = world.nodes[0]
    ours = Network.of(world.testnet.registry)
    strangers = {
        "chain": (replace(ours, chain=ours.chain + 1).preamble(), "otherNetwork", "another network"),
        "contract": (replace(ours, registry=bytes(20)).preamble(), "otherNetwork", "another network"),
        "version": (ours.preamble(version=9), "otherVersion", "speaks version 9"),
        "flags": (ours.preamble(flags=1), "unknownFlags", ""),
    }
    with unharmed(world):
        for name, (preamble, reason, words) in strangers.items():
            failed, mark = world.metric(node, FAILED, reason=reason), world.mark(node)
            with connect(world.address(node), stranger()) as connection:
                connection.sendall(preamble + frame(bytes(32)))
                answer = read_until_closed(connection, 5)
                check(answer == ours.preamble(), f"other {name}: the answer is {answer.hex()}, not the oracle's preamble")
            counted(world, node, FAILED, failed, 1, reason=reason)
            if name == "chain":
                wait("the log says that it is another network", lambda w=words, m=mark: w in world.log(node, m), 5)
    return ", ".join(strangers)


@scenario
def garbage(world: World) -> str:
    """Bytes that are no protocol, oversized and truncated handshakes are cut off without harm, and counted."""
    node = world.nodes[0]
    ours = Network.of(world.testnet.registry)
    hello = ours.preamble()
    cases = {
        "random bytes": (os.urandom(4096), "otherProtocol"),
        "HTTP": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "otherProtocol"),
        "TLS": (bytes.fromhex("16030102000100") + bytes(505), "otherProtocol"),
        "zeros": (bytes(65_536), "otherProtocol"),
        "an oversized message 1": (hello + b"\xff\xff" + bytes(4096), "messageLength"),
        "an empty message 1": (hello + b"\0\0", "messageLength"),
        "a key of small order": (hello + frame(bytes(32)), "smallOrderKey"),
    }
    with unharmed(world):
        for name, (sent, reason) in cases.items():
            failed = world.metric(node, FAILED, reason=reason)
            with connect(world.address(node), stranger()) as connection:
                try:
                    connection.sendall(sent)
                    answer = read_until_closed(connection, 4)
                except ConnectionError:
                    answer = b""
                check(answer in (b"", hello), f"{name}: the oracle answers {answer.hex()}")
            counted(world, node, FAILED, failed, 1, reason=reason)
        failed = world.metric(node, FAILED, reason="notAuthentic")
        with Peer(world.address(node), ours, stranger()) as peer:
            peer.begin()
            peer.read_answer()
            peer.connection.sendall(frame(os.urandom(224)))
            check(read_until_closed(peer.connection, 4) == b"", "a forged message 3 is answered")
        counted(world, node, FAILED, failed, 1, reason="notAuthentic")
    return f"{len(cases) + 1} kinds"


@scenario
def flood(world: World) -> str:
    """Hundreds of connections at once, from one host and from many, are refused unheard; the members notice nothing."""
    node = world.nodes[0]
    address, host = world.address(node), stranger()
    with unharmed(world):
        fast, full = (world.metric(node, REFUSED, reason=reason) for reason in ("tooFast", "full"))
        with ExitStack() as held:
            for _ in range(300):
                held.enter_context(connect(address, host))
            counted(world, node, REFUSED, fast, 250, reason="tooFast")
            for other in range(10):
                for _ in range(8):
                    held.enter_context(connect(address, f"127.0.3.{other + 1}"))
            counted(world, node, REFUSED, full, 20, reason="full")
    return "380 connections"


@scenario
def quick_goodbyes(world: World) -> str:
    """Connections that are closed or reset before anything is said leave no handshake open: more of them than there may
    be open handshakes, and the next stranger is still heard."""
    node = world.nodes[0]
    address, hello = world.address(node), Network.of(world.testnet.registry).preamble()
    with unharmed(world):
        def ended() -> float:
            return world.metric(node, FAILED, end="accepted") + world.metric(node, REFUSED, reason="gone")

        before = ended()
        for number in range(90):
            with connect(address, f"127.0.5.{number // 3 + 1}") as connection:
                if number % 3 == 1:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                elif number % 3 == 2:
                    connection.sendall((hello + b"\0\x20" + bytes(16))[:number % 31])
        with connect(address, stranger()) as connection:
            connection.sendall(hello)
            connection.settimeout(5)
            check(connection.recv(64) == hello, "a stranger is not heard after the others")
        wait("all of them are counted", lambda: ended() >= before + 91, 10, seen=lambda: ended() - before)
    return "90 connections"


@scenario
def slow_loris(world: World) -> str:
    """While strangers hold all handshakes they can get and say nothing, leaders are replaced and members rejoin."""
    before, leader = world.settle(), world.leader()
    target = world.others(leader)[0]
    address = world.address(target)
    hello = Network.of(world.testnet.registry).preamble()
    failed = world.metric(target, FAILED, reason="timedOut")
    with ExitStack() as held:
        def besiege(hosts: range) -> list[socket.socket]:
            sockets = [held.enter_context(connect(address, f"127.0.4.{host}")) for host in hosts for _ in range(6)]
            for connection in sockets:
                connection.sendall(hello[:6])
            return sockets

        first = besiege(range(1, 9))
        begun = time.monotonic()
        world.kill(leader)
        answer = world.wait_for_next(world.others(leader), before["view"])
        besiege(range(9, 17))
        world.start(leader)
        world.settle(above=before["view"])
        for connection in first[:3]:
            check(read_until_closed(connection, 10 - (time.monotonic() - begun)) == b"", "a silent stranger is answered")
        counted(world, target, FAILED, failed, 3, reason="timedOut")
    return f"96 silent connections, view {before['view']} to {answer['view']}"
