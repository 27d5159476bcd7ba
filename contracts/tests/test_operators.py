"""The register of operators: who may be chosen, and who may change what."""

import pytest

from devchain.accounts import dev_key

from operations import OPERATORS, Operations
from registry import Reverted


@pytest.fixture
def bare() -> Operations:
    return Operations.begin(operators=False)


def refused(operations: Operations, reason: str, function: str, *arguments, key=None) -> None:
    with pytest.raises(Reverted) as caught:
        operations.transact(function, *arguments, key=key)
    assert caught.value.reason == reason


def as_struct(record: tuple, registration: int) -> tuple:
    number, account, *rest = record
    return (account.lower(), *rest, registration)


def test_an_operator_is_registered_with_all_that_is_known_of_it(bare):
    for registration, number in enumerate(OPERATORS, 1):
        event = bare.register(number, active=number != 5, collateralised=number != 11)
        expected = as_struct(bare.record(number, number != 5, number != 11), registration)
        assert (event["event"], event["id"], event["operator"]) == ("OperatorRegistered", number, expected)
        assert bare.view("operator", number) == expected
    assert bare.view("operatorCount") == len(OPERATORS)
    assert bare.view("operator", 3)[6] == 0
    assert bare.view("validatorCount", OPERATORS[0]) == 0


def test_only_the_governor_registers_and_says_who_may_be_chosen(bare):
    refused(bare, "NOT_GOVERNOR", "registerOperator", *bare.record(2), key=dev_key(2))
    bare.register(2)
    refused(bare, "NOT_GOVERNOR", "setOperatorStatus", 2, False, False, key=bare.operator_key(2))


def test_an_incomplete_operator_is_refused(bare):
    good = list(bare.record(2))
    for place, value in [(0, 0), (1, "0x" + "00" * 20), (2, bytes(32)), (4, "")]:
        bad = [*good[:place], value, *good[place + 1 :]]
        refused(bare, "BAD_OPERATOR", "registerOperator", *bad, key=bare.registry.governor)
    refused(bare, "", "registerOperator", *good[:4], "x" * 65, True, True, key=bare.registry.governor)
    bare.govern("registerOperator", *[*good[:3], bytes(32), "x" * 64, True, True])


def test_a_number_and_an_identity_are_given_once(bare):
    bare.register(2)
    refused(bare, "DUPLICATE_OPERATOR", "registerOperator", *bare.record(2), key=bare.registry.governor)
    third = list(bare.record(3))
    third[2] = bare.record(2)[2]
    refused(bare, "DUPLICATE_IDENTITY", "registerOperator", *third, key=bare.registry.governor)


def test_its_account_changes_how_an_operator_is_reached(bare):
    bare.register(2)
    bare.register(5)
    change = (2, b"\1" * 32, b"\2" * 32, "elsewhere:1")
    for key in (bare.registry.governor, bare.operator_key(3)):
        refused(bare, "NOT_OPERATOR", "changeOperator", *change, key=key)
    event = bare.transact("changeOperator", *change, key=bare.operator_key(2))
    expected = (as_struct(bare.record(2), 1)[0], *change[1:], True, True, 1)
    assert (event["event"], event["id"], event["operator"]) == ("OperatorChanged", 2, expected)
    assert bare.view("operator", 2) == expected
    # Only the endpoint: the identity is already its own.
    bare.transact("changeOperator", *change[:3], "again:2", key=bare.operator_key(2))


def test_a_change_is_refused_that_leaves_an_operator_incomplete_or_takes_anothers_identity(bare):
    bare.register(2)
    bare.register(5)
    key = bare.operator_key(2)
    refused(bare, "BAD_OPERATOR", "changeOperator", 2, bytes(32), bytes(32), "a:1", key=key)
    refused(bare, "BAD_OPERATOR", "changeOperator", 2, b"\1" * 32, bytes(32), "", key=key)
    refused(bare, "DUPLICATE_IDENTITY", "changeOperator", 2, bare.record(5)[2], bytes(32), "a:1", key=key)


def test_a_former_identity_stays_its_operators_own(bare):
    """Otherwise what it has signed would one day be another operator's word."""
    bare.register(2)
    bare.register(5)
    former = bare.record(2)[2]
    bare.transact("changeOperator", 2, b"\1" * 32, bytes(32), "a:1", key=bare.operator_key(2))
    refused(bare, "DUPLICATE_IDENTITY", "changeOperator", 5, former, bytes(32), "a:1", key=bare.operator_key(5))
    bare.transact("changeOperator", 2, former, bytes(32), "a:1", key=bare.operator_key(2))


def test_the_zero_address_changes_no_operator_that_is_none(bare):
    with pytest.raises(Reverted, match="NOT_OPERATOR"):
        bare.raw_call(bare.data("changeOperator", 9, b"\1" * 32, bytes(32), "a:1"), sender=bytes(20))


def test_the_governor_says_who_may_be_chosen(bare):
    bare.register(2)
    event = bare.govern("setOperatorStatus", 2, False, True)
    assert (event["event"], event["operator"][4:]) == ("OperatorChanged", (False, True, 1))
    event = bare.govern("setOperatorStatus", 2, True, False)
    assert event["operator"] == (*as_struct(bare.record(2), 1)[:4], True, False, 1)
    refused(bare, "UNKNOWN_OPERATOR", "setOperatorStatus", 3, True, True, key=bare.registry.governor)
