"""One oracle's or operator's place: where it runs, its keys, its configuration, its process."""

import json
import os
import secrets
import socket
import subprocess
from dataclasses import dataclass

from .process import Process
from .state import Node
from .terminal import TestnetError


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
    """Makes the keys of an oracle, or an operator, and returns its public card."""
    node.directory.mkdir(parents=True)
    key_file = node.directory / "seal.key"
    descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    made = subprocess.run(
        [program, "keys", "new", "--data", str(node.directory / "data"), "--key-file", str(key_file),
         "--endpoint", endpoint, *node.key_flags],
        capture_output=True, text=True)
    if made.returncode:
        raise TestnetError(f"{node.title} could not make its keys: {made.stderr.strip()}")
    return json.loads((node.directory / "data" / node.card).read_text())


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
