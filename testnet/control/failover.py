"""Ends leaders and measures how long the others take to have, certify and anchor the next one."""

import math
import signal
import statistics
import time

from . import inspect, launch
from .listen import Listener
from .state import Node, Testnet
from .terminal import TestnetError, bold, dim, note, say

WAYS = ("kill", "pause", "drain")
STAGES = ("view", "certificate", "block")
PATIENCE = 60.0
# In a larger committee a member has links with some dozen others.
FULL_MESH = 32


class Bench:
    """A testnet whose leaders are ended one after the other."""

    def __init__(self, program: str, testnet: Testnet):
        self.program = program
        self.testnet = testnet
        self.listeners = {node.number: Listener(node) for node in testnet.nodes}

    def run(self, ways: list[str], rounds: int) -> dict[str, dict[str, list[float]]]:
        """Milliseconds per way and stage, one figure a round."""
        say("Waiting for the first anchored election")
        wait_until_settled(self.testnet)
        results: dict[str, dict[str, list[float]]] = {}
        for way in ways:
            say(f"{rounds} x {way}")
            results[way] = {stage: [] for stage in STAGES}
            for number in range(1, rounds + 1):
                figures = self._round(way)
                for stage, figure in figures.items():
                    results[way][stage].append(figure)
                note(f"{number:3}  " + "  ".join(f"{stage} {figures[stage]:8.1f} ms" for stage in STAGES))
        for listener in self.listeners.values():
            listener.close()
        return results

    def _round(self, way: str) -> dict[str, float]:
        leader = inspect.leader(self.testnet)
        view = inspect.status(leader)["view"]
        survivors = [node for node in self.testnet.nodes if node is not leader]
        watched = self.testnet.nodes if way == "drain" else survivors
        begun = time.time() * 1_000
        self._end(leader, way)
        figures = {
            "view": self._latest(watched, "viewEntered", view) - begun,
            "certificate": self._latest(watched, "electionCertified", view) - begun,
            "block": self._latest(watched, "electionIncluded", view) - begun,
        }
        self._restore(leader, way)
        wait_until_settled(self.testnet)
        return figures

    def _end(self, leader: Node, way: str) -> None:
        if way == "kill":
            leader.process.send(signal.SIGKILL)
        elif way == "pause":
            leader.process.send(signal.SIGSTOP)
        else:
            inspect.drain(leader, True)

    def _restore(self, leader: Node, way: str) -> None:
        if way == "kill":
            leader.process.wait(5)
            launch.start_node(self.program, leader)
            self.testnet.save()
        elif way == "pause":
            leader.process.send(signal.SIGCONT)
        else:
            inspect.drain(leader, False)

    def _latest(self, nodes: list[Node], event: str, view: int) -> float:
        """When the last of the nodes had the event for a view above `view`, in milliseconds since 1970."""
        return max(self._await(node, event, view) for node in nodes)

    def _await(self, node: Node, event: str, view: int) -> float:
        found = self.listeners[node.number].first(
            lambda entry: entry["event"] == event and entry.get("view", 0) > view, PATIENCE)
        if found is None:
            raise TestnetError(f"oracle {node.number} had no {event} above view {view} within {PATIENCE:.0f} s; "
                               f"look at ./testnet/logs {node.number}")
        return found["time"]


def wait_until_settled(testnet: Testnet, patience: float = PATIENCE) -> None:
    """Returns when all oracles answer, are in one view with all links that they want, and the view is anchored."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        answers = [inspect.status(node) for node in testnet.nodes]
        if all(answer and _is_settled(answer, len(testnet.nodes)) for answer in answers):
            if len({answer["view"] for answer in answers}) == 1:
                # A link must have stood for a moment before its loss counts at once.
                time.sleep(1.5)
                return
        # Many oracles have better things to do on a small machine than to answer this.
        time.sleep(max(0.1, 0.02 * len(testnet.nodes)))
    raise TestnetError("the testnet did not settle; look at ./testnet/status")


def _is_settled(answer: dict, size: int) -> bool:
    up = sum(link["state"] == "up" for link in answer["links"])
    wanted = len(answer["links"]) if size <= FULL_MESH else 8
    return answer.get("view") is not None and answer.get("anchoredView") == answer["view"] and up >= wanted


def show(results: dict[str, dict[str, list[float]]], nodes: int, block_time: float) -> None:
    """Prints medians, 95th percentiles and maxima."""
    print()
    print(bold(f"Failover, n = {nodes}, blocks every {block_time:g} s: from the leader's end until all survivors have …"))
    print(dim(f"{'way':<8}{'…':<14}{'median':>10}{'p95':>10}{'max':>10}{'rounds':>9}"))
    names = {"view": "the view", "certificate": "certificate", "block": "the block"}
    for way, stages in results.items():
        for stage, figures in stages.items():
            ordered = sorted(figures)
            p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
            print(f"{way:<8}{names[stage]:<14}{statistics.median(ordered):>7.1f} ms{p95:>7.1f} ms"
                  f"{ordered[-1]:>7.1f} ms{len(ordered):>9}")
