"""What chaos does to oracles in a storm, and what must hold."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from control import inspect
from control.state import Node

from .disk import fill, small_disk
from .relay import Weather
from .scenario import Skipped, check, stays, wait
from .storm import Storm
from .world import brief


@dataclass
class Recovery:
    """What a storm took: until a new leader was certified, and until all was well after its end."""

    certified: float | None
    settled: float
    remark: str = ""


@dataclass(frozen=True)
class Case:
    name: str
    holds: str
    run: Callable[[Storm], Recovery]
    is_short: bool


CASES: list[Case] = []


def case(holds: str, short: bool = False):
    def enter(run: Callable[[Storm], Recovery]) -> Callable[[Storm], Recovery]:
        CASES.append(Case(run.__name__.replace("_", "-"), holds, run, short))
        return run
    return enter


def _leader_gone(storm: Storm, end: Callable[[Node], object], mend: Callable[[Node], None]) -> Recovery:
    view, leader = storm.settle()["view"], storm.leader()
    end(leader)
    certified = storm.until_certified(storm.others(leader), view)
    mend(leader)
    return Recovery(certified, storm.until_settled(view))


@case("the leader is killed: the others replace it", short=True)
def kill(storm: Storm) -> Recovery:
    return _leader_gone(storm, storm.kill, storm.start)


@case("the leader hangs: the others replace it")
def pause(storm: Storm) -> Recovery:
    return _leader_gone(storm, lambda node: node.process.send(signal.SIGSTOP),
                        lambda node: node.process.send(signal.SIGCONT))


@case("the leader is cut off from all: the others replace it, and it follows when it is back", short=True)
def leader_cut_off(storm: Storm) -> Recovery:
    return _leader_gone(
        storm, lambda node: storm.cut([node.number], [other.number for other in storm.others(node)]),
        lambda _: storm.clear_up())


@case("a follower is cut off from all: the leader stays, and the follower is back at once when it is joined again")
def follower_cut_off(storm: Storm) -> Recovery:
    before = storm.settle()
    follower = storm.follower()
    rest = storm.others(follower)
    storm.cut([follower.number], [node.number for node in rest])
    stays("the leader stays", lambda: all(storm.status(node).get("view") == before["view"] for node in rest), 8,
          seen=lambda: [brief(storm.status(node)) for node in rest])
    storm.clear_up()
    return Recovery(None, storm.until_settled(before["view"] - 1))


@case("nobody hears the leader, which hears all: it is replaced")
def leader_mute(storm: Storm) -> Recovery:
    return _leader_gone(
        storm, lambda node: storm.one_way([node.number], [other.number for other in storm.others(node)]),
        lambda _: storm.clear_up())


@case("the leader hears nobody, all hear it: it is replaced")
def leader_deaf(storm: Storm) -> Recovery:
    return _leader_gone(
        storm, lambda node: storm.one_way([other.number for other in storm.others(node)], [node.number]),
        lambda _: storm.clear_up())


@case("one follower and the leader do not reach each other: relays by the others keep leader and links of the rest")
def one_link_cut(storm: Storm) -> Recovery:
    before, leader = storm.settle(), storm.leader()
    follower = storm.others(leader)[0]
    storm.cut([leader.number], [follower.number])
    stays("the leader stays", lambda: all(storm.status(node).get("view") == before["view"] for node in storm.nodes), 10,
          seen=lambda: [brief(storm.status(node)) for node in storm.nodes])
    storm.clear_up()
    return Recovery(None, storm.until_settled(before["view"] - 1))


@case("two and two: nothing is certified on either side; together again they go on", short=True)
def halves(storm: Storm) -> Recovery:
    before = storm.settle()
    half = len(storm.numbers) // 2
    storm.cut(storm.numbers[:half], storm.numbers[half:])
    stays("nothing is certified", lambda: all(
        storm.status(node)["certificate"]["view"] == before["view"] for node in storm.nodes), 10)
    storm.clear_up()
    return Recovery(None, storm.until_settled(before["view"] - 1))


def _under(storm: Storm, weather: Weather) -> Recovery:
    before = storm.settle()
    storm.everywhere(weather)
    time.sleep(8.0)
    moved = storm.view() - before["view"]
    view, leader = storm.view(), storm.leader()
    storm.kill(leader)
    certified = storm.until_certified(storm.others(leader), view)
    storm.start(leader)
    wait("the leader is back in this weather", lambda: storm.status(leader).get("view", 0) > view, 60,
         seen=lambda: brief(storm.status(leader)))
    storm.clear_up()
    return Recovery(certified, storm.until_settled(view), f"{moved} views in 8 s before the kill" if moved else "")


@case("200 ms of delay, 50 ms of jitter, each way: leaders stay, and a killed one is replaced", short=True)
def delay(storm: Storm) -> Recovery:
    return _under(storm, Weather(delay=0.2, jitter=0.05))


@case("20 % of the segments are lost: a killed leader is replaced")
def loss(storm: Storm) -> Recovery:
    return _under(storm, Weather(delay=0.01, loss=0.2))


@case("256 kbit/s for each link: a killed leader is replaced")
def narrow(storm: Storm) -> Recovery:
    return _under(storm, Weather(delay=0.02, rate=32_000))


@case("all members are killed at once")
def all_killed(storm: Storm) -> Recovery:
    before = storm.settle()
    storm.kill(*storm.nodes)
    storm.start(*storm.nodes)
    return Recovery(None, storm.until_settled(before["view"] - 1))


@case("one member after the other restarts, as for an upgrade")
def rolling_restart(storm: Storm) -> Recovery:
    before = storm.settle()
    begun = time.monotonic()
    for node in storm.nodes:
        storm.stop(node)
        storm.start(node)
        storm.settle(above=before["view"] - 1)
    return Recovery(None, time.monotonic() - begun, f"{storm.view() - before['view']} views")


@case("the chain is killed and comes back while the leader is replaced")
def chain_restart(storm: Storm) -> Recovery:
    view, leader = storm.settle()["view"], storm.leader()
    storm.stop_chain(signal.SIGKILL)
    storm.kill(leader)
    certified = storm.until_certified(storm.others(leader), view)
    storm.start(leader)
    storm.start_chain()
    return Recovery(certified, storm.until_settled(view))


@case("the chain takes the last election back")
def reorg(storm: Storm) -> Recovery:
    view, leader = storm.settle()["view"], storm.leader()
    storm.kill(leader)
    election = storm.check_on_chain(storm.wait_for_next(storm.others(leader), view))
    storm.start(leader)
    depth = int(storm.rpc("eth_blockNumber"), 16) - election["block"] + 1
    storm.rpc("dev_reorg", {"depth": depth, "drop": [election["transaction"]]})
    wait("the election is on the chain again", lambda: any(
        found["view"] >= election["view"] and found["blockHash"] != election["blockHash"]
        for found in storm.elections()), 60)
    return Recovery(None, storm.until_settled(view))


@case("a member's disk is full: it says so and ends, the others replace the leader; with room again it catches up")
def disk_full(storm: Storm) -> Recovery:
    before, leader = storm.settle(), storm.leader()
    node = storm.others(leader)[0]
    data = node.directory / "data"
    storm.kill(node)
    with small_disk(data, megabytes=8):
        storm.start(node)
        storm.settle()
        mark, filler = storm.mark(node), data / "filler"
        fill(filler)
        inspect.drain(leader, True)
        certified = storm.until_certified(storm.others(node), before["view"])
        wait("the oracle with the full disk ends", lambda: not node.alive, 60, seen=lambda: storm.log(node, mark)[-600:])
        inspect.drain(leader, False)
        filler.unlink()
        storm.start(node)
        settled = storm.until_settled(before["view"])
        storm.kill(node)
    storm.start(node)
    storm.settle()
    return Recovery(certified, settled)


@case("clocks are set back a day, forth a day and by years, on every member: no view moves; a killed leader is replaced",
      short=True)
def clocks(storm: Storm) -> Recovery:
    if not all(clock.can_be_set for clock in storm.clocks.values()):
        raise Skipped("there is no compiler to make the clock with")
    before, leader = storm.settle(), storm.leader()
    offsets = (-86_400, 86_400, -7, 10 * 365 * 86_400)
    for step in range(3):
        for node in storm.nodes:
            storm.clocks[node.number].set(offsets[(node.number + step) % len(offsets)])
        stays("the view stays", lambda: all(storm.status(node).get("view") == before["view"] for node in storm.nodes), 4,
              seen=lambda: [brief(storm.status(node)) for node in storm.nodes])
    storm.kill(leader)
    certified = storm.until_certified(storm.others(leader), before["view"])
    storm.start(leader)
    storm.settle(above=before["view"])
    years = {_year_of(storm, node) for node in storm.nodes}
    check(len(years) > 1, f"the oracles' logs are all from {years}, so no clock was set")
    for clock in storm.clocks.values():
        clock.set(0)
    return Recovery(certified, storm.until_settled(before["view"]))


def _year_of(storm: Storm, node: Node) -> int:
    """The year that the newest line of the oracle's log is from."""
    lines = [line for line in storm.log(node).splitlines() if line[:4].isdigit()]
    return int(lines[-1][:4]) if lines else 0


@case("random bytes on every port and the status socket of every member: none ends, no view moves")
def garbage(storm: Storm) -> Recovery:
    before = storm.settle()
    sent = 0
    for node in storm.nodes:
        places = [storm.grounds.addresses[node.number], storm.grounds.metrics[node.number], str(node.socket)]
        for place in places:
            for size in (1, 100, 10_000, 1_000_000):
                sent += 1
                _send(place, os.urandom(size), storm.grounds.strangers[sent % len(storm.grounds.strangers)])
                _send(place, b"GET /" + os.urandom(size).hex().encode(), storm.grounds.strangers[-1])
    check(all(node.alive for node in storm.nodes), "an oracle has ended")
    check(storm.view() == before["view"], f"view {before['view']} became {storm.view()}")
    return Recovery(None, storm.until_settled(before["view"] - 1), f"{2 * sent} times")


def _send(place: tuple[str, int] | str, content: bytes, source: str) -> None:
    """Sends it, and reads what comes until the other end closes or says nothing for a moment."""
    family = socket.AF_UNIX if isinstance(place, str) else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as connection, contextlib.suppress(OSError):
        connection.settimeout(1.0)
        if family == socket.AF_INET:
            connection.bind((source, 0))
        connection.connect(place)
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass


def _besieged(storm: Storm, rate: int, manners: str) -> Recovery:
    """The leader is killed and comes back while a crowd of strangers is at everybody's door."""
    view, leader = storm.settle()["view"], storm.leader()
    crowd = storm.crowd(rate, *storm.nodes, manners=manners)
    try:
        time.sleep(3.0)
        storm.kill(leader)
        certified = storm.until_certified(storm.others(leader), view)
        storm.start(leader)
        settled = storm.until_settled(view)
    finally:
        found = crowd.close()
    check(all(node.alive for node in storm.nodes), "an oracle has ended")
    # How many there can be is the machine's business, too.
    return Recovery(certified, settled, f"{found:.0f} connections a second")


@case("1,000 connections a second of strangers who are silent, slow or talk garbage: a killed leader is replaced and comes "
      "back", short=True)
def flood(storm: Storm) -> Recovery:
    return _besieged(storm, 1_000, "all")


@case("strangers keep hundreds of handshakes open, a byte now and then: a killed leader is replaced and comes back")
def slow_loris(storm: Storm) -> Recovery:
    return _besieged(storm, 100, "slow")
