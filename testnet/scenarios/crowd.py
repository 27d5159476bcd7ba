"""Strangers who connect to oracles from many addresses at once: as a program, so that nobody else waits for them.

    python -m scenarios.crowd --rate 1000 --preamble HEX --sources 10.77.2.1,10.77.2.2 HOST:PORT...
"""

import argparse
import contextlib
import json
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator

from control.process import Process
from control.state import ROOT

HELD_AT_ONCE = 600
TICK = 0.005


class Crowd:
    """A crowd that is there until it is closed."""

    def __init__(self, rate: int, preamble: bytes, sources: list[str], targets: list[tuple[str, int]], manners: str):
        self._process = Process.launch(
            [sys.executable, "-m", "scenarios.crowd", "--rate", str(rate), "--preamble", preamble.hex(),
             "--sources", ",".join(sources), "--manners", manners, *(f"{host}:{port}" for host, port in targets)],
            os.devnull, stdout=subprocess.PIPE, cwd=ROOT / "testnet")
        # What holds for the time after the construction must not wait for the interpreter to start.
        self._process.child.stdout.readline()

    def close(self) -> float:
        """Sends it home. Returns how many connections a second there were."""
        self._process.send(signal.SIGTERM)
        counted = self._process.child.stdout.readline()
        self._process.stop(5)
        self._process.child.stdout.close()
        return json.loads(counted)["rate"] if counted else 0.0


def _garbage(preamble: bytes) -> Iterator[bytes]:
    yield os.urandom(random.randint(1, 4_096))


def _slow(preamble: bytes) -> Iterator[bytes]:
    for byte in preamble + struct.pack(">H", 32) + os.urandom(32):
        yield bytes([byte])


def _half(preamble: bytes) -> Iterator[bytes]:
    yield preamble + struct.pack(">H", 32) + os.urandom(32)


MANNERS = {"silent": lambda preamble: iter(()), "slow": _slow, "garbage": _garbage, "half": _half}


class Stranger:
    """One connection and what it does: nothing, a byte now and then, garbage, or a good beginning without an end."""

    def __init__(self, source: str, target: tuple[str, int], words: Iterator[bytes]):
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.bind((source, 0))
        self.socket.connect_ex(target)
        self._words = words

    def speak(self) -> None:
        with contextlib.suppress(OSError, StopIteration):
            self.socket.send(next(self._words))

    def leave(self) -> None:
        if random.random() < 0.5:  # without a goodbye
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="scenarios.crowd", description=__doc__.split("\n")[0])
    parser.add_argument("targets", nargs="+")
    parser.add_argument("--rate", type=int, required=True, help="connections a second")
    parser.add_argument("--preamble", type=bytes.fromhex, required=True)
    parser.add_argument("--sources", required=True)
    parser.add_argument("--manners", choices=["all", *MANNERS], default="all")
    options = parser.parse_args()
    targets = [(host, int(port)) for host, port in (target.rsplit(":", 1) for target in options.targets)]
    sources = options.sources.split(",")

    there: deque[Stranger] = deque()
    is_over, count, begun = [], 0, time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: is_over.append(True))
    print("{}", flush=True)
    while not is_over:
        due = int((time.monotonic() - begun) * options.rate)
        while count < due and not is_over:
            with contextlib.suppress(OSError):
                manner = random.choice(list(MANNERS)) if options.manners == "all" else options.manners
                words = MANNERS[manner](options.preamble)
                there.append(Stranger(random.choice(sources), random.choice(targets), words))
            count += 1
            if len(there) > HELD_AT_ONCE:
                there.popleft().leave()
        for stranger in random.sample(there, min(len(there), options.rate // 50 + 1)):
            stranger.speak()
        time.sleep(TICK)
    print(json.dumps({"connections": count, "rate": count / (time.monotonic() - begun)}), flush=True)


if __name__ == "__main__":
    main()
