"""What a scenario is, and the words to say what must hold in it."""

import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class Broken(Exception):
    """Something that must hold does not; the text says what and what was seen instead."""


class Skipped(Exception):
    """The machine does not allow the scenario; the text says why."""


@dataclass(frozen=True)
class Scenario:
    """A name, a sentence on what must hold, and the function that tries it."""

    name: str
    holds: str
    run: Callable[[Any], str | None]
    # Whether it needs a testnet that nothing was done to before, and leaves it unfit for others.
    is_alone: bool
    # Whether one member of the committee is not an oracle but in the scenario's hands.
    has_guest: bool
    # What stands in every oracle's configuration besides the usual.
    further: str
    # Whether there are operators, the contract for validators' keys and a beacon chain.
    has_operators: bool = False


SCENARIOS: list[Scenario] = []


def scenario(run: Callable[[Any], str | None] | None = None, *, alone: bool = False,
             guest: bool = False, further: str = "", operators: bool = False) -> Any:
    """Enters a function into the list; its documentation's first paragraph is what must hold."""

    def enter(function: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
        holds = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
        is_alone = alone or guest or bool(further) or operators
        SCENARIOS.append(Scenario(function.__name__.replace("_", "-"), holds, function, is_alone, guest, further, operators))
        return function

    return enter if run is None else enter(run)


def check(holds: Any, what: str) -> None:
    """Fails with `what` unless it holds."""
    if not holds:
        raise Broken(what)


def wait(what: str, holds: Callable[[], Any], patience: float = 30.0, *, seen: Callable[[], Any] | None = None) -> Any:
    """Waits until `holds` gives something, and returns that; fails with what is `seen` instead after `patience`."""
    deadline = time.monotonic() + patience
    while not (found := holds()):
        if time.monotonic() > deadline:
            raise Broken(f"{what}: not within {patience:.0f} s" + (f"; seen: {seen()}" if seen else ""))
        time.sleep(0.05)
    return found


def stays(what: str, holds: Callable[[], Any], duration: float, *, seen: Callable[[], Any] | None = None) -> None:
    """Fails when `holds` stops to give something within `duration` seconds."""
    deadline = time.monotonic() + duration
    while time.monotonic() < deadline:
        if not holds():
            raise Broken(f"{what}: not any more" + (f"; seen: {seen()}" if seen else ""))
        time.sleep(0.05)
