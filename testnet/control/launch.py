"""Brings a testnet up: chain, keys, registry, oracles."""

import json
import select
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import operators
from .nodes import Place, free_ports, loopback, make_keys, start_node, write_configuration  # noqa: F401
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
             host: str = "127.0.0.1", poll: str = "250ms", beacon: bool = False, staff: int = 0,
             ether: int = 0) -> Testnet:
    """A new testnet with new keys. The caller stops it when this raises nothing.

    The committee ends with the guests, cards of members that somebody else runs. What is `further` stands in every
    oracle's configuration. The chain listens at `host`, the oracles at their places, on this machine if none are given.
    They ask for its head every `poll`: more often than by default, since its blocks come sooner than real ones.
    With `beacon` there is a beacon chain beside it. With a `staff` of so many operators there is the contract for
    validators' keys too, which holds so much `ether`; without a beacon chain no oracle knows of one.
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
        if staff:
            operators.engage(program, testnet, staff, ether)
        say(f"Starting {count} oracles" + (f" and {staff} operators" if staff else ""))
        for node, place in zip(testnet.nodes, places):
            node.prefix = place.prefix
            about = operators.configuration(testnet, node) if staff else ""
            write_configuration(
                node, place.listen, testnet.rpc, testnet.registry, poll, further + place.further + about)
            start_node(program, node)
        operators.start(program, testnet, poll)
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
        staff = f" and {len(testnet.operators)} operators" if testnet.operators else ""
        say(f"Starting {len(testnet.nodes)} oracles{staff} again")
        for node in testnet.everybody:
            start_node(program, node)
        testnet.save()
        return testnet
    except BaseException:
        testnet.stop()
        raise
