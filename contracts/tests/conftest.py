"""The chains that the tests start from."""

import pytest

from registry import Registry


@pytest.fixture
def registry() -> Registry:
    """A fresh chain with a registry that has no committee."""
    return Registry()


@pytest.fixture
def active(registry: Registry):
    """A registry with a committee of four in epoch 1: the registry, its members, its key."""
    members, key = registry.begin()
    return registry, members, key
