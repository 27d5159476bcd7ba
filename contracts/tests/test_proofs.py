"""anchorProof: what the logs come to, and every way to be refused."""

import pytest

from devchain.accounts import dev_key

from registry import Registry, Reverted, group

ROOT = bytes(range(32))
OTHER = bytes(32)


def refused(registry: Registry, reason: str, *arguments) -> None:
    with pytest.raises(Reverted) as caught:
        registry.transact("anchorProof", *arguments)
    assert caught.value.reason == reason


def test_an_anchor_is_recorded_and_tells_its_signature(active):
    registry, _, key = active
    assert registry.view("latestProof") == (0, bytes(32))
    arguments = registry.anchoring(1, 1, ROOT, key)
    event = registry.transact("anchorProof", *arguments)
    assert event["event"] == "ProofAnchored" and len(event["all"]) == 1
    assert (event["epoch"], event["number"], event["root"]) == (1, 1, ROOT)
    assert (event["rx"], event["ry"], event["s"]) == arguments[3]
    assert registry.view("latestProof") == (1, ROOT)


def test_the_digest_is_that_of_the_statement(active):
    registry, _, _ = active
    digest = registry.digest("ProofAnchor", epoch=3, number=2**64 - 1, root=ROOT)
    assert registry.view("proofAnchorDigest", 3, 2**64 - 1, ROOT) == digest


def test_anybody_may_bring_an_anchor(active):
    registry, _, key = active
    registry.transact("anchorProof", *registry.anchoring(1, 1, ROOT, key), key=dev_key(7))


def test_numbers_count_without_gaps(active):
    registry, _, key = active
    for number in (0, 2, 2**64 - 1):
        refused(registry, "WRONG_NUMBER", *registry.anchoring(1, number, ROOT, key))
    registry.transact("anchorProof", *registry.anchoring(1, 1, ROOT, key))
    for number in (0, 1, 3):
        refused(registry, "WRONG_NUMBER", *registry.anchoring(1, number, OTHER, key))
    registry.transact("anchorProof", *registry.anchoring(1, 2, OTHER, key))
    assert registry.view("latestProof") == (2, OTHER)


def test_numbers_go_on_over_epochs_and_old_keys_anchor_nothing(active):
    registry, _, key = active
    registry.transact("anchorProof", *registry.anchoring(1, 1, ROOT, key))
    _, new, _ = registry.hand_over(2, key, 4, "second")
    refused(registry, "WRONG_EPOCH", *registry.anchoring(1, 2, ROOT, key))
    refused(registry, "BAD_SIGNATURE", *registry.anchoring(2, 2, ROOT, key))
    registry.transact("anchorProof", *registry.anchoring(2, 2, ROOT, new))


def test_before_the_first_committee_nothing_is_anchored(registry):
    key = group(4, "early")
    for epoch in (0, 1):
        refused(registry, "WRONG_EPOCH", *registry.anchoring(epoch, 1, ROOT, key))


def test_fewer_than_the_threshold_anchor_nothing(active):
    registry, _, key = active
    message = registry.digest("ProofAnchor", epoch=1, number=1, root=ROOT)
    refused(registry, "BAD_SIGNATURE", 1, 1, ROOT, key.sign(message, [2, 3]).as_abi())


def test_a_signature_holds_for_one_statement_only(active):
    registry, _, key = active
    signature = registry.anchoring(1, 1, ROOT, key)[3]
    refused(registry, "BAD_SIGNATURE", 1, 1, OTHER, signature)
    next_signature = registry.anchoring(1, 2, ROOT, key)[3]
    refused(registry, "BAD_SIGNATURE", 1, 1, ROOT, next_signature)


def test_a_signature_of_another_contract_is_refused(active):
    registry, _, key = active
    signature = registry.anchoring(1, 1, ROOT, key)[3]
    twin = Registry(chain_id=1)
    twin.begin(seed="first")
    refused(twin, "BAD_SIGNATURE", 1, 1, ROOT, signature)


def test_an_election_is_no_anchor(active):
    """The two statements have one shape; their types keep them apart."""
    registry, _, key = active
    leader = "0x" + ROOT[-20:].hex()
    root = bytes(12) + ROOT[-20:]
    signature = registry.election(1, 1, leader, key)[3]
    refused(registry, "BAD_SIGNATURE", 1, 1, root, signature)
