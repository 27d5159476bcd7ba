"""elect: who leads, and every way to be refused."""

import pytest

from devchain.accounts import dev_key

from frost import FIELD, ORDER
from registry import Registry, Reverted, group

LEADER = "0x00000000000000000000000000000000000000AA"
OTHER = "0x00000000000000000000000000000000000000bb"


def refused(registry: Registry, reason: str, *arguments) -> None:
    with pytest.raises(Reverted) as caught:
        registry.transact("elect", *arguments)
    assert caught.value.reason == reason


def test_an_election_is_recorded_and_tells_its_signature(active):
    registry, _, key = active
    arguments = registry.election(1, 1, LEADER, key)
    event = registry.transact("elect", *arguments)
    assert event["event"] == "LeaderElected" and len(event["all"]) == 1
    assert (event["epoch"], event["viewNumber"], event["leader"]) == (1, 1, LEADER.lower())
    assert (event["rx"], event["ry"], event["s"]) == arguments[3]
    assert registry.view("currentView") == 1
    assert registry.view("currentLeader") == LEADER.lower()
    assert registry.view("epoch") == 1


def test_anybody_may_bring_an_election(active):
    registry, _, key = active
    registry.transact("elect", *registry.election(1, 1, LEADER, key), key=dev_key(7))


def test_any_threshold_of_signers_elects(active):
    registry, _, key = active
    message = registry.election_digest(1, 5, LEADER)
    registry.transact("elect", 1, 5, LEADER, key.sign(message, [2, 3, 4]).as_abi())


def test_fewer_than_the_threshold_elect_nobody(active):
    registry, _, key = active
    message = registry.election_digest(1, 5, LEADER)
    refused(registry, "BAD_SIGNATURE", 1, 5, LEADER, key.sign(message, [2, 3]).as_abi())


def test_views_only_rise(active):
    registry, _, key = active
    registry.transact("elect", *registry.election(1, 10, LEADER, key))
    for view in (0, 1, 9, 10):
        refused(registry, "STALE_VIEW", *registry.election(1, view, OTHER, key))
    registry.transact("elect", *registry.election(1, 11, OTHER, key))


def test_an_election_is_not_recorded_twice(active):
    registry, _, key = active
    arguments = registry.election(1, 1, LEADER, key)
    registry.transact("elect", *arguments)
    refused(registry, "STALE_VIEW", *arguments)


def test_before_the_first_committee_nobody_is_elected(registry):
    key = group(4, "early")
    for epoch in (0, 1):
        refused(registry, "WRONG_EPOCH", *registry.election(epoch, 1, LEADER, key))


@pytest.mark.parametrize("epoch", [0, 2, 2**47 + 1, 2**64 - 1])
def test_another_epoch_is_refused(active, epoch):
    registry, _, key = active
    refused(registry, "WRONG_EPOCH", *registry.election(epoch, 1, LEADER, key))


def test_a_jump_is_bounded(active):
    registry, _, key = active
    refused(registry, "VIEW_JUMP", *registry.election(1, 2**20 + 1, LEADER, key))
    refused(registry, "VIEW_JUMP", *registry.election(1, 2**64 - 1, LEADER, key))
    registry.transact("elect", *registry.election(1, 2**20, LEADER, key))
    registry.transact("elect", *registry.election(1, 2**21, LEADER, key))
    refused(registry, "VIEW_JUMP", *registry.election(1, 2**21 + 2**20 + 1, LEADER, key))


def test_the_zero_address_does_not_lead(active):
    registry, _, key = active
    refused(registry, "NO_LEADER", *registry.election(1, 1, "0x" + "00" * 20, key))


def test_a_signature_holds_for_one_statement_only(active):
    registry, _, key = active
    signature = registry.election(1, 3, LEADER, key)[3]
    refused(registry, "BAD_SIGNATURE", 1, 3, OTHER, signature)
    refused(registry, "BAD_SIGNATURE", 1, 4, LEADER, signature)


def test_another_key_elects_nobody(active):
    registry, _, _ = active
    refused(registry, "BAD_SIGNATURE", *registry.election(1, 1, LEADER, group(4, "stranger")))


def test_a_signature_of_another_contract_or_chain_is_refused(active):
    registry, members, key = active
    signature = registry.election(1, 1, LEADER, key)[3]
    # The same people with the same key, at the same address on another chain.
    twin = Registry(chain_id=1)
    assert twin.address == registry.address
    twin.begin(seed="first")
    refused(twin, "BAD_SIGNATURE", 1, 1, LEADER, signature)
    message = registry.digest("Election", epoch=1, viewNumber=1, leader=LEADER)
    registry.address, address = OTHER, registry.address
    elsewhere = registry.digest("Election", epoch=1, viewNumber=1, leader=LEADER)
    registry.address = address
    assert message != elsewhere
    refused(registry, "BAD_SIGNATURE", 1, 1, LEADER, key.sign(elsewhere).as_abi())


MALLEATIONS = {
    "s negated": lambda rx, ry, s: (rx, ry, ORDER - s),
    "s is zero": lambda rx, ry, s: (rx, ry, 0),
    "s is the order": lambda rx, ry, s: (rx, ry, ORDER),
    "R negated": lambda rx, ry, s: (rx, FIELD - ry, s),
    "R and s negated": lambda rx, ry, s: (rx, FIELD - ry, ORDER - s),
    "ry plus the field": lambda rx, ry, s: (rx, (ry + FIELD) % 2**256, s),
    "rx plus the field": lambda rx, ry, s: ((rx + FIELD) % 2**256, ry, s),
    "rx altered in one bit": lambda rx, ry, s: (rx ^ 1, ry, s),
    "ry altered in two bits": lambda rx, ry, s: (rx, ry ^ 6, s),
    "R is zero": lambda rx, ry, s: (0, 0, s),
    "all zero": lambda rx, ry, s: (0, 0, 0),
    "all ones": lambda rx, ry, s: (2**256 - 1, 2**256 - 1, 2**256 - 1),
}


@pytest.mark.parametrize("name", MALLEATIONS)
def test_no_other_form_of_a_signature_is_accepted(active, name):
    registry, _, key = active
    arguments = registry.election(1, 1, LEADER, key)
    refused(registry, "BAD_SIGNATURE", *arguments[:3], MALLEATIONS[name](*arguments[3]))


def test_an_off_curve_commitment_is_refused(active):
    registry, _, key = active
    rx, ry, s = registry.election(1, 1, LEADER, key)[3]
    refused(registry, "BAD_SIGNATURE", 1, 1, LEADER, (rx, ry + 2, s))


def test_arguments_that_do_not_fit_their_types_are_refused(active):
    registry, _, key = active
    data = registry.data("elect", *registry.election(1, 1, LEADER, key))
    for word in range(3):
        dirty = bytearray(data)
        dirty[4 + 32 * word] = 1
        with pytest.raises(Reverted):
            registry.raw_call(bytes(dirty))
    with pytest.raises(Reverted):
        registry.raw_call(data[:-1])


def test_ether_is_not_accepted(active):
    registry, _, key = active
    data = registry.data("elect", *registry.election(1, 1, LEADER, key))
    registry.raw_call(data)
    with pytest.raises(Reverted):
        registry.raw_call(data, value=1)
    with pytest.raises(Reverted):
        registry.raw_call(b"", value=1)
    with pytest.raises(Reverted):
        registry.raw_call(b"\x01\x02\x03\x04")
