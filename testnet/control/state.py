"""What is known of the testnet that runs from this checkout, kept in a file between commands."""

import json
import os
import signal
from pathlib import Path

from .process import Process
from .terminal import TestnetError

ROOT = Path(__file__).resolve().parent.parent.parent
# Another directory makes another testnet beside the first; the commands agree on it by their environment.
RUN = Path(os.environ.get("TESTNET_RUN") or ROOT / "testnet" / ".run").absolute()
FILE = RUN / "testnet.json"

CHAIN_PATIENCE = 5.0
NODE_PATIENCE = 10.0


class Node:
    """One oracle: its place, its directory and its process."""

    role = "oracle"
    # The file in which the program leaves what it says of itself, and what it is told when it makes the keys.
    card = "member.json"
    key_flags: tuple[str, ...] = ()

    def __init__(self, number: int, process: Process | None = None):
        self.number = number
        self.process = process
        # What starts a command where the oracle runs, if that is not here.
        self.prefix: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.role} {self.number}"

    @property
    def directory(self) -> Path:
        return RUN / f"node-{self.number}"

    @property
    def log(self) -> Path:
        return self.directory / "oracle.log"

    @property
    def socket(self) -> Path:
        return self.directory / "data" / "oracle.sock"

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.alive

    @property
    def files(self) -> Path:
        """Where it leaves the files of what was done about validators' keys, a directory for each request."""
        return self.directory / "operations"


class Operator(Node):
    """One who holds shares of validators' keys, by its number on the chain."""

    role = "operator"
    card = "operator.json"
    key_flags = ("--operator",)

    @property
    def directory(self) -> Path:
        return RUN / f"operator-{self.number}"


class Testnet:
    """All processes of the testnet and where they listen."""

    def __init__(self, nodes: list[Node], chain: Process | None, rpc: str, registry: dict):
        self.nodes = nodes
        self.chain = chain
        self.rpc = rpc
        self.registry = registry
        self.beacon: Process | None = None
        self.beacon_url: str | None = None
        self.operators: list[Operator] = []
        # Where the contract for validators' keys is, and since which block; nothing where there is none.
        self.operations: dict = {}
        # What tells the beacon chain from others, as a setting of oracles and operators. Without a beacon chain nobody asks
        # one, but what is signed has to name some chain all the same.
        self.network = "hoodi"

    @classmethod
    def load(cls) -> "Testnet":
        if not FILE.exists():
            raise TestnetError("no testnet was started from this checkout; start one with ./testnet/run")
        data = json.loads(FILE.read_text())
        testnet = cls(
            [Node(number, _process(entry)) for number, entry in enumerate(data["nodes"], 1)],
            _process(data["chain"]), data["rpc"], data["registry"])
        testnet.beacon, testnet.beacon_url = _process(data.get("beacon")), data.get("beaconUrl")
        testnet.operators = [
            Operator(number, _process(entry)) for number, entry in enumerate(data.get("operators", []), 1)]
        testnet.operations = data.get("operations", {})
        testnet.network = data.get("network", testnet.network)
        return testnet

    def save(self) -> None:
        data = {
            "nodes": [node.process.to_json() if node.process else None for node in self.nodes],
            "chain": self.chain.to_json() if self.chain else None,
            "rpc": self.rpc,
            "registry": self.registry,
            "beacon": self.beacon.to_json() if self.beacon else None,
            "beaconUrl": self.beacon_url,
            "operators": [one.process.to_json() if one.process else None for one in self.operators],
            "operations": self.operations,
            "network": self.network,
        }
        temporary = FILE.with_suffix(".tmp")
        temporary.write_text(json.dumps(data, indent=2) + "\n")
        os.replace(temporary, FILE)

    def node(self, number: int) -> Node:
        if not 1 <= number <= len(self.nodes):
            raise TestnetError(f"there is no oracle {number}; this testnet has oracles 1 to {len(self.nodes)}")
        return self.nodes[number - 1]

    def operator(self, number: int) -> Operator:
        if not 1 <= number <= len(self.operators):
            raise TestnetError(f"there is no operator {number}; this testnet has {len(self.operators) or 'none'}")
        return self.operators[number - 1]

    @property
    def everybody(self) -> list[Node]:
        """Oracles and operators."""
        return [*self.nodes, *self.operators]

    @property
    def running(self) -> bool:
        services = [process for process in (self.chain, self.beacon) if process is not None]
        return any(node.alive for node in self.everybody) or any(process.alive for process in services)

    def stop(self) -> int:
        """Ends every process, the chains after all others. Returns how many there were."""
        living = [node.process for node in self.everybody if node.alive]
        for process in living:
            if process.paused:
                process.send(signal.SIGCONT)
            process.send(signal.SIGTERM)
        for process in living:
            process.stop(NODE_PATIENCE)
        for service in (self.beacon, self.chain):
            if service is not None and service.alive:
                living.append(service)
                service.stop(CHAIN_PATIENCE)
        return len(living)


def _process(entry: dict | None) -> Process | None:
    return Process(entry["pid"], entry["started"]) if entry else None
