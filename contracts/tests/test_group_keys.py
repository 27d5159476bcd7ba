"""registerGroupKey and rotate: how a group key becomes the committee's."""

import pytest
from eth_utils import keccak

from frost import ORDER, GroupKey
from registry import (
    TRANSCRIPT,
    ZERO_SIGNATURE,
    Registry,
    Reverted,
    approve,
    cards,
    group,
    members_hash,
    people,
    threshold_of,
)

HALF_ORDER = ORDER // 2
NOTHING_PENDING = (0, 0, 0, bytes(32), 0, False, 0)


def refused(registry: Registry, reason: str, function: str, arguments) -> None:
    with pytest.raises(Reverted) as caught:
        registry.transact(function, *arguments)
    assert caught.value.reason == reason


@pytest.fixture
def proposed(registry):
    """A first committee of seven, proposed: the registry, its members, their key, valid arguments."""
    members, key = people(7), group(7, "seven")
    registry.propose(members)
    return registry, members, key, registry.registration(1, key, members)


# The first key


@pytest.mark.parametrize("size", [4, 7, 31])
def test_a_first_key_is_installed_and_told(registry, size):
    members, key = people(size), group(size, "first")
    registry.propose(members)
    arguments = registry.registration(1, key, members)
    event = registry.transact("registerGroupKey", *arguments)
    assert event["event"] == "CommitteeRotated" and len(event["all"]) == 1
    assert (event["epoch"], event["groupKeyX"], event["parity"]) == (1, key.x, key.parity)
    assert (event["threshold"], event["membersHash"]) == (threshold_of(size), members_hash(cards(members)))
    assert (event["transcript"], event["possession"]) == (TRANSCRIPT, arguments[5])
    assert event["approval"] == ZERO_SIGNATURE
    assert list(event["approvals"]) == arguments[6]
    assert [m[0] for m in event["members"]] == [c[0].lower() for c in cards(members)]
    assert registry.view("committee") == (
        1,
        key.x,
        key.parity,
        threshold_of(size),
        size,
        members_hash(cards(members)),
        TRANSCRIPT,
        registry.chain.head.number,
    )
    assert registry.view("pending") == NOTHING_PENDING
    assert registry.view("epoch") == 1


def test_before_the_first_key_there_is_no_committee(registry):
    assert registry.view("committee") == (0, 0, 0, 0, 0, bytes(32), bytes(32), 0)
    assert registry.view("pending") == NOTHING_PENDING
    assert (registry.view("epoch"), registry.view("currentView")) == (0, 0)


@pytest.mark.parametrize("signers", [[1, 2, 3, 4, 5], [3, 4, 5, 6, 7], [1, 3, 4, 6, 7], [1, 2, 3, 4, 5, 6, 7]], ids=str)
def test_any_threshold_of_members_approves(proposed, signers):
    registry, members, key, _ = proposed
    registry.transact("registerGroupKey", *registry.registration(1, key, members, signers))


def test_fewer_approvals_than_the_threshold_do_not_suffice(proposed):
    registry, members, key, arguments = proposed
    for count in (0, 1, 4):
        refused(registry, "TOO_FEW_APPROVALS", "registerGroupKey", [*arguments[:6], arguments[6][:count]])


@pytest.mark.parametrize(
    "positions", [[1, 1, 2, 3, 4], [2, 1, 3, 4, 5], [1, 2, 3, 5, 4], [1, 2, 3, 4, 4], [5, 4, 3, 2, 1]], ids=str
)
def test_approvals_stand_in_strictly_ascending_order(proposed, positions):
    registry, members, key, arguments = proposed
    message = registry.key_digest(1, key, cards(members))
    approvals = [approve(members[p - 1].key, message, p) for p in positions]
    refused(registry, "BAD_APPROVAL", "registerGroupKey", [*arguments[:6], approvals])


@pytest.mark.parametrize("position", [0, 8, 128, 2**16 - 1])
def test_an_approval_by_no_member_is_refused(proposed, position):
    registry, members, key, arguments = proposed
    approvals = list(arguments[6])
    index = 0 if position == 0 else -1
    approvals[index] = (position, *approvals[index][1:])
    refused(registry, "BAD_APPROVAL", "registerGroupKey", [*arguments[:6], approvals])


FORGERIES = {
    "with the other parity": lambda a: (a[0], a[1], bytes([a[2][0] ^ 0x80]) + a[2][1:]),
    "with r zero": lambda a: (a[0], bytes(32), a[2]),
    # No signature with an s between half the order and 2^255 can be made, so only the bound itself is tried.
    "with the greatest s": lambda a: (a[0], a[1], b"\xff" * 32),
    "with s zero": lambda a: (a[0], a[1], bytes([a[2][0] & 0x80]) + bytes(31)),
    "all zero": lambda a: (a[0], bytes(32), bytes(32)),
    "with r of the order": lambda a: (a[0], ORDER.to_bytes(32, "big"), a[2]),
    "with r off the curve": lambda a: (a[0], (5).to_bytes(32, "big"), a[2]),
}


@pytest.mark.parametrize("name", FORGERIES)
@pytest.mark.parametrize("index", [0, 4])
def test_a_forged_approval_is_refused(proposed, name, index):
    registry, _, _, arguments = proposed
    approvals = list(arguments[6])
    approvals[index] = FORGERIES[name](approvals[index])
    refused(registry, "BAD_APPROVAL", "registerGroupKey", [*arguments[:6], approvals])


def test_an_approval_by_another_member_is_refused(proposed):
    registry, members, key, arguments = proposed
    message = registry.key_digest(1, key, cards(members))
    approvals = [*arguments[6][:4], approve(members[5].key, message, 5)]
    refused(registry, "BAD_APPROVAL", "registerGroupKey", [*arguments[:6], approvals])
    registry.transact("registerGroupKey", *arguments[:6], [*arguments[6][:4], approve(members[5].key, message, 6)])


def test_approvals_are_for_one_key_one_epoch_and_one_transcript(proposed):
    registry, members, key, arguments = proposed
    other = group(7, "other")
    foreign = {
        "key": registry.key_digest(1, other, cards(members)),
        "epoch": registry.key_digest(2, key, cards(members)),
        "transcript": registry.key_digest(1, key, cards(members), keccak(b"another")),
        "members": registry.key_digest(1, key, cards(people(7, "others"))),
    }
    for message in foreign.values():
        approvals = [approve(members[p - 1].key, message, p) for p in range(1, 6)]
        refused(registry, "BAD_APPROVAL", "registerGroupKey", [*arguments[:6], approvals])


def test_a_key_without_possession_is_refused(proposed):
    registry, members, key, arguments = proposed
    message = registry.key_digest(1, key, cards(members))
    for possession in (group(7, "other").sign(message), key.sign(b"\1" * 32), key.sign(message, [1, 2, 3, 4])):
        refused(registry, "BAD_POSSESSION", "registerGroupKey", [*arguments[:5], possession.as_abi(), arguments[6]])
    refused(registry, "BAD_POSSESSION", "registerGroupKey", [*arguments[:5], ZERO_SIGNATURE, arguments[6]])


def test_a_key_that_cannot_be_verified_is_refused(proposed):
    registry, members, key, arguments = proposed
    for px, parity in ((0, 0), (ORDER, 0), (ORDER + 1, 0), (2**256 - 1, 1), (key.x, 2), (key.x, 255)):
        refused(registry, "BAD_PARAMS", "registerGroupKey", [1, px, parity, *arguments[3:]])


def test_the_other_parity_is_another_key(proposed):
    registry, members, key, arguments = proposed
    refused(registry, "BAD_APPROVAL", "registerGroupKey", [1, key.x, 1 - key.parity, *arguments[3:]])
    message = registry.digest(
        "GroupKey",
        epoch=1,
        groupKeyX=key.x,
        parity=1 - key.parity,
        threshold=5,
        size=7,
        membersHash=members_hash(cards(members)),
        transcript=TRANSCRIPT,
    )
    approvals = [approve(members[p - 1].key, message, p) for p in range(1, 6)]
    refused(
        registry,
        "BAD_POSSESSION",
        "registerGroupKey",
        [1, key.x, 1 - key.parity, TRANSCRIPT, cards(members), key.sign(message).as_abi(), approvals],
    )


@pytest.mark.parametrize("epoch", [0, 2, 2**64 - 1])
def test_a_first_key_is_for_epoch_one(proposed, epoch):
    registry, members, key, _ = proposed
    refused(registry, "WRONG_EPOCH", "registerGroupKey", registry.registration(epoch, key, members))


def test_only_the_proposed_members_are_installed(proposed):
    registry, members, key, _ = proposed
    for others in (people(7, "others"), [*members[:-1], people(8)[7]], members[:4], list(reversed(members))):
        refused(registry, "WRONG_MEMBERS", "registerGroupKey", registry.registration(1, key, others))


def test_without_a_proposal_no_key_is_registered(registry):
    refused(registry, "NO_PROPOSAL", "registerGroupKey", registry.registration(1, group(4, "x"), people(4)))


def test_a_second_first_key_is_refused(proposed):
    registry, members, key, arguments = proposed
    registry.transact("registerGroupKey", *arguments)
    refused(registry, "NO_EMERGENCY", "registerGroupKey", arguments)


def test_a_normal_proposal_gives_its_members_no_right_over_an_active_committee(active):
    registry, _, _ = active
    members, key = people(7, "usurper"), group(7, "usurper")
    registry.propose(members)
    registry.pass_time(10**7)
    refused(registry, "NO_EMERGENCY", "registerGroupKey", registry.registration(2, key, members))


# Rotation


def test_a_rotation_is_installed_and_told(active):
    registry, _, old = active
    members, key = people(7, "next"), group(7, "next")
    registry.propose(members)
    arguments = registry.rotation(2, old, key, members)
    event = registry.transact("rotate", *arguments)
    assert event["event"] == "CommitteeRotated" and len(event["all"]) == 1
    assert (event["epoch"], event["groupKeyX"], event["parity"], event["threshold"]) == (2, key.x, key.parity, 5)
    assert (event["approval"], event["possession"]) == (arguments[5], arguments[6])
    assert (list(event["approvals"]), event["transcript"]) == ([], TRANSCRIPT)
    assert registry.view("committee") == (
        2,
        key.x,
        key.parity,
        5,
        7,
        members_hash(cards(members)),
        TRANSCRIPT,
        registry.chain.head.number,
    )
    assert registry.view("pending") == NOTHING_PENDING


def test_view_and_leader_carry_over(active):
    registry, members, old = active
    leader = members[2].account
    registry.transact("elect", *registry.election(1, 77, leader, old))
    _, key, _ = registry.hand_over(2, old, 4, "next")
    assert (registry.view("currentView"), registry.view("currentLeader")) == (77, leader.lower())
    for view in (1, 77):
        refused(registry, "STALE_VIEW", "elect", registry.election(2, view, leader, key))
    refused(registry, "WRONG_EPOCH", "elect", registry.election(1, 78, leader, old))
    refused(registry, "BAD_SIGNATURE", "elect", registry.election(2, 78, leader, old))
    registry.transact("elect", *registry.election(2, 78, leader, key))
    assert registry.view("epoch") == 2


def test_a_reshared_group_keeps_its_key_and_elects_in_its_new_epoch_only(active):
    registry, members, key = active
    fresh = people(4, "fresh")
    registry.propose(fresh)
    registry.transact("rotate", *registry.rotation(2, key, key, fresh))
    assert registry.view("committee")[:2] == (2, key.x)
    old = registry.election(1, 1, members[0].account, key)
    refused(registry, "WRONG_EPOCH", "elect", old)
    refused(registry, "BAD_SIGNATURE", "elect", [2, *old[1:]])


def test_a_rotation_is_not_replayed(active):
    registry, _, old = active
    members = people(4, "same")
    registry.propose(members)
    arguments = registry.rotation(2, old, old, members)
    registry.transact("rotate", *arguments)
    refused(registry, "NO_PROPOSAL", "rotate", arguments)
    registry.propose(members)
    refused(registry, "WRONG_EPOCH", "rotate", arguments)
    refused(registry, "BAD_SIGNATURE", "rotate", [3, *arguments[1:]])


def test_a_rotation_needs_both_signatures(active):
    registry, _, old = active
    members, key = people(7, "next"), group(7, "next")
    registry.propose(members)
    good = registry.rotation(2, old, key, members)
    message = registry.key_digest(2, key, cards(members))
    refused(registry, "BAD_SIGNATURE", "rotate", [*good[:5], key.sign(message).as_abi(), good[6]])
    refused(registry, "BAD_SIGNATURE", "rotate", [*good[:5], ZERO_SIGNATURE, good[6]])
    refused(registry, "BAD_SIGNATURE", "rotate", [*good[:5], old.sign(message, [1, 2]).as_abi(), good[6]])
    refused(registry, "BAD_POSSESSION", "rotate", [*good[:6], old.sign(message).as_abi()])
    refused(registry, "BAD_POSSESSION", "rotate", [*good[:6], ZERO_SIGNATURE])
    refused(registry, "BAD_SIGNATURE", "rotate", [*good[:3], keccak(b"another"), *good[4:]])
    registry.transact("rotate", *good)


def test_a_rotation_needs_the_governors_proposal(active):
    registry, _, old = active
    members, key = people(7, "next"), group(7, "next")
    refused(registry, "NO_PROPOSAL", "rotate", registry.rotation(2, old, key, members))
    registry.propose(people(7, "others"))
    refused(registry, "WRONG_MEMBERS", "rotate", registry.rotation(2, old, key, members))


@pytest.mark.parametrize("epoch", [0, 1, 3])
def test_a_rotation_is_for_the_next_epoch(active, epoch):
    registry, _, old = active
    members, key = people(7, "next"), group(7, "next")
    registry.propose(members)
    refused(registry, "WRONG_EPOCH", "rotate", registry.rotation(epoch, old, key, members))


def test_nothing_rotates_before_the_first_committee(proposed):
    registry, members, key, _ = proposed
    refused(registry, "NO_COMMITTEE", "rotate", registry.rotation(1, key, key, members))


def test_a_rotation_to_a_key_that_cannot_be_verified_is_refused(active):
    registry, _, old = active
    members, key = people(7, "next"), group(7, "next")
    registry.propose(members)
    good = registry.rotation(2, old, key, members)
    for px, parity in ((0, 0), (ORDER, 1), (2**256 - 1, 0), (key.x, 2)):
        refused(registry, "BAD_PARAMS", "rotate", [2, px, parity, *good[3:]])


def test_keys_of_both_parities_and_on_both_sides_of_half_the_order_serve(active):
    registry, members, key = active
    seen, epoch = set(), 1
    for number in range(40):
        kind = (key.parity, key.x > HALF_ORDER)
        if kind not in seen:
            seen.add(kind)
            view = registry.view("currentView") + 1
            registry.transact("elect", *registry.election(epoch, view, members[0].account, key))
        if len(seen) == 4:
            return
        epoch += 1
        _, key, _ = registry.hand_over(epoch, key, 4, f"rotation {number}")
    pytest.fail(f"only {seen} came up")


def test_verify_signature_is_a_plain_check(registry):
    key, message = GroupKey(2, 3, "plain"), b"\7" * 32
    signature = key.sign(message).as_abi()
    assert registry.view("verifySignature", key.x, key.parity, message, signature)
    assert not registry.view("verifySignature", key.x, 1 - key.parity, message, signature)
    assert not registry.view("verifySignature", key.x, key.parity, b"\6" * 32, signature)
    for px, parity in ((0, 0), (ORDER, 0), (ORDER, 1), (2**256 - 1, 0), (key.x, 2), (key.x, 255)):
        assert not registry.view("verifySignature", px, parity, message, signature)
