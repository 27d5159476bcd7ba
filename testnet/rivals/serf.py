"""A cluster of serf agents (memberlist, the SWIM family): how news spreads, and how deaths are noticed."""

import base64
import os
import random
import subprocess
import time

from control.launch import free_ports

from .cluster import Cluster
from .programs import find

EVENT = "Received event: user-event: {}"


class Serf(Cluster):
    """Agents with serf's default profile and its encryption on, as oracles have theirs."""

    def __init__(self, size: int):
        super().__init__("serf")
        self.program = find("serf")
        self.key = base64.b64encode(os.urandom(32)).decode()
        self.gossip, self.control = free_ports(size), free_ports(size)
        self.members = set(range(size))
        self.count = 0

    def start(self) -> None:
        """Starts all, lets all join the first, and returns when each knows each."""
        mark = self.mark
        for member in self.members:
            self._start_one(member)
        self.each(self.members, "agent: Serf agent starting|Serf agent running|EventMemberJoin", mark)
        time.sleep(2)
        mark = self.mark
        for member in self.members - {0}:
            self._command(member, "join", f"127.0.0.1:{self.gossip[0]}")
        for other in self.members - {0}:
            self.each({0}, rf"EventMemberJoin: m{other}\b", mark)
        time.sleep(5)

    def _start_one(self, member: int) -> None:
        self.launch(member, [
            self.program, "agent", f"-node=m{member}", f"-bind=127.0.0.1:{self.gossip[member]}",
            f"-rpc-addr=127.0.0.1:{self.control[member]}", "-profile=lan", "-log-level=info",
            f"-encrypt={self.key}"])

    def _command(self, member: int, *words: str) -> None:
        address = f"-rpc-addr=127.0.0.1:{self.control[member]}"
        subprocess.run([self.program, words[0], address, *words[1:]], check=True, capture_output=True)

    def spread(self) -> float:
        """Milliseconds from a news' first member, which is told of it, to the last."""
        self.count += 1
        name, mark = f"news-{self.count}", self.mark
        self._command(random.choice(sorted(self.members)), "event", "-coalesce=false", name)
        times = self.each(self.members, EVENT.format(name) + "$", mark)
        # Not in step with the agents' own ticks.
        time.sleep(random.uniform(0.1, 0.5))
        return (max(times.values()) - min(times.values())) * 1_000

    def detection(self) -> float:
        """Milliseconds from a member's kill until all others call it failed. It comes back afterwards."""
        victim = random.choice(sorted(self.members - {0}))
        others, mark = self.members - {victim}, self.mark
        begun = self.kill(victim)
        times = self.each(others, rf"EventMemberFailed: m{victim}\b", mark)
        self.children[victim].wait()
        mark = self.mark
        self._start_one(victim)
        self.each({victim}, "EventMemberJoin", mark)
        time.sleep(1)
        self._command(victim, "join", f"127.0.0.1:{self.gossip[0]}")
        self.each(others, rf"EventMemberJoin: m{victim}\b", mark)
        time.sleep(1)
        return (max(times.values()) - begun) * 1_000
