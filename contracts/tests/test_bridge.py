"""Another manager's logs become requests by the committee's word, once each; all else of a governor's stays the DAO's."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from eth_abi import decode
from eth_utils import keccak

from devchain.accounts import dev_key

from bridge import ORIGIN, Bridge
from deployed import artefact
from operations import OPERATORS, OWNER, WITHDRAWAL, Exit, Keygen, Operations, Request, Reshare, Validator, request_id
from registry import Registry, Reverted, group

CODE_LIMIT = 24_576  # EIP-170
KINDS = ["Keygen", "Reshare", "Exit"]
ZERO_ADDRESS = "0x" + "00" * 20


@dataclass
class Place:
    """A bridge that governs, and a validator that exists."""

    operations: Operations
    bridge: Bridge
    validator: Validator
    holders: tuple[int, ...]

    @classmethod
    def begin(cls) -> "Place":
        operations = Operations.begin(ether=96)
        validator, holders = operations.validator()
        return cls(operations, Bridge.over(operations), validator, holders)

    def request(self, kind: str) -> Request:
        if kind == "Keygen":
            return Keygen(operator_ids=tuple(OPERATORS[1:]), count=2)
        if kind == "Reshare":
            return Reshare(self.validator.public_key, self.holders, tuple(OPERATORS[1:]))
        return Exit(self.validator.public_key, self.holders, 2, 10**9)

    def refused(self, reason: str, function: str, arguments: list[Any], **sender: Any) -> None:
        """A call that would be reverted; nothing is changed."""
        with pytest.raises(Reverted) as caught:
            self.bridge.raw_call(self.bridge.data(function, *arguments), **sender)
        assert caught.value.reason == reason


@pytest.fixture(scope="module")
def kept() -> Place:
    """For tests that leave nothing behind."""
    return Place.begin()


# Adoption


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_committee_has_signed_is_asked_and_told(kind):
    place = Place.begin()
    request = place.request(kind)
    function, arguments = place.bridge.adoption(request)
    answer = place.bridge.raw_call(place.bridge.data(function, *arguments))
    event = place.bridge.transact(function, *arguments)
    asked = place.bridge.asked(event)
    assert asked["event"] == kind + "Requested" and asked["number"] == 2
    assert asked["requestId"] == place.operations.request_id(2, request) == answer
    assert {name: event[name] for name in ("event", "origin", "requestId", "index", "epoch", "signature")} == {
        "event": "RequestAdopted",
        "origin": ORIGIN,
        "requestId": asked["requestId"],
        "index": 0,
        "epoch": 1,
        "signature": arguments[-1],
    }
    assert place.operations.view("requestState", asked["requestId"]) == (1, 0)
    assert place.bridge.view("isAdopted", ORIGIN, 0)
    assert not place.bridge.view("isAdopted", ORIGIN, 1)
    assert not place.bridge.view("isAdopted", keccak(b"another log"), 0)


def test_the_committee_reports_what_was_adopted_as_what_was_asked():
    place = Place.begin()
    number = place.bridge.asked(place.bridge.adopt(Keygen()))["number"]
    report = place.operations.keygen_report(number, Keygen(), Validator.of("two"))
    assert place.operations.transact("reportKeygen", *report)["event"] == "ValidatorCreated"
    leave = Exit(place.validator.public_key, place.holders)
    number = place.bridge.asked(place.bridge.adopt(leave, keccak(b"a later log")))["number"]
    report = place.operations.signed_exit_report(number, leave)
    assert place.operations.transact("reportExitSigned", *report)["event"] == "ValidatorExitSigned"


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_leads_to_one_request_and_no_second(kind):
    place = Place.begin()
    function, arguments = place.bridge.adoption(place.request(kind))
    place.bridge.transact(function, *arguments)
    place.refused("ALREADY_ADOPTED", function, arguments)
    for other in KINDS:  # nor one of another kind, which the committee signs anew
        place.refused("ALREADY_ADOPTED", *place.bridge.adoption(place.request(other)))
    assert place.operations.view("requestCount") == 2


def test_one_log_may_lead_to_several_reshares_in_any_order():
    place = Place.begin()
    request = place.request("Reshare")
    assert [place.bridge.adopt(request, index=index)["index"] for index in (1, 0, 2**16 - 1)] == [1, 0, 2**16 - 1]
    place.refused("ALREADY_ADOPTED", *place.bridge.adoption(request, index=1))
    assert [place.bridge.view("isAdopted", ORIGIN, index) for index in (0, 1, 2, 2**16 - 1)] == [True, True, False, True]
    assert place.operations.view("requestCount") == 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "wrong",
    [
        {"epoch": 2},
        {"bridge": WITHDRAWAL},
        {"origin": keccak(b"another log")},
        {"index": 1},
        {"request": keccak(b"another request")},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_signature_over_anything_else_is_refused(kept, kind, wrong):
    kept.refused("BAD_SIGNATURE", *kept.bridge.adoption(kept.request(kind), wrong=wrong))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_asked_is_hashed_for_this_chain_and_contract_and_without_a_number(kept, kind):
    request = kept.request(kind)
    chain_id, contract = kept.operations.registry.chain_id, kept.operations.address
    for wrong in (
        request_id(chain_id + 1, contract, 0, request),
        request_id(chain_id, kept.bridge.address, 0, request),
        request_id(chain_id, contract, kept.operations.view("requestCount") + 1, request),
    ):
        kept.refused("BAD_SIGNATURE", *kept.bridge.adoption(request, wrong={"request": wrong}))


@pytest.mark.parametrize(
    "change",
    [
        {"operator_ids": ()},
        {"operator_ids": tuple(OPERATORS[:4])},
        {"operator_ids": tuple(OPERATORS), "size": 5},
        {"count": 1},
        {"withdrawal": OWNER},
        {"compounding": True},
        {"amount": 33 * 10**9, "compounding": True},
        {"owner": WITHDRAWAL},
        {"owner_nonce": 8},
    ],
)
def test_who_brings_an_adoption_cannot_alter_a_keygen(kept, change):
    function, arguments = kept.bridge.adoption(kept.request("Keygen"))
    arguments[2] = replace(kept.request("Keygen"), **change).as_abi()
    kept.refused("BAD_SIGNATURE", function, arguments)


def test_who_brings_an_adoption_cannot_alter_a_reshare_or_an_exit(kept):
    reshare, leave = kept.request("Reshare"), kept.request("Exit")
    for request, change in (
        (reshare, {"public_key": bytes(48)}),
        (reshare, {"old_operator_ids": tuple(OPERATORS)}),
        (reshare, {"operator_ids": tuple(OPERATORS)}),
        (leave, {"public_key": bytes(48)}),
        (leave, {"operator_ids": tuple(OPERATORS)}),
        (leave, {"way": 1, "fee_cap": 0}),
        (leave, {"fee_cap": 10**9 + 1}),
    ):
        function, arguments = kept.bridge.adoption(request)
        arguments[-2] = replace(request, **change).as_abi()
        kept.refused("BAD_SIGNATURE", function, arguments)
    function, arguments = kept.bridge.adoption(reshare)
    kept.refused("BAD_SIGNATURE", function, [*arguments[:2], 1, *arguments[3:]])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("epoch", [0, 2, 2**64 - 1])
def test_an_epoch_that_is_not_the_committees_is_refused(kept, kind, epoch):
    kept.refused("WRONG_EPOCH", *kept.bridge.adoption(kept.request(kind), epoch=epoch))


def test_a_former_committees_signature_ends_with_its_epoch():
    place = Place.begin()
    function, arguments = place.bridge.adoption(Keygen())
    _, key, _ = place.operations.registry.hand_over(2, place.operations.key, 4, "second")
    place.refused("WRONG_EPOCH", function, arguments)
    place.refused("BAD_SIGNATURE", *place.bridge.adoption(Keygen(), epoch=2))
    place.operations.key = key
    function, arguments = place.bridge.adoption(Keygen(), epoch=2)
    assert place.bridge.transact(function, *arguments)["epoch"] == 2


def test_a_key_that_is_not_the_committees_signs_nothing(kept):
    for signature in ((0, 0, 0), (1, 2, 3), group(4, "strangers").sign(b"\1" * 32).as_abi()):
        function, arguments = kept.bridge.adoption(Keygen())
        kept.refused("BAD_SIGNATURE", function, [*arguments[:-1], signature])


def test_a_report_is_no_adoption_and_an_adoption_no_report(kept):
    """Both are signed in one domain; the types keep them apart."""
    report = kept.operations.reshare_report(1, kept.request("Reshare"))
    function, arguments = kept.bridge.adoption(kept.request("Reshare"))
    kept.refused("BAD_SIGNATURE", function, [*arguments[:-1], report[-1]])


def test_another_bridges_signature_does_not_hold():
    place = Place.begin()
    other = Bridge.beside(place.operations)
    function, arguments = other.adoption(Keygen())
    place.refused("BAD_SIGNATURE", function, arguments)
    # And the other, which does not govern, gets nothing done with its own.
    with pytest.raises(Reverted, match="NOT_GOVERNOR"):
        other.transact(function, *arguments)


@pytest.mark.parametrize(
    ("reason", "kind", "change"),
    [
        ("BAD_SIZE", "Keygen", {"operator_ids": (), "size": 3}),
        ("UNKNOWN_OPERATOR", "Keygen", {"operator_ids": (2, 5, 11, 12)}),
        ("BAD_AMOUNT", "Keygen", {"amount": 1}),
        ("UNKNOWN_KEY", "Reshare", {"public_key": bytes(48)}),
        ("WRONG_OPERATORS", "Reshare", {"old_operator_ids": tuple(OPERATORS[1:])}),
        ("UNKNOWN_KEY", "Exit", {"public_key": bytes(48)}),
        ("BAD_WAY", "Exit", {"way": 4}),
        ("BAD_FEE_CAP", "Exit", {"fee_cap": 0}),
    ],
)
def test_what_the_contract_refuses_is_refused_with_its_reason(kept, reason, kind, change):
    kept.refused(reason, *kept.bridge.adoption(replace(kept.request(kind), **change)))


def test_an_adoption_that_is_refused_leaves_the_log_open():
    place = Place.begin()
    request = place.request("Keygen")
    place.bridge.execute("setOperatorStatus", OPERATORS[1], False, True)
    function, arguments = place.bridge.adoption(request)
    place.refused("INACTIVE_OPERATOR", function, arguments)
    receipt, _ = place.operations.registry._mine(
        dev_key(1), bytes.fromhex(place.bridge.address[2:]), place.bridge.data(function, *arguments)
    )
    assert receipt.state_root == b""
    assert not place.bridge.view("isAdopted", ORIGIN, 0)
    place.bridge.execute("setOperatorStatus", OPERATORS[1], True, True)
    assert place.bridge.transact(function, *arguments)["event"] == "RequestAdopted"


def test_a_request_that_is_taken_back_does_not_open_its_log_again():
    place = Place.begin()
    identifier = place.bridge.adopt(Keygen())["requestId"]
    place.bridge.execute("cancelRequest", identifier)
    assert place.operations.view("requestState", identifier) == (3, 0)
    place.refused("ALREADY_ADOPTED", *place.bridge.adoption(Keygen()))


# The governor


def test_the_governor_does_through_the_bridge_what_a_governor_does():
    place = Place.begin()
    operations, bridge = place.operations, place.bridge
    bridge.execute("registerOperator", *operations.record(12))
    assert operations.view("operator", 12)[-1] == 6
    data = bridge.data("execute", operations.data("requestKeygen", Keygen().as_abi()))
    answer = decode(["bytes"], bridge.raw_call(data, key=operations.registry.governor))[0]
    asked = bridge.asked(bridge.execute("requestKeygen", Keygen().as_abi()))
    assert asked["requestId"] == operations.request_id(2, Keygen()) == answer
    bridge.execute("cancelRequest", asked["requestId"])
    bridge.execute("closeValidator", place.validator.public_key, list(place.holders))
    before = operations.balance
    bridge.execute("withdrawEther", WITHDRAWAL, 10**9)
    assert operations.balance == before - 10**9


def test_only_the_governor_executes(kept):
    for data in (b"", kept.operations.data("requestKeygen", Keygen().as_abi())):
        kept.refused("NOT_GOVERNOR", "execute", [data], key=dev_key(1))
        kept.refused("NOT_GOVERNOR", "execute", [data], sender=bytes.fromhex(kept.operations.address[2:]))


def test_who_governed_before_the_bridge_does_so_no_longer(kept):
    with pytest.raises(Reverted, match="NOT_GOVERNOR"):
        kept.operations.govern("requestKeygen", Keygen().as_abi())


@pytest.mark.parametrize(
    ("reason", "function", "arguments"),
    [
        ("BAD_SIZE", "requestKeygen", [replace(Keygen(), size=3).as_abi()]),
        ("NOT_OPEN", "cancelRequest", [bytes(32)]),
        ("UNKNOWN_OPERATOR", "setOperatorStatus", [12, True, True]),
        ("NO_ETHER", "withdrawEther", [WITHDRAWAL, 10**30]),
        ("NOT_PENDING", "acceptGovernor", []),
    ],
)
def test_the_governor_hears_why_a_call_fails(kept, reason, function, arguments):
    data = kept.operations.data(function, *arguments)
    kept.refused(reason, "execute", [data], key=kept.operations.registry.governor)


def test_the_dao_hands_its_role_on_and_takes_the_contract_back():
    place = Place.begin()
    operations, bridge = place.operations, place.bridge
    successor = dev_key(5)
    bridge.transact("transferGovernor", successor.public_key.to_checksum_address(), key=operations.registry.governor)
    bridge.transact("acceptGovernor", key=successor)
    place.refused("NOT_GOVERNOR", "execute", [b""], key=operations.registry.governor)
    call = operations.data("transferGovernor", successor.public_key.to_checksum_address())
    bridge.transact("execute", call, key=successor)
    operations.transact("acceptGovernor", key=successor)
    operations.transact("requestKeygen", Keygen().as_abi(), key=successor)
    # What the committee signs for a bridge that no longer governs comes to nothing.
    place.refused("NOT_GOVERNOR", *bridge.adoption(Keygen()))


# The beginning


def test_the_bridge_takes_only_what_it_was_offered():
    operations = Operations.begin()
    bridge = Bridge.beside(operations)
    with pytest.raises(Reverted, match="NOT_PENDING"):
        bridge.transact("acceptOperations")
    operations.govern("transferGovernor", bridge.address)
    bridge.transact("acceptOperations", key=dev_key(7))
    assert operations.view("governor") == bridge.address.lower()
    assert bridge.view("governor") == operations.registry.governor.public_key.to_address()
    assert bridge.view("operations") == operations.address.lower()
    assert bridge.view("registry") == operations.registry.address.lower()


def test_a_bridge_of_another_registry_or_of_nothing_is_refused():
    operations = Operations.begin(operators=False)
    registry: Registry = operations.registry
    governor = registry.governor.public_key.to_checksum_address()
    for arguments in (
        [governor, operations.address, operations.address],
        [governor, operations.address, ZERO_ADDRESS],
        [ZERO_ADDRESS, operations.address, registry.address],
        [governor, ZERO_ADDRESS, registry.address],
        [governor, registry.address, registry.address],
    ):
        with pytest.raises(Reverted, match="deployment"):
            Bridge.create(registry, "ManagerBridge", ["address"] * 3, arguments)


# What it costs


def test_the_bridge_adds_little_to_what_a_request_costs():
    made = artefact("ManagerBridge")
    assert made["runtimeSize"] + made["immutablesSize"] <= CODE_LIMIT
    operations = Operations.begin(ether=96)
    validator, holders = operations.validator()
    bridge = Bridge.over(operations)
    assert bridge.deploy_gas < 1_420_000
    for number, (request, ceiling) in enumerate(
        (
            (Keygen(), 115_000),
            (Reshare(validator.public_key, holders, tuple(OPERATORS[1:])), 144_000),
            (Exit(validator.public_key, holders), 120_000),
        )
    ):
        function, arguments = bridge.adoption(request, keccak(bytes([number])))
        assert bridge.transact(function, *arguments)["gas"] <= ceiling
        # Who comes second pays little.
        receipt, _ = operations.registry._mine(
            dev_key(1), bytes.fromhex(bridge.address[2:]), bridge.data(function, *arguments)
        )
        assert receipt.state_root == b"" and receipt.gas_used < 36_000
    assert bridge.execute("requestKeygen", Keygen().as_abi())["gas"] <= 68_000
