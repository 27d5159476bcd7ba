"""Where the tests find the development chain, and the chains they share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "testnet"))

from registry import Registry  # noqa: E402


@pytest.fixture
def registry() -> Registry:
    """A fresh chain with a registry that has no committee."""
    return Registry()


@pytest.fixture
def active(registry: Registry):
    """A registry with a committee of four in epoch 1: the registry, its members, its key."""
    members, key = registry.begin()
    return registry, members, key
