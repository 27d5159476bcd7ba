"""Emergency proposals: the delay, the veto, and what neither gives away."""

import pytest

from registry import DELAY, Registry, Reverted, cards, group, members_hash, people


def refused(registry: Registry, reason: str, function: str, *arguments, key=None) -> None:
    with pytest.raises(Reverted) as caught:
        registry.transact(function, *arguments, key=key)
    assert caught.value.reason == reason


@pytest.fixture
def emergency(active):
    """An emergency proposal over an active committee: the registry, the active key, the new members, their key."""
    registry, _, old = active
    members, key = people(7, "rescue"), group(7, "rescue")
    registry.propose(members, emergency=True)
    return registry, old, members, key


def veto(registry: Registry, key, epoch: int, members) -> tuple[int, int, int]:
    return key.sign(registry.digest("Veto", epoch=epoch, membersHash=members_hash(cards(members)))).as_abi()


def test_an_emergency_proposal_is_kept_and_told(active):
    registry, _, _ = active
    members = people(7, "rescue")
    told = registry.propose(members, emergency=True)
    proposed, announced = told["all"]
    ready = registry.chain.head.header.timestamp + DELAY
    assert (proposed["event"], proposed["epoch"]) == ("CommitteeProposed", 2)
    assert announced == {
        "event": "EmergencyProposed",
        "epoch": 2,
        "membersHash": members_hash(cards(members)),
        "readyAt": ready,
    }
    assert registry.view("pending") == (2, 5, 7, members_hash(cards(members)), registry.chain.head.number, True, ready)


def test_after_the_delay_the_new_members_approvals_suffice(emergency):
    registry, _, members, key = emergency
    registry.pass_time(DELAY)
    event = registry.transact("registerGroupKey", *registry.registration(2, key, members))
    assert (event["event"], event["epoch"], event["groupKeyX"]) == ("CommitteeRotated", 2, key.x)
    assert registry.view("committee")[0] == 2
    assert registry.view("pending")[0] == 0


def test_the_delay_is_kept_to_the_second(emergency):
    registry, _, members, key = emergency
    arguments = registry.registration(2, key, members)
    ready = registry.view("pending")[6]
    # A call executes one second after the head.
    registry.chain.mine(ready - 2)
    refused(registry, "EMERGENCY_DELAY", "registerGroupKey", *arguments)
    registry.chain.mine(ready - 1)
    registry.raw_call(registry.data("registerGroupKey", *arguments))


def test_an_emergency_registration_needs_the_threshold_and_possession(emergency):
    registry, _, members, key = emergency
    registry.pass_time(DELAY)
    good = registry.registration(2, key, members)
    refused(registry, "TOO_FEW_APPROVALS", "registerGroupKey", *good[:6], good[6][:4])
    refused(registry, "BAD_POSSESSION", "registerGroupKey", *good[:5], (0, 0, 0), good[6])
    refused(registry, "WRONG_EPOCH", "registerGroupKey", *registry.registration(1, key, members))


def test_the_active_committee_elects_during_an_emergency(emergency):
    registry, old, members, _ = emergency
    registry.transact("elect", *registry.election(1, 1, members[0].account, old))


def test_the_active_committee_may_hand_over_at_once(emergency):
    registry, old, members, key = emergency
    registry.transact("rotate", *registry.rotation(2, old, key, members))
    assert registry.view("committee")[:2] == (2, key.x)


@pytest.mark.parametrize("wait", [0, DELAY * 10])
def test_a_veto_ends_the_emergency(emergency, wait):
    registry, old, members, key = emergency
    if wait:
        registry.pass_time(wait)
    signature = veto(registry, old, 2, members)
    event = registry.transact("vetoEmergency", signature)
    assert {k: event[k] for k in ("event", "epoch", "membersHash", "veto")} == {
        "event": "EmergencyVetoed",
        "epoch": 2,
        "membersHash": members_hash(cards(members)),
        "veto": signature,
    }
    assert registry.view("pending")[0] == 0
    registry.pass_time(DELAY)
    refused(registry, "NO_EMERGENCY", "registerGroupKey", *registry.registration(2, key, members))
    refused(registry, "NO_EMERGENCY", "vetoEmergency", signature)


def test_only_the_active_committee_vetoes_and_only_this_list(emergency):
    registry, old, members, key = emergency
    for signature in (
        veto(registry, key, 2, members),
        veto(registry, old, 1, members),
        veto(registry, old, 3, members),
        veto(registry, old, 2, people(7, "others")),
        (0, 0, 0),
    ):
        refused(registry, "BAD_SIGNATURE", "vetoEmergency", signature)
    message = registry.digest("Veto", epoch=2, membersHash=members_hash(cards(members)))
    refused(registry, "BAD_SIGNATURE", "vetoEmergency", old.sign(message, [1, 2]).as_abi())


def test_a_veto_binds_one_list_and_the_governor_may_propose_another(emergency):
    registry, old, members, _ = emergency
    signature = veto(registry, old, 2, members)
    registry.transact("vetoEmergency", signature)
    registry.propose(members, emergency=True)
    registry.transact("vetoEmergency", signature)
    others, key = people(4, "others"), group(4, "others")
    registry.propose(others, emergency=True)
    refused(registry, "BAD_SIGNATURE", "vetoEmergency", signature)
    registry.pass_time(DELAY)
    registry.transact("registerGroupKey", *registry.registration(2, key, others))


def test_an_ordinary_proposal_cannot_be_vetoed(active):
    registry, _, old = active
    members = people(7, "next")
    refused(registry, "NO_EMERGENCY", "vetoEmergency", veto(registry, old, 2, members))
    registry.propose(members)
    refused(registry, "NO_EMERGENCY", "vetoEmergency", veto(registry, old, 2, members))


def test_every_proposal_starts_the_delay_anew(emergency):
    registry, _, members, key = emergency
    registry.pass_time(DELAY)
    registry.propose(members, emergency=True)
    refused(registry, "EMERGENCY_DELAY", "registerGroupKey", *registry.registration(2, key, members))


def test_an_ordinary_proposal_ends_the_emergency(emergency):
    registry, _, members, key = emergency
    registry.propose(members)
    registry.pass_time(DELAY * 2)
    refused(registry, "NO_EMERGENCY", "registerGroupKey", *registry.registration(2, key, members))


def test_an_emergency_is_over_with_the_next_committee(emergency):
    registry, old, members, key = emergency
    registry.transact("rotate", *registry.rotation(2, old, key, members))
    registry.pass_time(DELAY * 2)
    for epoch in (2, 3):
        refused(registry, "NO_EMERGENCY", "registerGroupKey", *registry.registration(epoch, key, members))


def test_only_the_governor_declares_an_emergency_and_only_over_a_committee(active):
    registry, _, _ = active
    refused(registry, "NOT_GOVERNOR", "proposeEmergencyCommittee", cards(people(4)))
    refused(registry, "BAD_PARAMS", "proposeEmergencyCommittee", cards(people(3)), key=registry.governor)
    fresh = Registry()
    refused(fresh, "NO_COMMITTEE", "proposeEmergencyCommittee", cards(people(4)), key=fresh.governor)
