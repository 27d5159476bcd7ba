"""Everything a fresh machine needs before a testnet can start."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from .state import ROOT
from .terminal import TestnetError, dim, note, say

PYTHON = ROOT / ".venv" / "bin" / "python"
CHOICE = "TESTNET_PROGRAM"


def prepare(build: bool) -> str:
    """Installs, builds, and returns the path of the oracle program."""
    _run([str(ROOT / "scripts" / "setup")], "the system packages could not be set up")
    make_environment()
    if build and not os.environ.get(CHOICE):
        _build()
    return program_in_use()


def make_environment(*flags: str) -> None:
    # It prints where the interpreter is, for scripts.
    _run([str(ROOT / "scripts" / "python-env"), *flags], "the Python environment could not be made",
         stdout=subprocess.DEVNULL)


def program_in_use() -> str:
    """The program that the environment names, or else the one that was built last."""
    if chosen := os.environ.get(CHOICE):
        if not os.access(chosen, os.X_OK):
            raise TestnetError(f"{CHOICE} is {chosen}, which is no program")
        return str(Path(chosen).absolute())
    where = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True)
    program = Path(where.stdout.strip()) / "oracle"
    if where.returncode or not os.access(program, os.X_OK):
        raise TestnetError("the oracle program is not built; run ./testnet/run without --no-build")
    return str(program)


def _run(command: list[str], failure: str, **options) -> None:
    if subprocess.run(command, cwd=ROOT, **options).returncode:
        raise TestnetError(f"{failure}; the lines above say why")


def _build() -> None:
    """A release build, its progress on one line."""
    say("Building the oracle (release; a first build takes some ten minutes, later ones seconds)")
    started = time.monotonic()
    build = subprocess.Popen(
        [str(ROOT / "scripts" / "build")],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines: list[str] = []
    ticking = threading.Thread(target=_show_progress, args=(build, lines, started), daemon=True)
    ticking.start()
    for line in build.stdout:
        lines.append(line.rstrip())
        del lines[:-200]
    if build.wait():
        print("\n".join(lines[-40:]), file=sys.stderr)
        raise TestnetError("the build failed")
    ticking.join()
    note(f"built in {time.monotonic() - started:.0f} s")


def _show_progress(build: subprocess.Popen, lines: list[str], started: float) -> None:
    tty = sys.stdout.isatty()
    shown = started
    while build.poll() is None:
        time.sleep(0.2)
        step = next((line for line in reversed(lines) if line.startswith("[")), "resolving packages")
        text = f"    {time.monotonic() - started:4.0f} s  {step}"[:100]
        if tty:
            print(f"\r{dim(text):<110}", end="", flush=True)
        elif time.monotonic() - shown > 30:
            shown = time.monotonic()
            print(text, flush=True)
    if tty:
        print("\r" + " " * 110 + "\r", end="", flush=True)
