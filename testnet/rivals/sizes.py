"""What a committee costs and how fast it is, at several sizes, all of it on this machine."""

import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from control import idle
from control.terminal import TestnetError, bold, dim, note, say

from .comparison import testnet_of

# 50 processes are more than two cores hold: they suspect each other while nobody has failed.
DEFAULT = (5, 20, 40)
SETTLING = 20.0
MEASURING = 30.0


@dataclass
class Size:
    """The figures of one committee."""

    nodes: int
    # Seconds from the first process, keys and registry included, to a leader that is anchored in everybody's eyes.
    started: float
    # Percent of a core for each oracle.
    processor: list[float] = field(default_factory=list)
    # MiB for each oracle: with its share of what all use, and its own alone.
    proportional: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    # kB/s that an oracle sends, with TCP/IP's headers and what it asks the chain.
    traffic: float = 0
    # Milliseconds for each killed leader: until all others are in the next view, and from the first that has the
    # certificate to the last.
    failover: list[float] = field(default_factory=list)
    news: list[float] = field(default_factory=list)
    # Why fewer leaders were killed than asked for, if so.
    stopped: str | None = None


def measure(program: str, nodes: int, rounds: int) -> Size:
    """Starts so many, lets them rest, and kills leaders."""
    say(f"{nodes} oracles")
    begun = time.monotonic()
    with testnet_of(program, nodes, poll="4s") as oracles:
        size = Size(nodes, time.monotonic() - begun)
        note(f"settled after {size.started:.1f} s; {SETTLING + MEASURING:.0f} s of doing nothing")
        time.sleep(SETTLING)
        pids = [node.process.pid for node in oracles.testnet.nodes]
        before, sent, resting = [idle.cost(pid) for pid in pids], _loopback(), time.monotonic()
        time.sleep(MEASURING)
        spent = time.monotonic() - resting
        after = [idle.cost(pid) for pid in pids]
        size.traffic = (_loopback() - sent) / spent / nodes / 1_000
        size.processor = [(new["processor"] - old["processor"]) / spent * 100 for old, new in zip(before, after)]
        size.proportional = [cost["proportional"] / 1_024 for cost in after]
        size.own = [cost["own"] / 1_024 for cost in after]
        try:
            for number in range(rounds):
                failover, news = oracles.failover()
                size.failover.append(failover)
                size.news.append(news)
                note(f"{number + 1:3}  leader replaced for all {failover:8.1f} ms, certificate from first to last "
                     f"{news:8.1f} ms")
        except TestnetError as error:
            size.stopped = f"after {len(size.failover)} of {rounds} killed leaders: {error}"
            note(size.stopped)
    return size


def _loopback() -> int:
    """The bytes that this machine has sent to itself so far."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, figures = line.partition(":")
        if name.strip() == "lo":
            return int(figures.split()[8])
    return 0


def show(sizes: list[Size]) -> None:
    """A line a committee."""
    print()
    print(bold("Committees on this machine, medians"))
    print(dim(f"{'oracles':<9}{'started':>9}{'of a core':>11}{'memory':>11}{'its own':>11}{'sends':>11}"
              f"{'leader replaced':>24}{'news to the last':>18}"))
    for size in sizes:
        memory, own = statistics.median(size.proportional), statistics.median(size.own)
        replaced, news = "none", "none"
        if size.failover:
            replaced = f"{statistics.median(size.failover):.1f}, max {max(size.failover):.0f} ms"
            news = f"{statistics.median(size.news):.1f} ms"
        print(f"{size.nodes:<9}{size.started:>7.1f} s{statistics.median(size.processor):>9.2f} %"
              f"{memory:>7.1f} MiB{own:>7.1f} MiB{size.traffic:>6.1f} kB/s{replaced:>24}{news:>18}")
    for size in sizes:
        if size.stopped:
            print(f"{size.nodes} oracles, {size.stopped}")
