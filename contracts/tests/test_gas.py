"""What the calls cost; README.md's table is these figures."""

import pytest

from registry import ARTEFACT, Registry, group, people

LEADER = "0x00000000000000000000000000000000000000AA"
ELECT_CEILING = 45_000
# Ceilings a little above what was measured: size -> propose, register, rotate.
CEILINGS = {4: (145_000, 240_000, 132_000), 31: (375_000, 540_000, 320_000), 128: (1_200_000, 1_600_000, 1_000_000)}
TRANSACTION_CAP = 2**24  # EIP-7825
CODE_LIMIT = 24_576  # EIP-170


@pytest.mark.parametrize("size", CEILINGS)
def test_no_call_costs_more_than_its_ceiling(size):
    propose, register, rotate = CEILINGS[size]
    registry = Registry()
    members, key = people(size), group(size, "gas")
    assert registry.propose(members)["gas"] <= propose
    arguments = registry.registration(1, key, members, list(range(1, key.threshold + 1)))
    assert registry.transact("registerGroupKey", *arguments)["gas"] <= register
    assert registry.transact("elect", *registry.election(1, 1, LEADER, key))["gas"] <= ELECT_CEILING
    assert registry.transact("elect", *registry.election(1, 2, LEADER, key))["gas"] <= ELECT_CEILING
    _, _, event = registry.hand_over(2, key, size, "gas next")
    assert event["gas"] <= rotate


def test_an_anchor_costs_little_more_than_an_election(active):
    registry, _, key = active
    first = registry.transact("anchorProof", *registry.anchoring(1, 1, b"\1" * 32, key))["gas"]
    later = registry.transact("anchorProof", *registry.anchoring(1, 2, b"\2" * 32, key))["gas"]
    assert first <= 85_000 and later <= 50_000


def test_the_dearest_call_fits_a_transaction(registry):
    members, key = people(128), group(128, "all")
    registry.propose(members)
    everybody = registry.registration(1, key, members, list(range(1, 129)))
    assert registry.transact("registerGroupKey", *everybody)["gas"] < TRANSACTION_CAP / 8
    assert len(registry.data("registerGroupKey", *everybody)) < 128 * 1024 - 1024  # what nodes relay


def test_a_lost_race_is_cheap(active):
    registry, _, key = active
    registry.transact("elect", *registry.election(1, 1, LEADER, key))
    data = registry.data("elect", *registry.election(1, 1, LEADER, key))
    receipt, _ = registry._mine(registry.anybody, bytes.fromhex(registry.address[2:]), data)
    assert receipt.state_root == b""
    assert receipt.gas_used < 28_000


def test_a_wrong_signature_is_paid_by_who_brings_it(active):
    registry, _, _ = active
    data = registry.data("elect", 1, 1, LEADER, (1, 2, 3))
    receipt, _ = registry._mine(registry.anybody, bytes.fromhex(registry.address[2:]), data)
    assert receipt.state_root == b""
    assert receipt.gas_used < 35_000


def test_the_code_and_the_deployment_fit():
    assert ARTEFACT["runtimeSize"] + ARTEFACT["immutablesSize"] <= CODE_LIMIT
    assert len(ARTEFACT["bytecode"]) // 2 <= 2 * CODE_LIMIT
    assert Registry().deploy_gas < 3_100_000
