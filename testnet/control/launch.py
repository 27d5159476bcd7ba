"""Brings a testnet up: chain, keys, registry, oracles."""

import json
import os
import secrets
import select
import shutil
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .prepare import PYTHON
from .process import Process
from .state import ROOT, RUN, Node, Testnet
from .terminal import TestnetError, note, say

READY_PATIENCE = 60.0


def start_chain(port: int, interval: float, host: str = "127.0.0.1") -> tuple[Process, dict]:
    """Starts the development chain on its data in the run directory, and waits until it answers."""
    return _start_service(
        "development chain", RUN / "chain", "chain.log",
        ["devchain", "--host", host, "--port", str(port), "--interval", str(interval),
         "--data", str(RUN / "chain" / "data")])


def start_beacon(rpc: str, port: int, epoch: float = 2.0) -> tuple[Process, dict]:
    """Starts the beacon chain that follows the development chain, and waits until it answers."""
    return _start_service(
        "beacon chain", RUN / "beacon", "beacon.log",
        ["beacon", "--rpc", rpc, "--port", str(port), "--epoch", str(epoch),
         "--data", str(RUN / "beacon" / "data")])


def _start_service(name: str, directory: Path, log_name: str, command: list[str]) -> tuple[Process, dict]:
    """A Python module of the testnet, and what it says on the line with which it is ready."""
    directory.mkdir(parents=True, exist_ok=True)
    log = directory / log_name
    process = Process.launch(
        [str(PYTHON), "-u", "-m", *command], log, stdout=subprocess.PIPE, cwd=ROOT / "testnet")
    ready, _, _ = select.select([process.child.stdout], [], [], READY_PATIENCE)
    line = process.child.stdout.readline() if ready else b""
    process.child.stdout.close()
    try:
        return process, json.loads(line)
    except ValueError:
        process.stop(1)
        raise TestnetError(f"the {name} did not start; its log is {log}") from None


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at this moment."""
    sockets = []
    for _ in range(count):
        probe = socket.socket()
        probe.bind(("127.0.0.1", 0))
        sockets.append(probe)
    ports = [probe.getsockname()[1] for probe in sockets]
    for probe in sockets:
        probe.close()
    return ports


@dataclass(frozen=True)
class Place:
    """Where an oracle runs: what it listens at, where others find it, and what starts a command there."""

    listen: str
    endpoint: str
    prefix: tuple[str, ...] = ()
    # What else stands in its configuration.
    further: str = ""


def loopback(count: int) -> list[Place]:
    """Places on this machine that are free at this moment."""
    return [Place(f"127.0.0.1:{port}", f"127.0.0.1:{port}") for port in free_ports(count)]


def make_keys(program: str, node: Node, endpoint: str) -> dict:
    """Makes an oracle's keys and returns its public member card."""
    node.directory.mkdir(parents=True)
    key_file = node.directory / "seal.key"
    descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    made = subprocess.run(
        [program, "keys", "new", "--data", str(node.directory / "data"), "--key-file", str(key_file),
         "--endpoint", endpoint],
        capture_output=True, text=True)
    if made.returncode:
        raise TestnetError(f"oracle {node.number} could not make its keys: {made.stderr.strip()}")
    return json.loads((node.directory / "data" / "member.json").read_text())


def deploy_registry(rpc: str, members: list[dict]) -> dict:
    """Deploys the registry and proposes the committee."""
    cards = RUN / "members.json"
    cards.write_text(json.dumps(members, indent=2) + "\n")
    deployed = subprocess.run(
        [str(PYTHON), "-m", "devchain.deploy", "--rpc", rpc, "--members", str(cards)],
        cwd=ROOT / "testnet", capture_output=True, text=True)
    if deployed.returncode:
        raise TestnetError(f"the registry could not be deployed: {deployed.stderr.strip()}")
    return json.loads(deployed.stdout.strip().splitlines()[-1])


def write_configuration(node: Node, listen: str, rpc: str, registry: dict, poll: str, further: str = "") -> None:
    (node.directory / "oracle.yaml").write_text(f"""\
data:
  directory: {node.directory / "data"}
keys:
  keyFile: {node.directory / "seal.key"}
listen:
  address: {listen}
registry:
  address: "{registry["registry"]}"
chain:
  id: {registry["chainId"]}
  rpc: ["{rpc}"]
  confirmations: 1
  poll: {poll}
proofs:
  anchorInterval: 30s
{further}""")


def start_node(program: str, node: Node) -> None:
    node.process = Process.launch(
        [*node.prefix, program, "run", "--config", str(node.directory / "oracle.yaml")], node.log, cwd=node.directory)


def clear() -> None:
    """Removes what an earlier testnet left, after making sure that none of it runs."""
    if not RUN.exists():
        return
    try:
        earlier = Testnet.load()
    except TestnetError:
        earlier = None
    if earlier is not None and earlier.running:
        raise TestnetError("a testnet of this checkout is running; stop it with ./testnet/stop")
    shutil.rmtree(RUN)


def bring_up(program: str, count: int, rpc: str | None, interval: float, *,
             guests: Sequence[dict] = (), further: str = "", places: Sequence[Place] = (),
             host: str = "127.0.0.1", poll: str = "250ms", beacon: bool = False) -> Testnet:
    """A new testnet with new keys. The caller stops it when this raises nothing.

    The committee ends with the guests, cards of members that somebody else runs. What is `further` stands in every
    oracle's configuration. The chain listens at `host`, the oracles at their places, on this machine if none are given.
    They ask for its head every `poll`: more often than by default, since its blocks come sooner than real ones.
    With `beacon` there is a beacon chain beside it.
    """
    RUN.mkdir(parents=True, exist_ok=True)
    testnet = Testnet([Node(number) for number in range(1, count + 1)], None, rpc or "", {})
    try:
        if rpc is None:
            say("Starting the development chain")
            testnet.chain, ready = start_chain(0, interval, host)
            testnet.rpc = ready["urls"]["main"]
            note(f"{testnet.rpc}, chain {ready['chainId']}, a block every {interval:g} s")
        testnet.save()
        if beacon:
            say("Starting the beacon chain")
            testnet.beacon, ready = start_beacon(testnet.rpc, 0)
            testnet.beacon_url = ready["url"]
            note(f"{testnet.beacon_url}, validators of genesis {ready['genesis_validators_root']}")
            testnet.save()
        say(f"Making the keys of {count} oracles")
        places = places or loopback(count)
        cards = [make_keys(program, node, place.endpoint) for node, place in zip(testnet.nodes, places)]
        say("Deploying the registry and proposing the committee")
        testnet.registry = deploy_registry(testnet.rpc, [*cards, *guests])
        note(f"registry {testnet.registry['registry']}")
        say(f"Starting {count} oracles")
        for node, place in zip(testnet.nodes, places):
            node.prefix = place.prefix
            write_configuration(node, place.listen, testnet.rpc, testnet.registry, poll, further + place.further)
            start_node(program, node)
        testnet.save()
        return testnet
    except BaseException:
        testnet.stop()
        raise


def resume(program: str) -> Testnet:
    """The testnet of last time, with its keys, its chain and its databases."""
    testnet = Testnet.load()
    if testnet.running:
        raise TestnetError("the testnet is running already; look at ./testnet/status")
    try:
        if testnet.chain is not None:
            say("Starting the development chain again")
            port = int(testnet.rpc.rsplit(":", 1)[1].strip("/"))
            testnet.chain, _ = start_chain(port, 1.0)
        if testnet.beacon is not None:
            say("Starting the beacon chain again")
            testnet.beacon, _ = start_beacon(testnet.rpc, int(testnet.beacon_url.rsplit(":", 1)[1]))
        say(f"Starting {len(testnet.nodes)} oracles again")
        for node in testnet.nodes:
            start_node(program, node)
        testnet.save()
        return testnet
    except BaseException:
        testnet.stop()
        raise
