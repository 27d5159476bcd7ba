"""A testnet whose members reach each other through a relay only, which makes the weather."""

import signal
import time
from dataclasses import replace

from control import isolation, launch
from control.state import RUN, Node, Testnet

from . import clock
from .crowd import Crowd
from .grounds import Grounds, Loopback, Namespaces
from .peer import Network
from .relay import FAIR, Relay, Weather
from .scenario import wait
from .world import World, brief

Pair = tuple[int, int]


class Storm(World):
    """Members with a relay between them: each in a network of its own where that can be, else all on loopback."""

    def bring_up(self, count: int) -> Testnet:
        RUN.mkdir(parents=True, exist_ok=True)
        self._weather: Weather = FAIR
        self._held: set[Pair] = set()
        library = clock.build(RUN)
        self.clocks = {number: clock.Clock(RUN / f"clock-{number}", library) for number in range(1, count + 1)}
        self.grounds: Grounds = Namespaces(count) if isolation.is_inside() else Loopback(count)
        self.relay = Relay(self.grounds.hub, self.grounds.addresses, self.grounds.who)
        places = [
            launch.Place("{}:{}".format(*address), f"{self.grounds.hub}:{self.relay.ports[number]}",
                         (*self.grounds.prefix(number), *self.clocks[number].prefix),
                         "metrics:\n  listen: {}:{}\n".format(*self.grounds.metrics[number]))
            for number, address in self.grounds.addresses.items()
        ]
        return launch.bring_up(self.program, count, None, 1.0, places=places, host=self.grounds.hub)

    def close(self) -> None:
        super().close()
        self.relay.close()
        self.grounds.close()

    # Who has no process refuses connections; the relay would take them. So it is told before and after.

    def kill(self, *nodes: Node) -> None:
        self.relay.shut(node.number for node in nodes)
        super().kill(*nodes)

    def stop(self, node: Node, number: signal.Signals = signal.SIGTERM) -> None:
        self.relay.shut([node.number])
        super().stop(node, number)

    def start(self, *nodes: Node) -> None:
        self.relay.open(node.number for node in nodes)
        super().start(*nodes)

    # The weather

    @property
    def numbers(self) -> list[int]:
        return [node.number for node in self.nodes]

    def everywhere(self, weather: Weather) -> None:
        """The weather between all from now on; who is cut off stays so."""
        self._weather = weather
        self._show()

    def cut(self, *parts: list[int]) -> set[Pair]:
        """Nothing passes between the parts, in either direction, until what this returns is joined."""
        return self._hold({(one, other) for here in parts for there in parts if here is not there
                           for one in here for other in there})

    def one_way(self, source: list[int], target: list[int]) -> set[Pair]:
        """What the source says does not reach the target, until what this returns is joined."""
        return self._hold({(one, other) for one in source for other in target})

    def join(self, pairs: set[Pair]) -> None:
        self._held -= pairs
        self._show()

    def clear_up(self) -> None:
        """Fair weather, and nobody cut off."""
        self._weather = FAIR
        self.join(set(self._held))

    def _hold(self, pairs: set[Pair]) -> set[Pair]:
        self._held |= pairs
        self._show()
        return pairs

    def _show(self) -> None:
        pairs = {(one, other) for one in self.numbers for other in self.numbers}
        self.relay.set({pair: replace(self._weather, is_held=pair in self._held) for pair in pairs})

    def crowd(self, rate: int, *nodes: Node, manners: str = "all") -> Crowd:
        """Strangers who connect to the nodes, so many a second, and behave badly until the crowd is closed."""
        preamble = Network.of(self.testnet.registry).preamble()
        targets = [self.grounds.addresses[node.number] for node in nodes]
        return Crowd(rate, preamble, self.grounds.strangers, targets, manners)

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
