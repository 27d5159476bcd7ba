"""Oracles each in a network of its own, with a relay between them that makes the weather; and what it does to them."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from control import launch
from control.process import Process
from control.state import RUN, Node, Testnet

from .peer import Network
from .relay import FAIR, Relay, Weather
from .scenario import Broken, check, stays, wait
from .strangers import connect
from .world import World, brief

HUB = "10.77.0.254"
PORT = 9100
HELD = Weather(is_held=True)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Broken(f"{' '.join(command)}: {done.stderr.strip()}")


class Storm(World):
    """A testnet whose members reach each other through a relay only. Runs in a network namespace of its own."""

    def bring_up(self, count: int) -> Testnet:
        RUN.mkdir(parents=True, exist_ok=True)
        _run("ip", "link", "set", "lo", "up")
        if not subprocess.run(["ip", "link", "show", "hub"], capture_output=True).returncode == 0:
            _run("ip", "link", "add", "hub", "type", "bridge")
            _run("ip", "address", "add", f"{HUB}/16", "dev", "hub")
            _run("ip", "link", "set", "hub", "up")
        self.holders = [self._network(number) for number in range(1, count + 1)]
        hosts = {number: f"10.77.1.{number}" for number in range(1, count + 1)}
        self.relay = Relay(HUB, {number: (host, PORT) for number, host in hosts.items()},
                           {host: number for number, host in hosts.items()})
        places = [
            launch.Place(f"{hosts[number]}:{PORT}", f"{HUB}:{self.relay.ports[number]}",
                         ("nsenter", f"--net=/proc/{holder.pid}/ns/net", "--"))
            for number, holder in enumerate(self.holders, 1)
        ]
        return launch.bring_up(self.program, count, None, 1.0, places=places, host=HUB)

    @staticmethod
    def _network(number: int) -> Process:
        holder = Process.launch(["unshare", "--net", "sleep", "infinity"], RUN / "networks.log")
        inside = ("nsenter", f"--net=/proc/{holder.pid}/ns/net", "--")
        own = f"/proc/{holder.pid}/ns/net"
        wait("the oracle's network is there", lambda: _differs(own, "/proc/self/ns/net"), 5)
        _run("ip", "link", "add", f"to{number}", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        _run("ip", "link", "set", f"to{number}", "master", "hub", "up")
        for words in (("address", "add", f"10.77.1.{number}/16", "dev", "eth0"), ("link", "set", "eth0", "up"),
                      ("link", "set", "lo", "up")):
            _run(*inside, "ip", *words)
        return holder

    def close(self) -> None:
        super().close()
        self.relay.close()
        for holder in self.holders:
            holder.stop(1)

    # The weather

    @property
    def numbers(self) -> list[int]:
        return [node.number for node in self.nodes]

    def everywhere(self, weather: Weather) -> None:
        self.relay.set(weather, self.numbers, self.numbers)

    def cut(self, *parts: list[int]) -> None:
        """Nothing passes between the parts, in either direction."""
        for one in parts:
            for other in parts:
                if one is not other:
                    self.relay.set(HELD, one, other)

    def one_way(self, source: list[int], target: list[int]) -> None:
        """What the source says does not reach the target."""
        self.relay.set(HELD, source, target)

    # Measuring

    def until_certified(self, nodes: list[Node], above: int, patience: float = 90.0) -> float:
        """Seconds until all of the nodes hold the certificate of one view above."""
        begun = time.monotonic()

        def certified() -> bool:
            found = [(self.status(node).get("certificate") or {}).get("view", 0) for node in nodes]
            return min(found) > above

        wait(f"a view above {above} is certified", certified, patience,
             seen=lambda: [brief(self.status(node)) for node in nodes])
        return time.monotonic() - begun

    def until_settled(self, above: int, patience: float = 90.0) -> float:
        """Seconds until all oracles are linked and agree, certified and anchored."""
        begun = time.monotonic()
        self.settle(patience, above)
        return time.monotonic() - begun


def _differs(one: str, other: str) -> bool:
    import os
    try:
        return os.readlink(one) != os.readlink(other)
    except OSError:
        return False


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


def _leader_gone(storm: Storm, end: Callable[[Node], None], mend: Callable[[Node], None]) -> Recovery:
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
        lambda node: storm.everywhere(FAIR))


@case("nobody hears the leader, which hears all: it is replaced")
def leader_mute(storm: Storm) -> Recovery:
    return _leader_gone(
        storm, lambda node: storm.one_way([node.number], [other.number for other in storm.others(node)]),
        lambda node: storm.everywhere(FAIR))


@case("the leader hears nobody, all hear it: it is replaced")
def leader_deaf(storm: Storm) -> Recovery:
    return _leader_gone(
        storm, lambda node: storm.one_way([other.number for other in storm.others(node)], [node.number]),
        lambda node: storm.everywhere(FAIR))


@case("one follower and the leader do not reach each other: relays by the others keep leader and links of the rest")
def one_link_cut(storm: Storm) -> Recovery:
    before, leader = storm.settle(), storm.leader()
    follower = storm.others(leader)[0]
    storm.cut([leader.number], [follower.number])
    stays("the leader stays", lambda: all(storm.status(node).get("view") == before["view"] for node in storm.nodes), 10,
          seen=lambda: [brief(storm.status(node)) for node in storm.nodes])
    storm.everywhere(FAIR)
    return Recovery(None, storm.until_settled(before["view"] - 1))


@case("two and two: nothing is certified on either side; together again they go on", short=True)
def halves(storm: Storm) -> Recovery:
    before = storm.settle()
    half = len(storm.numbers) // 2
    storm.cut(storm.numbers[:half], storm.numbers[half:])
    stays("nothing is certified", lambda: all(
        storm.status(node)["certificate"]["view"] == before["view"] for node in storm.nodes), 10)
    storm.everywhere(FAIR)
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
    storm.everywhere(FAIR)
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
        node.process.stop(10)
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


@case("strangers connect as fast as they can and say nothing or garbage, while the leader is killed", short=True)
def flood(storm: Storm) -> Recovery:
    view, leader = storm.settle()["view"], storm.leader()
    preamble = Network.of(storm.testnet.registry).preamble()
    over, counts = threading.Event(), [0]

    def attack(target: Node, number: int) -> None:
        sockets = []
        while not over.is_set():
            try:
                sockets.append(connect((f"10.77.1.{target.number}", PORT), HUB))
                sockets[-1].sendall(b"garbage" * 50 if number % 2 else preamble[:7])
                counts[0] += 1
            except (OSError, Broken):
                pass
            if len(sockets) > 100:
                sockets.pop(0).close()
            time.sleep(0.002)
        for one in sockets:
            one.close()

    begun = time.monotonic()
    threads = [threading.Thread(target=attack, args=(node, number), daemon=True)
               for number in range(2) for node in storm.others(leader)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(2.0)
        storm.kill(leader)
        certified = storm.until_certified(storm.others(leader), view)
        storm.start(leader)
        settled = storm.until_settled(view)
    finally:
        over.set()
    rate = counts[0] / (time.monotonic() - begun)
    check(all(node.alive for node in storm.nodes), "an oracle has ended")
    return Recovery(certified, settled, f"{rate:.0f} connections a second")
