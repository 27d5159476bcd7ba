"""Processes that outlive the script that started them."""

import os
import signal
import subprocess
import time
from pathlib import Path


class Process:
    """A process known by its pid and the moment it started, so that a reused pid is never mistaken for it."""

    def __init__(self, pid: int, started: int):
        self.pid = pid
        self.started = started

    @classmethod
    def launch(cls, command: list[str], log: Path, **options) -> "Process":
        """Starts a command in a session of its own, its output appended to a file."""
        with open(log, "ab") as output:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=options.pop("stdout", output), stderr=output,
                start_new_session=True, **options)
        process = cls(child.pid, _start_time(child.pid) or 0)
        process.child = child
        return process

    @property
    def alive(self) -> bool:
        state = self.state
        # The first thread may have ended while others still hold files and locks.
        return state not in (None, "X") and (state != "Z" or _threads(self.pid) > 1)

    @property
    def paused(self) -> bool:
        return self.state == "T"

    @property
    def state(self) -> str | None:
        """The kernel's letter for the process, or None when it is gone."""
        child = getattr(self, "child", None)
        if child is not None:
            child.poll()
        fields = _stat(self.pid)
        return fields[0] if fields and int(fields[19]) == self.started else None

    def send(self, number: signal.Signals) -> None:
        if self.alive:
            os.kill(self.pid, number)

    def stop(self, patience: float) -> None:
        """Asks to end, and insists after `patience` seconds."""
        if self.paused:
            self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        if not self.wait(patience):
            self.send(signal.SIGKILL)
            self.wait(5)

    def wait(self, patience: float) -> bool:
        """Whether the process has ended within `patience` seconds."""
        deadline = time.monotonic() + patience
        while self.alive:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def to_json(self) -> dict:
        return {"pid": self.pid, "started": self.started}


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from the state letter on."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text.rsplit(")", 1)[1].split()


def _threads(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


def _start_time(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[19]) if fields else None
