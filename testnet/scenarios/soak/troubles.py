"""All sorts of trouble: how each begins, whom it strikes, and how it is mended."""

import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from control import inspect
from control.state import Node

from ..disk import fill
from ..relay import FAIR, Weather
from ..storm import Storm
from .plan import LEADER, Sort, Trouble


@dataclass
class Struck:
    """A trouble that is under way."""

    mend: Callable[[], None]
    # Members that cannot be expected to take part while it lasts.
    members: set[int] = field(default_factory=set)
    # Members whose process may end by it.
    may_end: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Kind(Sort):
    begin: Callable[["Place", Trouble, Random], Struck]


@dataclass(frozen=True)
class Place:
    """Where trouble strikes."""

    storm: Storm
    # The process of this one is never ended, so that what grows with time can be seen on it.
    spared: Node
    # The one whose disk is small.
    cramped: Node

    def victim(self, trouble: Trouble, *, ends: bool = False) -> Node:
        node = self.storm.leader() if trouble.member == LEADER else self.storm.testnet.node(trouble.member)
        return self.storm.others(self.spared)[0] if ends and node is self.spared else node


KINDS: dict[str, Kind] = {}


def kind(slot: str, weight: int, shortest: float, longest: float):
    def enter(begin: Callable[[Place, Trouble, Random], Struck]) -> Callable[[Place, Trouble, Random], Struck]:
        name = begin.__name__.replace("_", "-")
        KINDS[name] = Kind(name, slot, weight, (shortest, longest), begin)
        return begin
    return enter


# Members, no more than one at a time.

@kind("members", 6, 0.5, 8.0)
def killed(place: Place, trouble: Trouble, _: Random) -> Struck:
    node = place.victim(trouble, ends=True)
    place.storm.kill(node)
    return Struck(lambda: place.storm.start(node), {node.number}, {node.number})


@kind("members", 3, 0.1, 4.0)
def stopped(place: Place, trouble: Trouble, _: Random) -> Struck:
    node = place.victim(trouble, ends=True)
    place.storm.stop(node)
    return Struck(lambda: place.storm.start(node), {node.number}, {node.number})


@kind("members", 4, 0.2, 8.0)
def hanging(place: Place, trouble: Trouble, _: Random) -> Struck:
    node = place.victim(trouble)
    node.process.send(signal.SIGSTOP)
    return Struck(lambda: node.process.send(signal.SIGCONT), {node.number})


def _parted(place: Place, trouble: Trouble, part: Callable[[list[int], list[int]], set]) -> Struck:
    node = place.victim(trouble)
    held = part([node.number], [other.number for other in place.storm.others(node)])
    return Struck(lambda: place.storm.join(held), {node.number})


@kind("members", 3, 1.0, 10.0)
def cut_off(place: Place, trouble: Trouble, _: Random) -> Struck:
    return _parted(place, trouble, place.storm.cut)


@kind("members", 2, 1.0, 10.0)
def mute(place: Place, trouble: Trouble, _: Random) -> Struck:
    return _parted(place, trouble, place.storm.one_way)


@kind("members", 2, 1.0, 10.0)
def deaf(place: Place, trouble: Trouble, _: Random) -> Struck:
    return _parted(place, trouble, lambda one, others: place.storm.one_way(others, one))


@kind("members", 2, 2.0, 12.0)
def one_link_cut(place: Place, trouble: Trouble, random: Random) -> Struck:
    node = place.victim(trouble)
    other = random.choice(place.storm.others(node))
    held = place.storm.cut([node.number], [other.number])
    return Struck(lambda: place.storm.join(held))


@kind("members", 3, 0.5, 6.0)
def drained(place: Place, trouble: Trouble, _: Random) -> Struck:
    node = place.victim(trouble)
    inspect.drain(node, True)
    return Struck(lambda: inspect.drain(node, False))


@kind("members", 3, 2.0, 10.0)
def clock_stepped(place: Place, trouble: Trouble, random: Random) -> Struck:
    clock = place.storm.clocks[place.victim(trouble).number]
    clock.set(random.choice((-86_400, -3_600, -60, -2, 2, 60, 3_600, 86_400, 400 * 86_400)))
    return Struck(lambda: clock.set(0))


@kind("members", 1, 1.0, 6.0)
def disk_full(place: Place, trouble: Trouble, _: Random) -> Struck:
    node, filler = place.cramped, place.cramped.directory / "data" / "filler"
    fill(filler)

    def mend() -> None:
        filler.unlink()
        # Who notices stops; who had nothing to write does not.
        place.storm.kill(node)
        place.storm.start(node)

    return Struck(mend, {node.number}, {node.number})


# More of them than the committee can do without.

@kind("members", 1, 1.0, 8.0)
def halves(place: Place, trouble: Trouble, random: Random) -> Struck:
    numbers = random.sample(place.storm.numbers, len(place.storm.numbers))
    half = len(numbers) // 2
    held = place.storm.cut(numbers[:half], numbers[half:])
    return Struck(lambda: place.storm.join(held), set(numbers))


@kind("members", 1, 0.1, 5.0)
def all_but_one_killed(place: Place, trouble: Trouble, _: Random) -> Struck:
    nodes = place.storm.others(place.spared)
    place.storm.kill(*nodes)
    numbers = {node.number for node in nodes}
    return Struck(lambda: place.storm.start(*nodes), numbers, numbers)


# The network between all.

def _weather(weather: Weather) -> Callable[[Place, Trouble, Random], Struck]:
    def begin(place: Place, trouble: Trouble, _: Random) -> Struck:
        place.storm.everywhere(weather)
        return Struck(lambda: place.storm.everywhere(FAIR))
    return begin


for _name, _sky in {
    "delay": Weather(delay=0.2, jitter=0.05), "jitter": Weather(delay=0.05, jitter=0.05),
    "loss": Weather(delay=0.01, loss=0.2), "narrow": Weather(delay=0.02, rate=32_000),
}.items():
    KINDS[_name] = Kind(_name, "weather", 1, (3.0, 15.0), _weather(_sky))


# The chain.

@kind("chain", 3, 0.5, 8.0)
def chain_killed(place: Place, trouble: Trouble, _: Random) -> Struck:
    place.storm.stop_chain(signal.SIGKILL)
    return Struck(place.storm.start_chain)


@kind("chain", 4, 0.1, 0.1)
def reorganised(place: Place, trouble: Trouble, random: Random) -> Struck:
    depth = random.randint(1, 4)
    head = int(place.storm.rpc("eth_blockNumber"), 16)
    taken = [election["transaction"] for election in place.storm.elections() if election["block"] > head - depth]
    place.storm.rpc("dev_reorg", {"depth": depth, "drop": taken if random.random() < 0.5 else []})
    return Struck(lambda: None)


def _endpoint(mode: str) -> Callable[[Place, Trouble, Random], Struck]:
    def begin(place: Place, trouble: Trouble, _: Random) -> Struck:
        place.storm.rpc("dev_setFault", "main", {"mode": mode, "delay": 1.5} if mode == "slow" else {"mode": mode})
        return Struck(lambda: place.storm.rpc("dev_setFault", "main", None))
    return begin


for _mode in ("hang", "http500", "http429", "drop", "lost_reply", "garbage", "truncated", "slow"):
    KINDS[f"endpoint-{_mode}"] = Kind(f"endpoint-{_mode}", "chain", 1, (1.0, 10.0), _endpoint(_mode))


# Who is no member.

@kind("strangers", 1, 3.0, 10.0)
def strangers(place: Place, trouble: Trouble, random: Random) -> Struck:
    crowd = place.storm.crowd(random.choice((50, 200, 1_000)), *place.storm.nodes)
    return Struck(crowd.close)
