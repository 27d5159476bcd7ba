"""Waiting for what other processes do, never for ever."""

import time
from collections.abc import Callable
from typing import TypeVar

from .state import Node
from .terminal import TestnetError

Found = TypeVar("Found")


def wait(what: str, holds: Callable[[], Found | None], patience: float, where: str, pause: float = 0.1) -> Found:
    """What `holds` gives, as soon as that is something; after `patience` seconds an error that says where to look."""
    deadline = time.monotonic() + patience
    while not (found := holds()):
        if time.monotonic() > deadline:
            raise TestnetError(f"{what}: not within {patience:.0f} s; look at {where}")
        time.sleep(pause)
    return found


class LogReader:
    """The lines that come to an oracle's log from now on."""

    def __init__(self, node: Node):
        self.node = node
        self._place = node.log.stat().st_size if node.log.exists() else 0
        self._rest = b""

    def lines(self) -> list[str]:
        """Those that are new since the last time, and whole."""
        if not self.node.log.exists():
            return []
        with open(self.node.log, "rb") as file:
            file.seek(self._place)
            added = file.read()
        self._place += len(added)
        *whole, self._rest = (self._rest + added).split(b"\n")
        return [line.decode(errors="replace") for line in whole]
