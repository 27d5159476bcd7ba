"""The files that a finished operation leaves with oracles and operators, and their verification away from all of them."""

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .beacon_view import BeaconView
from .state import RUN, Node, Testnet
from .terminal import TestnetError
from .waiting import wait

FOLDER = "papers"
TRANSCRIPT = "transcript.ssz"
VERIFYING = 120.0


@dataclass(frozen=True)
class Left:
    """What a request with a ceremony leaves on disk."""

    request: bytes
    # Beside the transcript.
    names: tuple[str, ...]
    # How often the group has signed about it: once a key of a keygen, else once.
    reports: int
    # The validator's, where the file alone does not name it.
    key: bytes | None = None

    @property
    def short(self) -> str:
        return self.request.hex()[:8]


class Papers:
    """A directory of copies, beside a record of the committee that an oracle has given, and one of the beacon chain."""

    def __init__(self, program: str, testnet: Testnet):
        self.program = program
        self.testnet = testnet
        self.folder = RUN / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self.record = self.folder / "committee.json"
        exported = subprocess.run(
            [program, "committee", "export", "--socket", str(testnet.nodes[0].socket)], capture_output=True, text=True,
            timeout=VERIFYING)
        if exported.returncode:
            raise TestnetError(f"oracle 1 does not give the committee's record: {exported.stderr.strip()}")
        self.record.write_text(exported.stdout)
        self.network = self.folder / "network.json"
        self.network.write_text(json.dumps(BeaconView(testnet.beacon_url).network()) + "\n")

    def gather(self, left: Left, patience: float) -> list[Path]:
        """Copies of all that is left of a request, each content once.

        Every oracle must have it, with the group's signature in the transcript, which takes the report's finality;
        operators may have it too.
        """
        for node in self.testnet.nodes:
            wait(f"oracle {node.number} has {', '.join((TRANSCRIPT, *left.names))} of request {left.short}…, with "
                 f"{left.reports} signed by the group", lambda: self._has_all(node, left), patience,
                 f"./testnet/logs {node.number} and {node.files}", pause=0.5)
        copies: dict[str, Path] = {}
        for node in self.testnet.everybody:
            for name in (TRANSCRIPT, *left.names):
                for source in _found(node, left, name):
                    content = source.read_bytes()
                    mark = f"{name} {hashlib.sha256(content).hexdigest()}"
                    if mark not in copies:
                        copies[mark] = self.folder / left.short / f"{node.role}-{node.number}-{name}"
                        copies[mark].parent.mkdir(exist_ok=True)
                        copies[mark].write_bytes(content)
        return list(copies.values())

    def _has_all(self, node: Node, left: Left) -> bool:
        if not all(_found(node, left, name) for name in left.names):
            return False
        return any(self._is_signed(file, left) for file in _found(node, left, TRANSCRIPT))

    def _is_signed(self, file: Path, left: Left) -> bool:
        operation = self._verdict(file).get("operation") or {}
        proven = [report for report in operation.get("reports", []) if report.get("proven")]
        return bool(operation.get("complete")) and len(proven) == left.reports

    def verify(self, file: Path, left: Left) -> str:
        """What was proven about a copy, in a line; an error unless all of it holds."""
        verdict = self._verdict(file, left.key)
        if verdict.get("valid") is not True:
            why = verdict.get("reason") or [found for found in verdict.get("findings", []) if found] or verdict
            raise TestnetError(f"{file} does not hold: {why}")
        about = f"{left.short}…/{file.name}"
        if operation := verdict.get("operation"):
            proven = sum(bool(report.get("proven")) for report in operation["reports"])
            return f"{about}: {operation.get('kind')} done again, {proven} signed by the group"
        return f"{about}: {verdict.get('kind')}, {len(verdict.get('findings', []))} checks hold"

    def _verdict(self, file: Path, key: bytes | None = None) -> dict[str, Any]:
        """What the program says about a file in a place where there is nothing else, for programs."""
        alone = self.folder / "alone"
        shutil.rmtree(alone, ignore_errors=True)
        alone.mkdir()
        shutil.copy(file, alone)
        words: list[str] = []
        if file.name.endswith(TRANSCRIPT):
            shutil.copy(self.record, alone)
            words = ["--committee", self.record.name]
        elif file.name.endswith(("deposit_data.json", "exit.json")):
            shutil.copy(self.network, alone)
            words = ["--network", self.network.name]
        if key is not None and file.name.endswith("exit.json"):
            words += ["--key", "0x" + key.hex()]
        try:
            ended = subprocess.run(
                [self.program, "proof", "verify", file.name, "--json", *words], cwd=alone, capture_output=True,
                # Neither configuration nor sockets of the testnet are to be found.
                text=True, timeout=VERIFYING, env={"HOME": str(alone), "PATH": "/usr/bin:/bin"})
        except subprocess.TimeoutExpired:
            raise TestnetError(f"the verification of {file} was not done within {VERIFYING:.0f} s") from None
        try:
            verdict = json.loads(ended.stdout)
        except ValueError:
            said = (ended.stdout + ended.stderr).strip()
            verdict = {"reason": said or f"oracle proof verify ended with {ended.returncode}"}
        # Neither the words nor the exit code alone.
        verdict["valid"] = verdict.get("valid") is True and ended.returncode == 0
        return verdict


def _found(node: Node, left: Left, name: str) -> list[Path]:
    """Of all attempts at the request."""
    return sorted((node.files / left.request.hex()).rglob(name))
