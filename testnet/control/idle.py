"""Measures what oracles cost that have nothing to do but to watch each other."""

import os
import time
from pathlib import Path

from . import failover
from .state import Node
from .terminal import TestnetError, bold, dim, note, say

FIGURES = ("cpu", "resident", "proportional", "own")


def cost(pid: int) -> dict[str, float]:
    """Processor seconds so far, and KiB of memory now, of any process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    memory = {line[0].rstrip(":"): int(line[1]) for line in lines}
    return {
        "processor": (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        "resident": memory["Rss"],
        "proportional": memory["Pss"],
        "own": memory["Private_Clean"] + memory["Private_Dirty"],
    }


def measure(testnet, settle: float, seconds: float) -> dict[int, dict[str, float]]:
    """Per oracle the share of a core in percent, and memory in KiB: resident, proportional (what is shared with the
    other oracles is counted in parts) and its own."""
    say("Waiting for the first anchored election")
    failover.wait_until_settled(testnet)
    say(f"{settle:.0f} s to settle, then {seconds:.0f} s of measurement")
    time.sleep(settle)
    before = {node.number: _cost(node) for node in testnet.nodes}
    begun = time.monotonic()
    time.sleep(seconds)
    spent = time.monotonic() - begun
    figures = {}
    for node in testnet.nodes:
        now = _cost(node)
        figures[node.number] = {
            "cpu": (now.pop("processor") - before[node.number]["processor"]) / spent * 100, **now}
        note(f"oracle {node.number} measured")
    return figures


def _cost(node: Node) -> dict[str, float]:
    try:
        return cost(node.process.pid)
    except OSError as error:
        raise TestnetError(
            f"oracle {node.number} cannot be measured: {error}; look at ./testnet/logs {node.number}") from None


def show(figures: dict[int, dict[str, float]], seconds: float) -> None:
    """Prints a row an oracle."""
    print()
    print(bold(f"Idle for {seconds:.0f} s, n = {len(figures)}"))
    print(dim(f"{'oracle':<8}{'of a core':>11}{'resident':>14}{'proportional':>14}{'its own':>14}"))
    for number, row in figures.items():
        memory = "".join(f"{row[name] / 1024:>10.1f} MiB" for name in FIGURES[1:])
        print(f"{number:<8}{row['cpu']:>9.2f} %{memory}")
