"""Runs rounds of trouble, each followed by peace, until the time is over."""

import contextlib
import statistics
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from control import inspect
from control.terminal import TestnetError

from ..disk import small_disk
from ..scenario import Broken, Skipped
from ..storm import Storm
from . import gauge
from .interregnum import Interregnum
from .ledger import Ear, Ledger
from .plan import Trouble, draw
from .troubles import KINDS, Place, Struck

ROUND = 45.0  # seconds of trouble, before everything is mended
SETTLING = 120.0
DISK = 48  # MiB of the small disk


@dataclass
class Tally:
    """What a soak has come to so far."""

    seed: int
    nodes: int
    minutes: float = 0.0
    rounds: int = 0
    troubles: dict[str, int] = field(default_factory=dict)
    elections: int = 0
    anchored: int = 0
    verified: int = 0
    looks: int = 0
    with_leader: float = 0.0
    recoveries: list[float] = field(default_factory=list)
    readings: list[gauge.Reading] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def count(self, trouble: str) -> None:
        self.troubles[trouble] = self.troubles.get(trouble, 0) + 1


class Soak:
    """One testnet under random troubles, and the watch over it."""

    def __init__(self, storm: Storm, seed: int):
        self.storm = storm
        self.tally = Tally(seed, len(storm.nodes))
        self._random = Random(seed)
        self._begun = time.monotonic()
        self._place = Place(storm, storm.nodes[0], storm.nodes[-1])
        self._ledger = Ledger(storm.program, may_halt=frozenset({self._place.cramped.number}))
        self._ears = [Ear(node, self._ledger) for node in storm.nodes]
        quorum = len(storm.nodes) - (len(storm.nodes) - 1) // 3
        self.interregnum = Interregnum(quorum)
        self._active: list[tuple[float, Trouble, Struck]] = []
        self._disk = contextlib.ExitStack()
        self._kinds = list(KINDS.values())

    @property
    def minute(self) -> float:
        return (time.monotonic() - self._begun) / 60

    def run(self, minutes: float, tell) -> None:
        """Plays rounds for so long, and ends sooner when something is found; `tell` is called after each."""
        try:
            self._prepare()
            while self.minute < minutes and not self.tally.violations:
                length = min(ROUND, max(5.0, (minutes - self.minute) * 60))
                self._play(draw(self._random, self._kinds, len(self.storm.nodes), length))
                self._rest()
                tell(self.tally)
            if not self.tally.violations:
                self._end_all_at_once()
        except Exception as error:  # whatever it is, what was measured so far is worth showing
            self.tally.violations.append(f"{type(error).__name__}: {error}")
        finally:
            self.storm.witness.on_look = None
            for ear in self._ears:
                ear.close()
            with contextlib.suppress(OSError):
                self.storm.kill(self._place.cramped)
                self._disk.close()

    def _prepare(self) -> None:
        self.storm.settle()
        cramped = self._place.cramped
        self.storm.kill(cramped)
        try:
            self._disk.enter_context(small_disk(cramped.directory / "data", DISK))
        except Skipped:  # no privileges for a disk of its own
            self._kinds = [kind for kind in self._kinds if kind.name != "disk-full"]
        self.storm.start(cramped)
        self.storm.wait_until_linked()
        ended = self.storm.oracle("committee", "export", "--socket", str(self._place.spared.socket), "--output",
                                  str(self._ledger.committee))
        if ended.returncode:
            raise Broken(f"the committee's record could not be had: {ended.stderr}")
        self.storm.witness.on_look = self._look
        self._measure()

    # Trouble

    def _play(self, troubles: list[Trouble]) -> None:
        begun = time.monotonic()
        waiting = list(troubles)
        while waiting or self._active:
            now = time.monotonic() - begun
            for entry in [entry for entry in self._active if entry[0] <= now]:
                self._mend(entry)
            # What took longer than it was meant to holds up the next of its slot.
            busy = {KINDS[trouble.name].slot for _, trouble, _ in self._active}
            due = next((trouble for trouble in waiting if trouble.at <= now and KINDS[trouble.name].slot not in busy), None)
            if due:
                waiting.remove(due)
                self._begin(due, now)
            self._check_processes()
            time.sleep(0.05)

    def _begin(self, trouble: Trouble, now: float) -> None:
        try:
            struck = KINDS[trouble.name].begin(self._place, trouble, Random(trouble.seed))
        except TestnetError:
            return  # it takes a leader, and nobody leads at this moment
        self._active.append((now + trouble.lasts, trouble, struck))
        self.tally.count(trouble.name)

    def _mend(self, entry: tuple[float, Trouble, Struck]) -> None:
        entry[2].mend()
        self._active.remove(entry)

    def _check_processes(self) -> None:
        may_end = set().union(*(struck.may_end for _, _, struck in self._active))
        for node in self.storm.nodes:
            if not node.alive and node.number not in may_end:
                raise Broken(f"oracle {node.number} has ended by itself; its log ends with: {self.storm.log(node)[-800:]}")

    # Peace

    def _rest(self) -> None:
        """Everything is mended: all must come together and elect once more, and what they say must be true."""
        self.storm.clear_up()
        self._come_together()
        for node in self.storm.nodes:
            answer = self.storm.status(node)
            if any(link["isConvicted"] for link in answer.get("links", [])):
                self._ledger.tell(f"oracle {node.number} holds an honest member for convicted")
        for election in self.storm.elections():
            self._ledger.log(election)
        self._ledger.verify()
        self.tally.rounds += 1
        self._measure()
        self._sum_up()

    def _come_together(self) -> None:
        begun = time.monotonic()
        self.storm.wait_until_linked(SETTLING)
        view = self.storm.wait_until_agreed(SETTLING)
        self.tally.recoveries.append(time.monotonic() - begun)
        leader = self.storm.leader()
        inspect.drain(leader, True)
        self.storm.wait_for_next(self.storm.nodes, view, SETTLING)
        inspect.drain(leader, False)

    def _end_all_at_once(self) -> None:
        self.storm.kill(*self.storm.nodes)
        self.storm.start(*self.storm.nodes)
        self.tally.count("all-killed")
        self._come_together()
        self._sum_up()

    def _measure(self) -> None:
        reading = gauge.read(self._place.spared, self.minute)
        if reading:
            self.tally.readings.append(reading)

    def _sum_up(self) -> None:
        tally, ledger = self.tally, self._ledger
        tally.minutes = self.minute
        tally.elections = len(ledger.leaders)
        tally.anchored = len(ledger.anchored)
        tally.verified = ledger.verified
        tally.looks = self.interregnum.looks
        tally.with_leader = self.interregnum.with_leader / max(1, self.interregnum.looks)
        for found in (*ledger.violations, *self.storm.witness.violations):
            if found not in tally.violations:
                tally.violations.append(found)

    # The watch

    def _look(self, answers: dict[int, dict]) -> None:
        """In the witness's thread, ten times a second."""
        active = list(self._active)
        troubled = set().union(*(struck.members for _, _, struck in active))
        self.interregnum.look(time.monotonic() - self._begun, answers, troubled,
                              ", ".join(trouble.name for _, trouble, _ in active))
        for number, answer in answers.items():
            if answer.get("certificate"):
                self._ledger.certificate(f"oracle {number}", answer["certificate"])
            if answer.get("isHalted") and number not in self._ledger.may_halt:
                self._ledger.tell(f"oracle {number} has halted")


    # What came of it

    def figures(self) -> dict[str, str]:
        """What a person wants to know at the end, each in words."""
        tally, readings = self.tally, self.tally.readings
        troubles = sorted(tally.troubles.items(), key=lambda item: -item[1])
        rows = {
            "seed, time": f"{tally.seed}, {tally.minutes:.1f} minutes in {tally.rounds} rounds",
            "troubles": f"{sum(tally.troubles.values())}: " + ", ".join(f"{name} {count}" for name, count in troubles),
            "elections": f"{tally.elections}, {tally.anchored} of them on the chain",
            "verified with oracle verify": f"{tally.verified} certificates and logs",
            "safety violations": str(len(tally.violations)),
            "with a leader": f"{100 * tally.with_leader:.1f} % of {tally.looks} looks",
            "longest without a leader": str(self.interregnum.longest),
            "the same with a quorum there": str(self.interregnum.longest_within),
        }
        if tally.recoveries:
            rows["recovery"] = (f"{statistics.median(tally.recoveries):.1f} s median, {max(tally.recoveries):.1f} s longest, "
                                "until all are linked and follow one certified leader")
        if readings:
            # The first minutes fill buffers and caches.
            later = [(reading.minute, reading.own) for reading in readings if reading.minute >= tally.minutes / 2]
            rows["memory of its own"] = (
                f"{_span([reading.own / 1024 for reading in readings])} MiB; in the second half "
                f"{gauge.slope(later) * 60 / 1024:+.2f} MiB an hour")
            rows["descriptors"] = _span([reading.descriptors for reading in readings])
            rows["threads"] = _span([reading.threads for reading in readings])
            rows["data directory"] = f"{_span([reading.disk / 1024 for reading in readings])} MiB"
        return rows


def _span(values: list[float]) -> str:
    return f"{values[0]:.3g} at first, {values[-1]:.3g} at last, {max(values):.3g} at most"


def as_json(soak: Soak) -> dict:
    """All figures, for programs."""
    return {**asdict(soak.tally), "longestWithoutLeader": asdict(soak.interregnum.longest),
            "longestWithoutLeaderWithinLimit": asdict(soak.interregnum.longest_within)}


def leave_logs(directory: Path, tally: Tally) -> None:
    (directory / "violations.txt").write_text("\n".join([f"seed {tally.seed}", *tally.violations]) + "\n")
