"""Watches all oracles all the time, whatever a scenario does, for what must never happen."""

import threading
import time
from collections.abc import Callable

from control import inspect
from control.state import Testnet


class Witness:
    """Asks every oracle where it stands, ten times a second, and compares with all it was ever told.

    No oracle's view or certificate falls, not even by a restart; no view has two leaders; there is one group key.
    """

    def __init__(self, testnet: Testnet):
        # What else wants to know the answers of each look around, by the oracle's number.
        self.on_look: Callable[[dict[int, dict]], None] | None = None
        self.violations: list[str] = []
        self.looks = 0
        self._testnet = testnet
        self._highest: dict[tuple[int, str], int] = {}
        self._leaders: dict[int, int] = {}
        self._key: str | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(0.1):
            answers = {}
            for node in self._testnet.nodes:
                if node.alive and not node.process.paused:
                    answer = inspect.status(node, timeout=0.5)
                    if answer:
                        answers[node.number] = answer
                        self._look(node.number, answer)
            if self.on_look:
                self.on_look(answers)

    def _look(self, number: int, answer: dict) -> None:
        self.looks += 1
        certificate = answer.get("certificate") or {}
        self._rises(number, "view", answer.get("view"))
        self._rises(number, "certificate", certificate.get("view"))
        self._has_one_leader(number, answer.get("view"), answer.get("leader"))
        self._has_one_leader(number, certificate.get("view"), certificate.get("leader"))
        key = (answer.get("groupKey") or {}).get("key")
        if key and self._key not in (None, key):
            self._tell(f"oracle {number} has the group key {key}, others had {self._key}")
        self._key = self._key or key

    def _rises(self, number: int, what: str, value: int | None) -> None:
        highest = self._highest.get((number, what), 0)
        if value is not None and value < highest:
            self._tell(f"the {what} of oracle {number} fell from {highest} to {value}")
        self._highest[number, what] = max(highest, value or 0)

    def _has_one_leader(self, number: int, view: int | None, leader: int | None) -> None:
        if view is None or leader is None:
            return
        known = self._leaders.setdefault(view, leader)
        if known != leader:
            self._tell(f"oracle {number} says that {leader} leads view {view}, another said {known}")

    def _tell(self, what: str) -> None:
        if what not in self.violations:
            self.violations.append(f"{what} (at {time.strftime('%H:%M:%S')})")
