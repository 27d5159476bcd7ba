"""The whole history verifies from the logs alone: a lying node can hide events, not forge them."""

from typing import Any

import pytest
from coincurve import PublicKey
from eth_keys import keys

from frost import Signature, verify
from registry import DELAY, Registry, decode_event, digest, group, members_hash, people, threshold_of


class Forged(Exception):
    """An event that the events before it do not bear out."""


def group_point(x: int, parity: int) -> PublicKey:
    return PublicKey(bytes([2 + parity]) + x.to_bytes(32, "big"))


def demand(condition: bool, what: str) -> None:
    if not condition:
        raise Forged(what)


def approved_by(approval: tuple[int, bytes, bytes], message: bytes) -> str:
    vs = int.from_bytes(approval[2], "big")
    signature = keys.Signature(vrs=(vs >> 255, int.from_bytes(approval[1], "big"), vs & (2**255 - 1)))
    return signature.recover_public_key_from_msg_hash(message).to_address()


def follow(events: list[dict[str, Any]], chain_id: int, contract: str) -> tuple[int, int, str]:
    """Check every event and return the epoch, view and leader they lead to.

    A first key and an emergency rest on the approvals of members that only the governor's transaction vouches for;
    whoever follows must know these members from elsewhere. All else hangs together by signatures.
    """
    epoch, view, leader, key = 0, 0, "", None
    for event in events:
        if event["event"] == "CommitteeRotated":
            members = event["members"]
            demand(event["epoch"] == epoch + 1, "an epoch is missing")
            demand(event["membersHash"] == members_hash(list(members)), "other members")
            demand(event["threshold"] == threshold_of(len(members)), "another threshold")
            message = digest(
                "GroupKey",
                chain_id,
                contract,
                {
                    "epoch": event["epoch"],
                    "groupKeyX": event["groupKeyX"],
                    "parity": event["parity"],
                    "threshold": event["threshold"],
                    "size": len(members),
                    "membersHash": event["membersHash"],
                    "transcript": event["transcript"],
                },
            )
            new = group_point(event["groupKeyX"], event["parity"])
            demand(verify(new, message, Signature(*event["possession"])), "no possession")
            if event["approvals"]:
                positions = [approval[0] for approval in event["approvals"]]
                demand(
                    positions == sorted(set(positions)) and len(positions) >= event["threshold"], "too few approvals"
                )
                for approval in event["approvals"]:
                    demand(approved_by(approval, message) == members[approval[0] - 1][0], "a forged approval")
            else:
                demand(key is not None and verify(key, message, Signature(*event["approval"])), "no approval")
            epoch, key = event["epoch"], new
        elif event["event"] == "LeaderElected":
            demand(event["epoch"] == epoch and event["viewNumber"] > view, "a view out of order")
            message = digest(
                "Election",
                chain_id,
                contract,
                {"epoch": epoch, "viewNumber": event["viewNumber"], "leader": event["leader"]},
            )
            demand(verify(key, message, Signature(event["rx"], event["ry"], event["s"])), "a forged election")
            view, leader = event["viewNumber"], event["leader"]
    return epoch, view, leader


@pytest.fixture(scope="module")
def history() -> tuple[Registry, list[dict[str, Any]]]:
    registry = Registry()
    members, key = registry.begin(7)
    registry.transact("elect", *registry.election(1, 1, members[0].account, key))
    registry.transact("elect", *registry.election(1, 5, members[3].account, key))
    members, key, _ = registry.hand_over(2, key, 4, "second")
    registry.transact("elect", *registry.election(2, 6, members[1].account, key))
    rescue, rescue_key = people(10, "rescue"), group(10, "rescue")
    registry.propose(rescue, emergency=True)
    registry.pass_time(DELAY)
    registry.transact("registerGroupKey", *registry.registration(3, rescue_key, rescue))
    registry.transact("elect", *registry.election(3, 9, rescue[9].account, rescue_key))
    entries = [entry for hash_ in registry.chain.canonical for entry in registry.chain.blocks[hash_].logs]
    return registry, [decode_event(entry) for entry in entries]


def test_the_logs_lead_to_the_contracts_state(history):
    registry, events = history
    epoch, view, leader = follow(events, 31337, registry.address)
    assert (epoch, view, leader) == (
        registry.view("epoch"),
        registry.view("currentView"),
        registry.view("currentLeader"),
    )
    assert (epoch, view) == (3, 9)


SIGNED_FIELDS = {
    "viewNumber",
    "leader",
    "rx",
    "s",
    "transcript",
    "groupKeyX",
    "parity",
    "threshold",
    "membersHash",
    "possession",
    "approval",
}


def alter(value: Any) -> Any:
    match value:
        case int():
            return value ^ 1
        case str():
            return "0x" + "11" * 20
        case tuple():
            return value[0], value[1], value[2] ^ 1
        case _:
            return bytes([value[0] ^ 1]) + value[1:]


def test_no_event_may_be_altered(history):
    registry, events = history
    tried = 0
    for index, event in enumerate(events):
        if event["event"] not in ("CommitteeRotated", "LeaderElected"):
            continue
        for field in SIGNED_FIELDS & event.keys():
            if field == "approval" and event["approvals"]:
                continue  # not used where approvals speak
            forged = [*events[:index], {**event, field: alter(event[field])}, *events[index + 1 :]]
            with pytest.raises((Forged, ValueError)):
                follow(forged, 31337, registry.address)
            tried += 1
    assert tried > 30
