"""A cluster of etcd members (Raft): how soon a killed leader is replaced."""

import random
import re
import shutil
import tempfile
import time

from control.launch import free_ports
from control.terminal import TestnetError

from .cluster import PATIENCE, Cluster, Line
from .programs import find

NAMED = re.compile(r"raft\.node: (\w+) (?:elected leader (\w+)|changed leader from \w+ to (\w+)) at term \d+")
LOST = re.compile(r"raft\.node: \w+ lost leader")
SELF = re.compile(r"starting member (\w+) in cluster")


class Etcd(Cluster):
    """Members with a heartbeat and an election time-out in milliseconds, of which etcd wants five to one at least."""

    def __init__(self, size: int, heartbeat: int, election: int):
        super().__init__("etcd")
        self.program = find("etcd")
        self.heartbeat, self.election = heartbeat, election
        self.directory = tempfile.mkdtemp(prefix="etcd-")
        self.clients, self.peers = free_ports(size), free_ports(size)
        self.members = set(range(size))
        self.identities: dict[str, int] = {}
        self.leaders: dict[int, str] = {}
        self.place = 0

    def __exit__(self, *error) -> None:
        super().__exit__(*error)
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self) -> None:
        for member in self.members:
            self._start_one(member)
        self.settled()
        time.sleep(2)

    def _start_one(self, member: int) -> None:
        client, peer = (f"http://127.0.0.1:{ports[member]}" for ports in (self.clients, self.peers))
        everybody = ",".join(f"m{other}=http://127.0.0.1:{self.peers[other]}" for other in sorted(self.members))
        self.launch(member, [
            self.program, "--name", f"m{member}", "--data-dir", f"{self.directory}/m{member}",
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", everybody, "--initial-cluster-state", "new",
            "--heartbeat-interval", str(self.heartbeat), "--election-timeout", str(self.election)])

    def settled(self) -> int:
        """The leader, when all name the same."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self._read_on()
            named = {self.leaders.get(member) for member in self.members}
            if len(named) == 1 and (identity := named.pop()) in self.identities:
                return self.identities[identity]
            time.sleep(0.05)
        raise TestnetError("etcd: the members do not agree on a leader")

    def _read_on(self) -> None:
        lines = self.since(self.place)
        self.place += len(lines)
        for line in lines:
            if found := SELF.search(line.text):
                self.identities[found[1]] = line.member
            if found := NAMED.search(line.text):
                self.identities.setdefault(found[1], line.member)
                self.leaders[line.member] = found[2] or found[3]
            elif LOST.search(line.text):
                self.leaders.pop(line.member, None)

    def failover(self) -> float:
        """Milliseconds from the leader's kill until all others name the next. It comes back afterwards."""
        leader = self.settled()
        time.sleep(random.uniform(1, 2))
        leader = self.settled()
        others, mark = self.members - {leader}, self.mark

        def names_another(line: Line) -> bool:
            found = NAMED.search(line.text)
            return found is not None and self.identities.get(found[2] or found[3]) != leader

        begun = self.kill(leader)
        times = self.collect(others, names_another, mark)
        self.children[leader].wait()
        self._read_on()
        self.leaders.pop(leader, None)
        self._start_one(leader)
        self.settled()
        return (max(times.values()) - begun) * 1_000
