"""Several processes of another program on this machine, and what their logs say when."""

import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from control.terminal import TestnetError

PATIENCE = 60.0


@dataclass(frozen=True)
class Line:
    """Something that one of the processes has logged, and when it reached us (monotonic seconds)."""

    time: float
    member: int
    text: str


class Cluster:
    """Processes numbered from 0. Ends them all when left as a context."""

    def __init__(self, name: str):
        self.name = name
        self.children: dict[int, subprocess.Popen] = {}
        self._lines: list[Line] = []
        self._news = threading.Condition()

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        for child in self.children.values():
            child.send_signal(signal.SIGKILL)
        for child in self.children.values():
            child.wait()

    def launch(self, member: int, command: list[str], **options) -> None:
        """Starts or restarts a member; both its outputs are its log."""
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
        self.children[member] = child
        threading.Thread(target=self._read, args=(member, child), daemon=True).start()

    def _read(self, member: int, child: subprocess.Popen) -> None:
        for text in child.stdout:
            line = Line(time.monotonic(), member, text.rstrip())
            with self._news:
                self._lines.append(line)
                self._news.notify_all()

    @property
    def mark(self) -> int:
        """Where the log ends now."""
        with self._news:
            return len(self._lines)

    def since(self, mark: int) -> list[Line]:
        """What has been logged since."""
        with self._news:
            return self._lines[mark:]

    def each(self, members: set[int], pattern: str, mark: int, patience: float = PATIENCE) -> dict[int, float]:
        """When each of the members first logged a line that matches, after the mark."""
        expression = re.compile(pattern)
        return self.collect(members, lambda line: expression.search(line.text) is not None, mark, patience)

    def collect(self, members: set[int], matches: Callable[[Line], bool], mark: int,
                patience: float = PATIENCE) -> dict[int, float]:
        """When each of the members first logged a line of this kind, after the mark; an error if one does not."""
        found: dict[int, float] = {}
        deadline, place = time.monotonic() + patience, mark
        with self._news:
            while True:
                for line in self._lines[place:]:
                    if line.member in members and line.member not in found and matches(line):
                        found[line.member] = line.time
                place = len(self._lines)
                if found.keys() == members:
                    return found
                rest = deadline - time.monotonic()
                if rest <= 0:
                    missing = ", ".join(map(str, sorted(members - found.keys())))
                    raise TestnetError(f"{self.name}: members {missing} did not notice within {patience:.0f} s")
                self._news.wait(rest)

    def kill(self, member: int) -> float:
        """Kills a member, and says when."""
        begun = time.monotonic()
        self.children[member].send_signal(signal.SIGKILL)
        return begun

    @property
    def pids(self) -> list[int]:
        return [child.pid for child in self.children.values()]
