"""The oracles, measured by the same yardsticks as the others."""

import random
import signal
import time

from control import failover, inspect, launch
from control.listen import Listener
from control.state import Node, Testnet
from control.terminal import TestnetError


class Oracles:
    """A testnet that is kept whole: whoever is killed comes back before the next measurement."""

    def __init__(self, program: str, testnet: Testnet):
        self.program = program
        self.testnet = testnet
        self.listeners = {node.number: Listener(node) for node in testnet.nodes}
        failover.wait_until_settled(testnet)

    def close(self) -> None:
        for listener in self.listeners.values():
            listener.close()

    def failover(self) -> tuple[float, float]:
        """Milliseconds from the leader's kill until all others are in the next view; and from the first that has
        its certificate, which is the news, to the last."""
        leader = inspect.leader(self.testnet)
        view = inspect.status(leader)["view"]
        others = [node for node in self.testnet.nodes if node is not leader]
        begun = time.time() * 1_000
        leader.process.send(signal.SIGKILL)

        def later(event: str) -> list[float]:
            return [self._first(node, lambda entry: entry["event"] == event and entry.get("view", 0) > view)
                    for node in others]

        entered, certified = later("viewEntered"), later("electionCertified")
        self._restore(leader)
        return max(entered) - begun, max(certified) - min(certified)

    def detection(self) -> float:
        """Milliseconds from a follower's kill until all others say that they have lost it."""
        leader = inspect.leader(self.testnet)
        victim = random.choice([node for node in self.testnet.nodes if node is not leader])
        others = [node for node in self.testnet.nodes if node is not victim]
        begun = time.time() * 1_000
        victim.process.send(signal.SIGKILL)

        def lost(entry: dict) -> bool:
            return entry["event"] == "linkDown" and entry["time"] >= begun and entry.get("member") == victim.number

        times = [self._first(node, lost) for node in others]
        self._restore(victim)
        return max(times) - begun

    def _first(self, node: Node, matches) -> float:
        found = self.listeners[node.number].first(matches, failover.PATIENCE)
        if found is None:
            raise TestnetError(f"oracle {node.number} did not notice within {failover.PATIENCE:.0f} s; "
                               f"look at ./testnet/logs {node.number}")
        return found["time"]

    def _restore(self, node: Node) -> None:
        node.process.wait(5)
        launch.start_node(self.program, node)
        self.testnet.save()
        failover.wait_until_settled(self.testnet)
