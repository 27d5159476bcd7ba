"""The stand-ins say what another's manager and registry say, and count their pools as the real manager does."""

import pytest
from eth_utils import keccak, to_canonical_address

from bridge import stand_in_manager, stand_in_registry
from operations import Operations
from registry import Reverted


def test_the_manager_asks_and_makes_a_contract_for_every_validator_that_exists():
    operations = Operations.begin(ether=64)
    manager = stand_in_manager(operations)

    def nonce() -> int:
        state = manager.chain.evm.state_after(manager.chain.head)
        return state.get_nonce(to_canonical_address(manager.address))

    assert nonce() == 1
    with pytest.raises(Reverted, match="UNKNOWN_KEY"):
        manager.transact("createPool", bytes(48))
    first, _ = operations.validator("first")
    with pytest.raises(Reverted, match="NO_POOL"):
        manager.transact("createPool", first.public_key)
    for number in (1, 2):
        asked = manager.transact("askForValidator")
        assert (asked["event"], asked["poolId"]) == ("InitiationRequested", number)
    assert nonce() == 1
    created = manager.transact("createPool", first.public_key)
    assert (created["event"], created["poolId"], created["publicKey"]) == ("PoolCreated", 1, first.public_key)
    code = manager.chain.evm.state_after(manager.chain.head).get_code(to_canonical_address(created["pool"]))
    assert code and nonce() == 2
    with pytest.raises(Reverted, match="KNOWN_KEY"):
        manager.transact("createPool", first.public_key)
    second, _ = operations.validator("second")
    assert manager.transact("createPool", second.public_key)["poolId"] == 2
    assert nonce() == 3
    asked = manager.transact("askForExit", 2**32 - 1)
    assert (asked["event"], asked["poolId"]) == ("ExitRequested", 2**32 - 1)


def test_the_registry_says_who_wants_to_leave():
    registry = stand_in_registry(Operations.begin(operators=False).registry)
    event = registry.transact("askToLeave", 2**64 - 1)
    assert (event["event"], event["operatorId"]) == ("DeactivationRequested", 2**64 - 1)


def test_the_topics_are_the_real_contracts():
    operations = Operations.begin(operators=False)
    manager, registry = stand_in_manager(operations), stand_in_registry(operations.registry)
    for contract, event in (
        (manager, "InitiationRequested(uint32)"),
        (manager, "ExitRequested(uint32)"),
        (registry, "DeactivationRequested(uint64)"),
    ):
        assert contract.artefact["topics"][event] == "0x" + keccak(text=event).hex()
