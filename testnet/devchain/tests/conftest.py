"""Chains for the tests: one process shared by many of them, put back after each, or a chain inside the test."""

from collections.abc import Iterator

import pytest

from devchain.chain import Chain
from devchain.clock import BlockClock
from devchain.config import ChainConfig
from devchain.store import MemoryStore

from node import Node, RemoteRegistry


@pytest.fixture(scope="session")
def shared_node() -> Iterator[Node]:
    with Node("--no-automine", "--replica", "lagging:0:3", "--replica", "flaky:0:0") as node:
        yield node


@pytest.fixture
def node(shared_node: Node) -> Iterator[Node]:
    """The shared process: an endpoint at the head, one three blocks behind, one to be made to fail."""
    snapshot = shared_node.rpc("evm_snapshot")
    yield shared_node
    for name in shared_node.ready["urls"]:
        shared_node.rpc("dev_setFault", name, None)
        lag = 3 if name == "lagging" else 0
        shared_node.rpc("dev_setView", name, {"lag": lag, "frozen": None, "maxLogRange": 10_000, "maxLogs": 20_000})
    shared_node.rpc("evm_revert", snapshot)


@pytest.fixture(scope="session")
def shared_registry(shared_node: Node) -> RemoteRegistry:
    return RemoteRegistry(shared_node)


@pytest.fixture
def remote(shared_registry: RemoteRegistry, node: Node) -> RemoteRegistry:
    """A registry with a committee on the shared process."""
    return shared_registry


@pytest.fixture
def chain() -> Chain:
    """A chain inside the test, twelve seconds from block to block."""
    return Chain(ChainConfig(genesis_time=1_700_000_000), MemoryStore(), None, BlockClock(step=12))
