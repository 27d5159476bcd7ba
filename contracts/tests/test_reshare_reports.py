"""reportReshare and reportFailure: other holders of a key, and requests that came to nothing."""

import pytest

from operations import OPERATORS, TRANSCRIPT, Exit, Keygen, Operations, Reshare, Validator, ids_hash
from registry import Reverted

NEW = tuple(OPERATORS[1:])


def refused(operations: Operations, reason: str, function: str, *arguments) -> None:
    with pytest.raises(Reverted) as caught:
        operations.transact(function, *arguments)
    assert caught.value.reason == reason


@pytest.fixture
def held():
    """A contract and a validator that operators hold."""
    operations = Operations.begin(ether=32)
    made, holders = operations.validator()
    return operations, made.public_key, holders


def counts(operations: Operations) -> list[int]:
    return [operations.view("validatorCount", number) for number in OPERATORS]


def test_a_reshare_is_recorded(held):
    operations, key, holders = held
    request = Reshare(key, holders, NEW)
    number, identifier = operations.ask(request)
    report = operations.reshare_report(number, request)
    event = operations.transact("reportReshare", *report)
    assert {name: event[name] for name in event if name not in ("all", "gas", "block")} == {
        "event": "ValidatorReshared",
        "requestId": identifier,
        "epoch": 1,
        "publicKey": key,
        "operatorIds": NEW,
        "threshold": 3,
        "transcript": TRANSCRIPT,
        "signature": report[-1],
    }
    assert operations.view("validatorOperators", key) == ids_hash(list(NEW))
    assert operations.view("requestState", identifier) == (2, 0)
    assert counts(operations) == [0, 1, 1, 1, 1]
    refused(operations, "NOT_OPEN", "reportReshare", *report)


def test_a_refresh_leaves_the_holders_as_they_are(held):
    operations, key, holders = held
    request = Reshare(key, holders, holders)
    number, _ = operations.ask(request)
    operations.transact("reportReshare", *operations.reshare_report(number, request))
    assert operations.view("validatorOperators", key) == ids_hash(list(holders))
    assert counts(operations) == [1, 1, 1, 1, 0]


def test_a_reshare_of_holders_that_have_changed_since_is_refused(held):
    operations, key, holders = held
    first, second = Reshare(key, holders, NEW), Reshare(key, holders, tuple(OPERATORS))
    (one, _), (two, _) = operations.ask(first), operations.ask(second)
    operations.transact("reportReshare", *operations.reshare_report(one, first))
    refused(operations, "WRONG_OPERATORS", "reportReshare", *operations.reshare_report(two, second))


def test_a_reshare_of_a_closed_validator_is_refused(held):
    operations, key, holders = held
    request = Reshare(key, holders, NEW)
    number, _ = operations.ask(request)
    operations.govern("closeValidator", key, list(holders))
    refused(operations, "WRONG_OPERATORS", "reportReshare", *operations.reshare_report(number, request))
    assert counts(operations) == [0, 0, 0, 0, 0]


def test_a_reshare_to_an_operator_that_is_no_longer_active_is_refused(held):
    operations, key, holders = held
    request = Reshare(key, holders, NEW)
    number, _ = operations.ask(request)
    operations.govern("setOperatorStatus", OPERATORS[4], False, True)
    refused(operations, "INACTIVE_OPERATOR", "reportReshare", *operations.reshare_report(number, request))
    operations.govern("setOperatorStatus", OPERATORS[4], True, False)
    # A holder that leaves need not be active: it may be why the key is shared anew.
    operations.govern("setOperatorStatus", OPERATORS[0], False, False)
    operations.transact("reportReshare", *operations.reshare_report(number, request))


def test_every_part_of_a_reshare_is_signed(held):
    operations, key, holders = held
    request = Reshare(key, holders, NEW)
    number, _ = operations.ask(request)
    report = operations.reshare_report(number, request)
    refused(operations, "BAD_SIGNATURE", "reportReshare", *report[:3], b"\1" * 32, report[4])
    refused(operations, "BAD_SIGNATURE", "reportReshare", *report[:4], (1, 2, 3))
    refused(operations, "NOT_OPEN", "reportReshare", report[0], number + 1, *report[2:])
    for other in (
        Reshare(b"\1" * 48, holders, NEW),
        Reshare(key, holders, holders),
        Reshare(key, tuple(OPERATORS), NEW),
    ):
        refused(operations, "NOT_OPEN", "reportReshare", *report[:2], other.as_abi(), *report[3:])
    for epoch in (0, 2):
        refused(operations, "WRONG_EPOCH", "reportReshare", *operations.reshare_report(number, request, epoch))
    second, _ = operations.ask(request)
    refused(operations, "BAD_SIGNATURE", "reportReshare", report[0], second, *report[2:])
    operations.transact("reportReshare", *report)


def test_ids_do_not_slip_between_the_old_and_the_new(held):
    """The two lists are hashed apart: what is taken from one cannot be added to the other."""
    operations, key, holders = held
    operations.register(1)
    request = Reshare(key, holders, (1, *NEW))
    number, _ = operations.ask(request)
    report = operations.reshare_report(number, request)
    slipped = Reshare(key, (*holders, 1), NEW)
    refused(operations, "NOT_OPEN", "reportReshare", *report[:2], slipped.as_abi(), *report[3:])


# Failures


def test_a_failure_is_recorded_with_its_reason_and_who_is_blamed(held):
    operations, key, holders = held
    for request, blamed in ((Keygen(), []), (Reshare(key, holders, NEW), [2, 5]), (Exit(key, holders), list(OPERATORS))):
        _, identifier = operations.ask(request)
        report = operations.failure_report(identifier, 3, blamed)
        event = operations.transact("reportFailure", *report)
        assert {name: event[name] for name in event if name not in ("all", "gas", "block")} == {
            "event": "RequestFailed",
            "requestId": identifier,
            "epoch": 1,
            "reason": 3,
            "blamedIds": tuple(blamed),
            "signature": report[-1],
        }
        assert operations.view("requestState", identifier) == (4, 0)
        refused(operations, "NOT_OPEN", "reportFailure", *report)


def test_what_was_reported_before_a_failure_or_a_cancellation_stays():
    operations = Operations.begin(ether=96)
    request = Keygen(count=3)
    for ending, state in (("fail", 4), ("cancel", 3)):
        number, identifier = operations.ask(request)
        made = Validator.of(ending)
        operations.transact("reportKeygen", *operations.keygen_report(number, request, made, index=2))
        if ending == "fail":
            operations.transact("reportFailure", *operations.failure_report(identifier, 1, []))
        else:
            operations.govern("cancelRequest", identifier)
        assert operations.view("requestState", identifier) == (state, 0b100)
        report = operations.keygen_report(number, request, Validator.of("more"), index=0)
        refused(operations, "NOT_OPEN", "reportKeygen", *report)


def test_a_failure_that_is_not_signed_as_it_stands_is_refused(held):
    operations, key, holders = held
    _, identifier = operations.ask(Exit(key, holders))
    _, other = operations.ask(Exit(key, holders))
    report = operations.failure_report(identifier, 3, [2, 5])
    refused(operations, "BAD_SIGNATURE", "reportFailure", 1, other, *report[2:])
    refused(operations, "BAD_SIGNATURE", "reportFailure", 1, identifier, 4, *report[3:])
    for blamed in ([2], [2, 5, 11], [], [2, 11]):
        refused(operations, "BAD_SIGNATURE", "reportFailure", 1, identifier, 3, blamed, report[4])
    refused(operations, "WRONG_EPOCH", "reportFailure", *operations.failure_report(identifier, 3, [], epoch=2))
    refused(operations, "NOT_OPEN", "reportFailure", *operations.failure_report(b"\1" * 32, 3, []))
    operations.transact("reportFailure", *report)


def test_a_failure_gives_a_reason_and_blames_operators_once_each(held):
    operations, key, holders = held
    _, identifier = operations.ask(Exit(key, holders))
    refused(operations, "BAD_REASON", "reportFailure", *operations.failure_report(identifier, 0, []))
    for blamed in ([5, 2], [2, 2], [0]):
        refused(operations, "BAD_OPERATORS", "reportFailure", *operations.failure_report(identifier, 1, blamed))
    refused(operations, "UNKNOWN_OPERATOR", "reportFailure", *operations.failure_report(identifier, 1, [3]))


def test_a_failure_is_no_answer_of_another_kind(held):
    """Statements of one shape are kept apart by their types."""
    operations, key, holders = held
    request = Reshare(key, holders, NEW)
    number, identifier = operations.ask(request)
    failure = operations.failure_report(identifier, 1, [])
    report = operations.reshare_report(number, request)
    refused(operations, "BAD_SIGNATURE", "reportReshare", *report[:4], failure[-1])
    refused(operations, "BAD_SIGNATURE", "reportFailure", *failure[:4], report[-1])
