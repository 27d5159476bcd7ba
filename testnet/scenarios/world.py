"""One testnet in the hands of a scenario."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from control import inspect, launch
from control.state import ROOT, RUN, Node, Testnet

from .peer import Guest
from .scenario import Broken, check, wait
from .witness import Witness

ARTEFACT = json.loads((ROOT / "contracts" / "OracleRegistry.json").read_text())
ELECTED = next(topic for name, topic in ARTEFACT["topics"].items() if name.startswith("LeaderElected("))
SETTLING = 60.0
# For the deposits of five validators.
OPERATORS, ETHER = 6, 161
HASTE = "ceremony:\n  dealing: 2s\n  confirming: 2s\n  grace: 1s\n"


class World:
    """Oracles, their chain and a witness of all that happens."""

    def __init__(self, program: str, count: int, guest: Guest | None = None, further: str = "",
                 has_operators: bool = False):
        self.program = program
        self.guest = guest
        self.further = further
        self.has_operators = has_operators
        launch.clear()
        self.testnet = self.bring_up(count)
        self.witness = Witness(self.testnet)

    def bring_up(self, count: int) -> Testnet:
        if self.has_operators:
            return launch.bring_up(
                self.program, count, None, 1.0, further=self.further, beacon=True, staff=OPERATORS, ether=ETHER)
        if self.guest is None:
            return launch.bring_up(self.program, count, None, 1.0, further=self.further)
        # The guest takes no part in making the key, which the others need not wait for long.
        return launch.bring_up(self.program, count - 1, None, 1.0, guests=[self.guest.card()], further=HASTE)

    def close(self) -> None:
        self.witness.close()
        self.testnet.stop()

    # Oracles

    @property
    def nodes(self) -> list[Node]:
        return self.testnet.nodes

    def others(self, *absent: Node) -> list[Node]:
        return [node for node in self.nodes if node not in absent]

    def status(self, node: Node) -> dict:
        """What the oracle says, or {} when it does not answer."""
        return inspect.status(node) or {}

    def leader(self) -> Node:
        return inspect.leader(self.testnet)

    def follower(self) -> Node:
        return self.others(self.leader())[0]

    def view(self) -> int:
        """The highest view that an oracle is in."""
        return max(self.status(node).get("view") or 0 for node in self.nodes if node.alive and not node.process.paused)

    def kill(self, *nodes: Node) -> None:
        for node in nodes:
            node.process.send(signal.SIGKILL)
        for node in nodes:
            node.process.wait(5)

    def stop(self, node: Node, number: signal.Signals = signal.SIGTERM) -> None:
        """Tells an oracle that was started here to end, which it must do at once and without a complaint."""
        # Before that a signal finds nobody who would take it.
        wait(f"oracle {node.number} answers", lambda: self.status(node), 20)
        mark = self.mark(node)
        node.process.send(number)
        check(node.process.wait(10), f"oracle {node.number} does not end")
        status = node.process.child.wait(5)
        check(status == 0, f"oracle {node.number} was told to end, and ended with {status}: {self.log(node, mark)[-400:]}")

    def start(self, *nodes: Node) -> None:
        for node in nodes:
            launch.start_node(self.program, node)
        self.testnet.save()

    def mark(self, node: Node) -> int:
        """A place in the oracle's log."""
        return node.log.stat().st_size if node.log.exists() else 0

    def log(self, node: Node, since: int = 0) -> str:
        with open(node.log, "rb") as file:
            file.seek(since)
            return file.read().decode(errors="replace")

    def metric(self, node: Node, name: str, **labels: str) -> float:
        """The sum of a counter's series that have these labels."""
        total = 0.0
        for line in inspect.metrics(node).splitlines():
            series, _, value = line.rpartition(" ")
            if series.split("{")[0] == name and all(f'{key}="{text}"' in series for key, text in labels.items()):
                total += float(value)
        return total

    def address(self, node: Node) -> tuple[str, int]:
        """Where the oracle listens for members."""
        card = json.loads((node.directory / "data" / "member.json").read_text())
        host, port = card["endpoint"].rsplit(":", 1)
        return host, int(port)

    # The commands that people use

    def command(self, *words: str, **environment: str) -> str:
        """Runs a testnet command, which must work."""
        ended = self.run([str(ROOT / "testnet" / words[0]), *words[1:]], **environment)
        check(ended.returncode == 0, f"{' '.join(words)} ended with {ended.returncode}: {ended.stderr.strip()}")
        return ended.stdout

    def oracle(self, *words: str, patience: float = 20.0) -> subprocess.CompletedProcess:
        return self.run([self.program, *words], patience)

    def run(self, command: list[str], patience: float = 60.0, **environment: str) -> subprocess.CompletedProcess:
        surroundings = {**os.environ, "TESTNET_PROGRAM": self.program, "TESTNET_RUN": str(RUN), **environment}
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=patience, env=surroundings)
        except subprocess.TimeoutExpired as late:
            said = (late.stderr or b"").decode(errors="replace").strip()
            raise Broken(f"{command[0]} {command[1]} was still running after {patience:.0f} s; it said: {said}") from None
        # What a command started or ended is in the file.
        self.testnet.nodes[:] = [
            node if node.process and known.process and known.process.pid == node.process.pid else known
            for node, known in zip(self.testnet.nodes, Testnet.load().nodes, strict=True)
        ]
        return ended

    # Waiting

    def wait_for_next(self, nodes: list[Node], above: int, patience: float = 30.0) -> dict:
        """Waits until the oracles agree on a leader of a view above, certified and anchored; returns a status."""

        def agreed() -> dict | None:
            answers = [self.status(node) for node in nodes]
            views = {answer.get("view") for answer in answers}
            if len(views) != 1 or (views.pop() or 0) <= above:
                return None
            first = answers[0]
            certified = all(is_certified(answer) and answer.get("anchoredView") == answer["view"] for answer in answers)
            return first if certified and len({answer["leader"] for answer in answers}) == 1 else None

        names = ", ".join(str(node.number) for node in nodes)
        found = wait(f"oracles {names} agree on a certified and anchored view above {above}", agreed, patience,
                     seen=lambda: [brief(self.status(node)) for node in nodes])
        self.check_on_chain(found)
        return found

    def settle(self, patience: float = SETTLING, above: int = 0) -> dict:
        """Waits until all oracles run, are linked with all and agree, certified and anchored."""
        self.wait_until_linked(patience)
        return self.wait_for_next(self.nodes, above, patience)

    def wait_until_linked(self, patience: float = SETTLING) -> None:
        """Waits until all oracles are linked with all."""
        wait("all oracles are linked with all", lambda: all(is_linked(self.status(node)) for node in self.nodes),
             patience, seen=lambda: [brief(self.status(node)) for node in self.nodes])

    def wait_until_agreed(self, patience: float = SETTLING) -> int:
        """Waits until all oracles are in one view whose election is certified, whatever the chain has; returns the view."""
        def agreed() -> int | None:
            answers = [self.status(node) for node in self.nodes]
            is_one = len({(answer.get("view"), answer.get("leader")) for answer in answers}) == 1
            return answers[0]["view"] if is_one and all(is_certified(answer) for answer in answers) else None

        return wait("all oracles agree on a certified leader", agreed, patience,
                    seen=lambda: [brief(self.status(node)) for node in self.nodes])

    # The chain

    def rpc(self, method: str, *params: object):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(self.testnet.rpc, body, {"Content-Type": "application/json"})
        # The chain is one thread on a machine that may be short of time: what counts is that it answers, not when.
        with urllib.request.urlopen(request, timeout=30) as response:
            reply = json.loads(response.read())
        if "error" in reply:
            raise Broken(f"{method}: {reply['error']}")
        return reply["result"]

    def elections(self) -> list[dict]:
        """All LeaderElected on the chain: view, leader's account, block, transaction."""
        found = self.rpc("eth_getLogs", {
            "address": self.testnet.registry["registry"], "topics": [ELECTED], "fromBlock": "0x0"})
        return [
            {"view": int(log["topics"][2], 16), "leader": "0x" + log["topics"][3][-40:],
             "block": int(log["blockNumber"], 16), "blockHash": log["blockHash"],
             "transaction": log["transactionHash"], "log": log}
            for log in found
        ]

    def check_on_chain(self, answer: dict) -> dict:
        """The chain itself must show the election that the oracle calls anchored."""
        accounts = [json.loads((node.directory / "data" / "member.json").read_text())["account"] for node in self.nodes]
        for election in self.elections():
            if election["view"] == answer["anchoredView"]:
                leader = accounts[answer["leader"] - 1].lower()
                check(election["leader"] == leader,
                      f"the chain names {election['leader']} leader of view {election['view']}, the oracles {leader}")
                return election
        raise Broken(f"the oracles call view {answer['anchoredView']} anchored, the chain has no LeaderElected of it")

    def stop_chain(self, number: signal.Signals) -> None:
        self.testnet.chain.send(number)
        check(self.testnet.chain.wait(10), f"the development chain does not end by {number.name}")

    def start_chain(self) -> None:
        """The same chain again, at the same address."""
        port = int(self.testnet.rpc.rsplit(":", 1)[1].strip("/"))
        host = self.testnet.rpc.split("//", 1)[1].rsplit(":", 1)[0]
        self.testnet.chain, _ = launch.start_chain(port, 1.0, host)
        self.testnet.save()

    @contextlib.contextmanager
    def fault(self, **fault: object) -> Iterator[None]:
        """The chain's endpoint fails in this way."""
        self.rpc("dev_setFault", "main", fault)
        try:
            yield
        finally:
            self.rpc("dev_setFault", "main", None)


def is_certified(answer: dict) -> bool:
    certificate = answer.get("certificate")
    return bool(certificate) and certificate["view"] == answer["view"] and certificate["leader"] == answer["leader"]


def is_linked(answer: dict) -> bool:
    return bool(answer.get("links")) and all(link["state"] == "up" for link in answer["links"])


def brief(answer: dict) -> str:
    """One line on where an oracle stands, for messages."""
    if not answer:
        return "no answer"
    certificate = answer.get("certificate") or {}
    links = sum(link["state"] == "up" for link in answer["links"])
    return (f"oracle {answer.get('member')}: view {answer.get('view')} of {answer.get('leader')}, certified "
            f"{certificate.get('view')}, anchored {answer.get('anchoredView')}, {links} links, "
            f"chain at {answer['chain']['head']}{' (stale)' if answer['chain']['isStale'] else ''}")


def is_open(address: tuple[str, int]) -> bool:
    """Whether somebody accepts connections there."""
    with contextlib.suppress(OSError), socket.create_connection(address, timeout=1):
        return True
    return False


def read_until_closed(connection: socket.socket, patience: float) -> bytes:
    """All that comes until the other end closes; fails when it does not."""
    deadline = time.monotonic() + patience
    received = b""
    while True:
        connection.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            part = connection.recv(65_536)
        except TimeoutError:
            raise Broken(f"the oracle did not close the connection within {patience:.0f} s") from None
        except ConnectionError:
            return received
        if not part:
            return received
        received += part


def private_file(path: Path, content: bytes) -> Path:
    """A file that only its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return path
