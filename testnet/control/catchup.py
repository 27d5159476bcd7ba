"""Measures how soon an oracle that was away has what the others hold, and what the others feel of it."""

import json
import os
import re
import subprocess
import time
import urllib.request
from pathlib import Path

from . import failover, idle, inspect, launch
from .state import ROOT, Node, Testnet
from .terminal import TestnetError, bold, dim, note, say

# More often than by default, so that there are enough heartbeats to speak of their 99th percentile.
HEARTBEAT = "50ms"
LATENESS = "oracle_gossip_heartbeat_lateness_seconds"
PATIENCE = 900.0


class CatchUp:
    """A testnet of which the last oracle is away while the first one's log grows."""

    def __init__(self, program: str, testnet: Testnet):
        self.program = program
        self.testnet = testnet
        self.author = testnet.nodes[0]
        self.away = testnet.nodes[-1]
        self.others = testnet.nodes[:-1]

    def run(self, entries: int, entry_bytes: int, settle: float) -> dict:
        """Seconds, rates, heartbeat lateness and what both sides cost."""
        say("Waiting for the first anchored election")
        failover.wait_until_settled(self.testnet)
        epoch = inspect.status(self.author)["epoch"]
        for node in self.testnet.nodes:
            node.process.stop(10)
        say(f"Writing {entries} entries of {entry_bytes} bytes into the logs of {len(self.others)} oracles")
        self._write(epoch, entries, entry_bytes)
        say(f"Starting the others; {settle:.0f} s to settle, then {settle:.0f} s of idleness are measured")
        for node in self.others:
            launch.start_node(self.program, node)
        self.testnet.save()
        self._await_links(self.others)
        target = max(self._length(node) or 0 for node in self.others)
        time.sleep(settle)
        before = self._lateness(self.others)
        time.sleep(settle)
        quiet = self._lateness(self.others)

        say(f"Starting oracle {self.away.number}, which lacks {entries} entries")
        launch.start_node(self.program, self.away)
        self.testnet.save()
        # Its own start is not its catching up: counted is from the first entry it has stored.
        begun, held = self._wait_for(lambda length: length > 0)
        costs = {node.number: idle.cost(node.process.pid) for node in self.testnet.nodes}
        busy_before = self._lateness(self.testnet.nodes)
        peak = self._watch(target)
        ended = time.monotonic()
        spent = ended - begun
        busy = self._lateness(self.testnet.nodes)
        figures = {
            "seconds": spent, "entries": target - held, "entriesPerSecond": (target - held) / spent,
            "megabytesPerSecond": (target - held) * entry_bytes / spent / 1e6,
            "idleLateness": _quantile(_difference(quiet, before), 0.99),
            "busyLateness": _quantile(_difference(busy, busy_before), 0.99),
            "idleBeats": _count(_difference(quiet, before)), "busyBeats": _count(_difference(busy, busy_before)),
            "nodes": {},
        }
        for node in self.testnet.nodes:
            cost = idle.cost(node.process.pid)
            figures["nodes"][node.number] = {
                "core": (cost["processor"] - costs[node.number]["processor"]) / spent * 100,
                "peak": peak[node.number] / 1024,
            }
        return figures

    def _write(self, epoch: int, entries: int, entry_bytes: int) -> None:
        request = urllib.request.Request(
            self.testnet.rpc, headers={"Content-Type": "application/json"},
            data=json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_getBlockByNumber",
                             "params": ["0x0", False]}).encode())
        with urllib.request.urlopen(request, timeout=10) as response:
            genesis = json.loads(response.read())["result"]["hash"]
        command = [
            _writer(), str(self.author.directory / "data"), str(self.author.directory / "seal.key"),
            str(self.testnet.registry["chainId"]), genesis, self.testnet.registry["registry"], str(epoch),
            str(self.author.number), str(entries), str(entry_bytes),
            *(str(node.directory / "data") for node in self.others)]
        written = subprocess.run(command, capture_output=True, text=True)
        if written.returncode:
            raise TestnetError(f"the entries could not be written: {written.stderr.strip()[-400:]}")

    def _await_links(self, nodes: list[Node]) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            answers = [inspect.status(node) for node in nodes]
            if all(answer and sum(link["state"] == "up" for link in answer["links"]) >= len(nodes) - 1
                   for answer in answers):
                return
            time.sleep(0.2)
        raise TestnetError("the oracles did not find each other; look at ./testnet/status")

    def _length(self, node: Node) -> int | None:
        """How many entries of the author's log the oracle has, or None while it does not answer."""
        try:
            text = inspect.metrics(node)
        except TestnetError:
            return None
        found = re.search(rf'^oracle_log_entries{{member="{self.author.number}"}} (\S+)$', text, re.M)
        return int(float(found[1])) if found else 0

    def _wait_for(self, condition) -> tuple[float, int]:
        """When the one that was away first has as many entries as the condition wants, and how many."""
        held = self._length(self.away) or 0
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            now = time.monotonic()
            length = self._length(self.away)
            if length is not None and length > held and condition(length):
                return now, length
            held = length if length is not None and not held else held
            time.sleep(0.02)
        raise TestnetError(f"oracle {self.away.number} did not catch up; look at ./testnet/logs {self.away.number}")

    def _watch(self, target: int) -> dict[int, float]:
        """Waits until all is there; the most memory of each oracle meanwhile, in KiB."""
        peak = {node.number: 0.0 for node in self.testnet.nodes}
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for node in self.testnet.nodes:
                peak[node.number] = max(peak[node.number], idle.cost(node.process.pid)["resident"])
            length = self._length(self.away)
            if length is not None and length >= target:
                return peak
            time.sleep(0.1)
        raise TestnetError(f"oracle {self.away.number} has {self._length(self.away)} of {target} entries "
                           f"after {PATIENCE:.0f} s; look at ./testnet/logs {self.away.number}")

    def _lateness(self, nodes: list[Node]) -> dict[float, float]:
        """How many heartbeats were at most so late, over all the oracles, by the upper bounds in seconds."""
        sums: dict[float, float] = {}
        for node in nodes:
            for bound, count in re.findall(rf'^{LATENESS}_bucket{{le="([^"]+)"}} (\S+)$', inspect.metrics(node), re.M):
                sums[float(bound)] = sums.get(float(bound), 0.0) + float(count)
        return sums


def _writer() -> str:
    """The program that writes entries, built if it is not."""
    if chosen := os.environ.get("TESTNET_LOG_WRITER"):
        return chosen
    say("Building the program that writes entries")
    if subprocess.run([str(ROOT / "scripts" / "build"), "LogWriter"], cwd=ROOT).returncode:
        raise TestnetError("it could not be built; the lines above say why")
    where = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True)
    return str(Path(where.stdout.strip()) / "LogWriter")


def _difference(now: dict[float, float], before: dict[float, float]) -> dict[float, float]:
    return {bound: count - before.get(bound, 0.0) for bound, count in now.items()}


def _count(counts: dict[float, float]) -> int:
    return int(max(counts.values(), default=0.0))


def _quantile(counts: dict[float, float], share: float) -> float | None:
    """Milliseconds that the share of all values does not exceed, drawn straight through the bucket it is in."""
    wanted = _count(counts) * share
    below, least = 0.0, 0.0
    for bound in sorted(counts):
        if counts[bound] >= wanted > 0:
            if bound == float("inf"):
                return least * 1000
            return (least + (bound - least) * (wanted - below) / (counts[bound] - below)) * 1000
        below, least = counts[bound], bound
    return None


def show(figures: dict, entries: int, entry_bytes: int) -> None:
    """Prints the figures."""
    print()
    print(bold(f"Catching up with {entries} entries of {entry_bytes} bytes, n = {len(figures['nodes'])}"))
    print(f"{figures['seconds']:.1f} s, {figures['megabytesPerSecond']:.1f} MB/s, "
          f"{figures['entriesPerSecond']:.0f} entries/s")
    for name, words in (("idle", "while idle"), ("busy", "meanwhile")):
        late = figures[f"{name}Lateness"]
        late = "none" if late is None else f"{late:.1f} ms"
        print(f"heartbeats late {words}, 99th percentile: {late} of {figures[f'{name}Beats']}")
    print(dim(f"{'oracle':<8}{'of a core':>11}{'at most resident':>20}"))
    for number, row in figures["nodes"].items():
        print(f"{number:<8}{row['core']:>9.1f} %{row['peak']:>16.1f} MiB")
