"""Asks running oracles what they see, over the socket in their data directory."""

import http.client
import json
import socket
import urllib.request

from .state import Node, Testnet
from .terminal import TestnetError


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float):
        super().__init__("oracle", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def status(node: Node, timeout: float = 2.0) -> dict | None:
    """The oracle's own account of itself, or None when it does not answer."""
    connection = _SocketConnection(str(node.socket), timeout)
    try:
        connection.request("GET", "/status")
        response = connection.getresponse()
        return json.loads(response.read()) if response.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def card(node: Node) -> dict:
    """What an oracle or operator has told about itself when its keys were made."""
    return json.loads((node.directory / "data" / node.card).read_text())


def beacon_sync(url: str, timeout: float = 5.0) -> dict | None:
    """How far the beacon chain is, or None when it does not answer."""
    try:
        with urllib.request.urlopen(url + "/eth/v1/node/syncing", timeout=timeout) as response:
            return json.loads(response.read())["data"]
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return None


def is_healthy(node: Node) -> bool:
    """Whether the oracle calls itself ready."""
    connection = _SocketConnection(str(node.socket), 2.0)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def metrics(node: Node, timeout: float = 5.0) -> str:
    """The oracle's counters in Prometheus' text format."""
    connection = _SocketConnection(str(node.socket), timeout)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException) as error:
        raise TestnetError(f"oracle {node.number} does not answer: {error}") from None
    finally:
        connection.close()


def drain(node: Node, is_draining: bool) -> None:
    """Asks the oracle to hand over leadership, or lets it lead again."""
    connection = _SocketConnection(str(node.socket), 5.0)
    try:
        connection.request("POST" if is_draining else "DELETE", "/drain")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException) as error:
        raise TestnetError(f"oracle {node.number} does not answer: {error}") from None
    finally:
        connection.close()


def leader(testnet: Testnet) -> Node:
    """The member that most of the answering oracles take for their leader."""
    votes: dict[int, int] = {}
    for node in testnet.nodes:
        if not node.alive or node.process.paused:
            continue
        answer = status(node)
        if answer and answer.get("leader"):
            votes[answer["leader"]] = votes.get(answer["leader"], 0) + 1
    if not votes:
        raise TestnetError("no oracle answers or none knows a leader yet; look at ./testnet/status")
    number = max(sorted(votes), key=lambda candidate: votes[candidate])
    return testnet.node(number)
