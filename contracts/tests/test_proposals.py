"""proposeCommittee: the lists that the governor may and may not propose."""

import pytest

from registry import Registry, Reverted, cards, group, members_hash, people, threshold_of

ZERO_ADDRESS = "0x" + "00" * 20


def refused(registry: Registry, reason: str, list_of_cards) -> None:
    with pytest.raises(Reverted) as caught:
        registry.transact("proposeCommittee", list_of_cards, key=registry.governor)
    assert caught.value.reason == reason


def altered(position: int, **changes):
    """Five good cards, one of them changed."""
    names = ("account", "identity", "key", "endpoint")
    good = cards(people(5))
    card = dict(zip(names, good[position], strict=True)) | changes
    good[position] = tuple(card[name] for name in names)
    return good


@pytest.mark.parametrize("size", [4, 5, 6, 7, 10, 31, 128])
def test_a_proposal_is_kept_and_told(registry, size):
    members = people(size)
    event = registry.propose(members)
    assert event["event"] == "CommitteeProposed" and len(event["all"]) == 1
    assert event["epoch"] == 1
    assert event["threshold"] == threshold_of(size)
    assert event["membersHash"] == members_hash(cards(members))
    assert [(m[0], *m[1:]) for m in event["members"]] == [(c[0].lower(), *c[1:]) for c in cards(members)]
    epoch, threshold, count, hash_, block, emergency, ready = registry.view("pending")
    assert (epoch, threshold, count, hash_) == (1, threshold_of(size), size, members_hash(cards(members)))
    assert block == registry.chain.head.number
    assert (emergency, ready) == (False, 0)


@pytest.mark.parametrize(
    ("size", "threshold"), [(4, 3), (5, 4), (6, 5), (7, 5), (10, 7), (13, 9), (100, 67), (128, 86)]
)
def test_the_threshold_follows_from_the_size(registry, size, threshold):
    assert registry.propose(people(size))["threshold"] == threshold


def test_a_later_proposal_replaces_an_earlier_one(registry):
    first, second = people(4, "a"), people(7, "b")
    registry.propose(first)
    registry.propose(second)
    assert registry.view("pending")[3] == members_hash(cards(second))
    key = group(4, "a")
    with pytest.raises(Reverted, match="WRONG_MEMBERS"):
        registry.transact("registerGroupKey", *registry.registration(1, key, first))


def test_only_the_governor_proposes(registry):
    with pytest.raises(Reverted, match="NOT_GOVERNOR"):
        registry.transact("proposeCommittee", cards(people(4)))


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_fewer_than_four_members_are_refused(registry, size):
    refused(registry, "BAD_PARAMS", cards(people(size)))


def test_more_than_128_members_are_refused(registry):
    refused(registry, "", cards(people(129)))


@pytest.mark.parametrize("position", [0, 2, 4])
@pytest.mark.parametrize(
    "changes",
    [
        {"account": ZERO_ADDRESS},
        {"identity": bytes(32)},
        {"key": b""},
        {"key": b"\x02" + bytes(31)},
        {"key": b"\x04" + bytes(32)},
        {"key": b"\x01" + bytes(32)},
        {"key": b"\x00" * 33},
        {"key": b"\x82" + bytes(32)},
        {"endpoint": ""},
    ],
    ids=str,
)
def test_an_incomplete_member_is_refused(registry, position, changes):
    refused(registry, "BAD_MEMBER", altered(position, **changes))


@pytest.mark.parametrize("changes", [{"key": b"\x02" + bytes(33)}, {"endpoint": "e" * 65}], ids=["key", "endpoint"])
def test_a_member_longer_than_its_type_is_refused(registry, changes):
    refused(registry, "", altered(1, **changes))


@pytest.mark.parametrize("prefix", [2, 3])
def test_both_compressed_prefixes_are_accepted(registry, prefix):
    registry.transact(
        "proposeCommittee", altered(1, key=bytes([prefix]) * 33, endpoint="e" * 64), key=registry.governor
    )


@pytest.mark.parametrize("field", ["account", "identity", "key"])
@pytest.mark.parametrize(("first", "second"), [(0, 1), (0, 4), (3, 4)])
def test_two_members_do_not_share_an_account_an_identity_or_a_key(registry, field, first, second):
    value = cards(people(5))[first][("account", "identity", "key").index(field)]
    refused(registry, "DUPLICATE_MEMBER", altered(second, **{field: value}))


def test_members_may_share_an_endpoint(registry):
    registry.transact("proposeCommittee", altered(1, endpoint=people(5)[0].endpoint), key=registry.governor)


def test_a_proposal_is_for_the_epoch_after_the_active_one(active):
    registry, _, key = active
    assert registry.propose(people(7, "next"))["epoch"] == 2
    assert registry.view("pending")[0] == 2
    registry.hand_over(2, key, 4, "third")
    assert registry.view("pending") == (0, 0, 0, bytes(32), 0, False, 0)
    assert registry.propose(people(4, "fourth"))["epoch"] == 3
