"""A wall clock for one process."""

import subprocess
import sys
import time

import pytest
from scenarios import clock

# Shows both clocks at each line that it reads.
SHOWS = "import sys, time\nfor _ in sys.stdin: print(time.time(), time.monotonic(), flush=True)"
# Waits half a second by the wall clock, which must not be held up or hastened by where that stands.
WAITS = """
import threading, time
begun = time.monotonic()
lock = threading.Lock()
lock.acquire()
lock.acquire(timeout=0.5)
print(time.monotonic() - begun)
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    found = clock.build(tmp_path_factory.mktemp("clock"))
    if found is None:
        pytest.skip("there is no C compiler")
    return found


def test_a_clock_is_set_while_the_process_runs_and_durations_are_left_alone(library, tmp_path):
    own = clock.Clock(tmp_path / "offset", library)
    process = subprocess.Popen(
        [*own.prefix, sys.executable, "-c", SHOWS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        for offset in (0, 3_600, -86_400, 10 * 365 * 86_400, 0):
            own.set(offset)
            process.stdin.write("\n")
            process.stdin.flush()
            wall, monotonic = map(float, process.stdout.readline().split())
            assert wall - time.time() == pytest.approx(offset, abs=5)
            assert monotonic - time.monotonic() == pytest.approx(0, abs=5)
    finally:
        process.stdin.close()
        process.wait()


@pytest.mark.parametrize("offset", [-86_400, 86_400])
def test_who_waits_until_a_moment_of_the_clock_waits_as_long_as_it_takes(library, tmp_path, offset):
    own = clock.Clock(tmp_path / "offset", library)
    own.set(offset)
    ended = subprocess.run([*own.prefix, sys.executable, "-c", WAITS], capture_output=True, text=True, timeout=60)
    assert 0.4 < float(ended.stdout) < 30


def test_without_a_library_the_clock_is_the_machines(tmp_path):
    own = clock.Clock(tmp_path / "offset", None)
    assert (own.prefix, own.can_be_set) == ((), False)
