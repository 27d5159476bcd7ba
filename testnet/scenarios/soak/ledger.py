"""Keeps all that was ever certified, and holds it to what must never happen."""

import json
import socket
import subprocess
import threading
import time
from pathlib import Path

from control.state import RUN, Node


class Ledger:
    """Collects certificates, events and elections on the chain of all members.

    One leader a view; every certificate and every log verifies; nobody is convicted, for all are honest; and nobody
    halts but those whose disk fills up.
    """

    def __init__(self, program: str, directory: Path = RUN, may_halt: frozenset[int] = frozenset()):
        self.program = program
        self.may_halt = may_halt
        self.committee = directory / "committee.json"
        self.violations: list[str] = []
        self.leaders: dict[int, int] = {}
        self.anchored: dict[int, str] = {}
        self.verified = 0
        self._directory = directory
        self._unverified: dict[tuple[int, int], dict] = {}
        self._logs: dict[str, dict] = {}
        self._seen: set[str] = set()
        self._lock = threading.Lock()

    # What is told

    def certificate(self, who: str, certificate: dict) -> None:
        """An election certificate as a status shows it."""
        with self._lock:
            pair = certificate["view"], certificate["leader"]
            self._elected(who, *pair)
            if pair not in self._seen:
                self._seen.add(pair)
                self._unverified[pair] = certificate

    def event(self, who: str, event: dict) -> None:
        with self._lock:
            if event["event"] in ("electionCertified", "viewEntered") and event.get("leader"):
                self._elected(who, event["view"], event["leader"])
            elif event["event"] == "convicted":
                self.tell(f"{who} has convicted oracle {event.get('member')}: {event['text']}")
            elif event["event"] == "halted" and not (event.get("node") in self.may_halt and event.get("reason") is None):
                self.tell(f"{who} has halted: {event['text']}")

    def log(self, election: dict) -> None:
        """A LeaderElected of the chain, also of a block that is taken back later."""
        with self._lock:
            view, leader = election["view"], election["leader"]
            known = self.anchored.setdefault(view, leader)
            if known != leader:
                self.tell(f"the chain has {leader} as leader of view {view}, and {known} too")
            key = election["transaction"] + election["blockHash"]
            if key not in self._seen:
                self._seen.add(key)
                self._logs[key] = election["log"]

    def tell(self, what: str) -> None:
        if what not in self.violations:
            self.violations.append(what)

    def _elected(self, who: str, view: int, leader: int) -> None:
        known = self.leaders.setdefault(view, leader)
        if known != leader:
            self.tell(f"{who} says that {leader} leads view {view}, it was {known}")

    # What is verified

    def verify(self) -> None:
        """Has the program check all that came since the last time, as anybody could without a node."""
        with self._lock:
            certificates, self._unverified = list(self._unverified.values()), {}
            logs, self._logs = list(self._logs.values()), {}
        for certificate in certificates:
            self._holds(f"the certificate of view {certificate['view']}", certificate)
        if logs:
            self._holds(f"one of {len(logs)} logs", logs, len(logs))

    def _holds(self, what: str, claim: object, count: int = 1) -> None:
        file = self._directory / "claim.json"
        file.write_text(json.dumps(claim))
        ended = subprocess.run(
            [self.program, "verify", "certificate", str(file), "--committee", str(self.committee)],
            capture_output=True, text=True, timeout=60)
        if ended.returncode:
            self.tell(f"{what} does not verify: {(ended.stdout + ended.stderr).strip()}: {json.dumps(claim)}")
        else:
            self.verified += count


class Ear:
    """Hands all events of one oracle to the ledger, through its deaths and restarts."""

    def __init__(self, node: Node, ledger: Ledger):
        self.events = 0
        self._node = node
        self._ledger = ledger
        self._is_closed = False
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._is_closed = True

    def _run(self) -> None:
        while not self._is_closed:
            try:
                self._follow()
            except OSError:
                pass  # not running: tried again
            time.sleep(0.1)

    def _follow(self) -> None:
        highest = 0
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(str(self._node.socket))
            connection.sendall(b"GET /events HTTP/1.1\r\nHost: oracle\r\n\r\n")
            with connection.makefile("rb") as lines:
                for line in lines:
                    if self._is_closed:
                        return
                    if not line.startswith(b"data: "):
                        continue
                    try:
                        event = json.loads(line[len(b"data: "):])
                    except ValueError:
                        return  # it died in the middle of a line
                    self.events += 1
                    self._ledger.event(f"oracle {self._node.number}", event)
                    if event["event"] == "viewEntered":
                        if event["view"] <= highest:
                            self._ledger.tell(
                                f"oracle {self._node.number} entered view {event['view']} after view {highest}")
                        highest = event["view"]
