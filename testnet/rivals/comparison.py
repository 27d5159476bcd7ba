"""Runs the oracles and the others one after the other on this machine, and sets the figures side by side."""

import statistics
import time
from dataclasses import asdict, dataclass

from control import idle, launch
from control.terminal import bold, dim, green, note, red, say

from .cluster import Cluster
from .etcd import Etcd
from .oracles import Oracles
from .serf import Serf

# etcd wants an election time-out of five heartbeats; the oracles' default heartbeat is 250 ms.
HEARTBEAT = 250
SETTLING = 10.0
MEASURING = 30.0


@dataclass(frozen=True)
class Row:
    """One question, answered by both."""

    question: str
    unit: str
    oracle: list[float]
    other: str
    others: list[float]
    # The most that the oracles' median may be of the other's; none where it is only told.
    target: float | None = None

    @property
    def ratio(self) -> float:
        return statistics.median(self.oracle) / statistics.median(self.others)


def run(program: str, mesh: int, committee: int, rounds: int) -> list[Row]:
    """All rows: news, deaths and costs at `mesh` members, leaders at `committee` members."""
    rows = []
    say(f"{committee} oracles, whose leader is killed {rounds} times")
    with testnet_of(program, committee) as oracles:
        ours = [_told(oracles.failover()[0], number) for number in range(rounds)]
        cost = _cost_of([node.process.pid for node in oracles.testnet.nodes])
    for label, heartbeat, election in (("etcd as it comes", 100, 1_000),
                                       ("etcd, same heartbeat", HEARTBEAT, 5 * HEARTBEAT)):
        say(f"{committee} members of {label}, whose leader is killed {rounds} times")
        with Etcd(committee, heartbeat, election) as etcd:
            etcd.start()
            theirs = [_told(etcd.failover(), number) for number in range(rounds)]
            memory = _cost_of(etcd.pids)["resident"]
        # Better than the tuned one is enough.
        target = 0.5 if heartbeat != HEARTBEAT else 1.0
        rows.append(Row(f"killed leader replaced for all of {committee}", "ms", ours, label, theirs, target))
    rows.append(Row("memory of a member, resident", "MiB", cost["resident"], "etcd", memory))

    say(f"{mesh} oracles: {rounds} elections' certificates, {rounds} killed followers")
    with testnet_of(program, mesh) as oracles:
        news = [_told(oracles.failover()[1], number) for number in range(rounds)]
        deaths = [_told(oracles.detection(), number) for number in range(rounds)]
        cost = _cost_of([node.process.pid for node in oracles.testnet.nodes])
    say(f"{mesh} agents of serf: {3 * rounds} events, {rounds} killed agents")
    with Serf(mesh) as serf:
        serf.start()
        theirs = _cost_of(serf.pids)
        spread = [_told(serf.spread(), number) for number in range(3 * rounds)]
        failed = [_told(serf.detection(), number) for number in range(rounds)]
    rows.append(Row(f"news from its first to the last of {mesh}", "ms", news, "serf as it comes", spread, 0.5))
    rows.append(Row(f"killed member noticed by all of {mesh}", "ms", deaths, "serf as it comes", failed, 0.3))
    rows.append(Row("memory of a member, resident", "MiB", cost["resident"], "serf", theirs["resident"], 1.5))
    rows.append(Row("the same, with its part of what all share", "MiB", cost["proportional"], "serf",
                    theirs["proportional"], 1.5))
    rows.append(Row("the same, its own alone", "MiB", cost["own"], "serf", theirs["own"], 1.5))
    return rows


class testnet_of:
    """A testnet for as long as a block of statements lasts."""

    def __init__(self, program: str, size: int, poll: str = "1s"):
        launch.clear()
        self.testnet = launch.bring_up(program, size, None, 1.0, poll=poll)
        try:
            self.oracles = Oracles(program, self.testnet)
        except BaseException:
            self.testnet.stop()
            raise

    def __enter__(self) -> Oracles:
        return self.oracles

    def __exit__(self, *_) -> None:
        self.oracles.close()
        self.testnet.stop()


def _told(figure: float, number: int) -> float:
    note(f"{number + 1:3}  {figure:8.1f} ms")
    return figure


def _cost_of(pids: list[int]) -> dict[str, list[float]]:
    """MiB a process, when it has had nothing to do for a while."""
    note(f"{SETTLING + MEASURING:.0f} s of doing nothing")
    time.sleep(SETTLING + MEASURING)
    costs = [idle.cost(pid) for pid in pids]
    return {name: [cost[name] / 1_024 for cost in costs] for name in ("resident", "proportional", "own")}


def show(rows: list[Row]) -> None:
    """A line a question: medians, their ratio, and whether it is what the oracles set out for."""
    print()
    print(bold("Side by side, medians"))
    print(dim(f"{'':<42}{'oracles':>12}   {'':<22}{'':>12}{'ratio':>8}{'target':>9}"))
    for row in rows:
        ours, theirs = (f"{statistics.median(figures):.1f} {row.unit}" for figures in (row.oracle, row.others))
        ratio, target = f"{row.ratio:8.3f}", ""
        if row.target is not None:
            ratio = (green if row.ratio <= row.target else red)(ratio)
            target = f"≤ {row.target:g}"
        print(f"{row.question:<42}{ours:>12}   {row.other:<22}{theirs:>12}{ratio}{target:>9}")


def as_json(rows: list[Row]) -> list[dict]:
    """For programs, with every figure."""
    return [{**asdict(row), "ratio": row.ratio} for row in rows]
