"""reportKeygen: a validator that is recorded and paid for, and every way to be refused."""

from dataclasses import replace

import pytest
from eth_utils import to_canonical_address

from devchain.accounts import dev_key
from devchain.config import GenesisAccount

from deployed import deposit_contract
from operations import (
    ETHER,
    GWEI,
    OPERATORS,
    TRANSCRIPT,
    Keygen,
    Operations,
    Validator,
    credentials,
    deposit_root,
    digest,
    ids_hash,
    threshold_of,
)
from registry import Registry, Reverted, group

ONE, TWO = Validator.of("one"), Validator.of("two")


def refused(operations: Operations, reason: str, arguments: list) -> None:
    with pytest.raises(Reverted) as caught:
        operations.transact("reportKeygen", *arguments)
    assert caught.value.reason == reason


@pytest.fixture
def asked():
    """A contract with ether for two validators, and an open request for two."""
    operations = Operations.begin(ether=64)
    request = Keygen(count=2)
    number, identifier = operations.ask(request)
    return operations, number, identifier, request


def test_a_report_is_recorded_and_its_deposit_paid(asked):
    operations, number, identifier, request = asked
    deposits = deposit_contract(operations.registry)
    arguments = operations.keygen_report(number, request, ONE)
    event = operations.transact("reportKeygen", *arguments)
    root = deposit_root(ONE.public_key, credentials(request), request.amount, ONE.deposit_signature)
    assert {name: event[name] for name in event if name not in ("all", "gas", "block")} == {
        "event": "ValidatorCreated",
        "requestId": identifier,
        "index": 0,
        "epoch": 1,
        "publicKey": ONE.public_key,
        "withdrawalCredentials": credentials(request),
        "amount": 32 * GWEI,
        "operatorIds": tuple(OPERATORS[:4]),
        "threshold": 3,
        "transcript": TRANSCRIPT,
        "depositSignature": ONE.deposit_signature,
        "depositDataRoot": root,
        "signature": arguments[-1],
    }
    assert operations.balance == 32 * ETHER
    assert deposits.balance == 32 * ETHER
    assert deposits.view("get_deposit_count") == (1).to_bytes(8, "little")
    log = event["block"].logs[1]
    assert log.address == to_canonical_address(deposits.address)
    paid = deposits.decode(log)
    assert (paid["pubkey"], paid["withdrawal_credentials"]) == (ONE.public_key, credentials(request))
    assert (paid["amount"], paid["signature"]) == ((32 * GWEI).to_bytes(8, "little"), ONE.deposit_signature)
    assert operations.view("requestState", identifier) == (1, 0b01)
    assert operations.view("validatorOperators", ONE.public_key) == ids_hash(OPERATORS[:4])
    assert [operations.view("validatorCount", one) for one in OPERATORS] == [1, 1, 1, 1, 0]


def test_the_request_is_done_when_its_last_place_is(asked):
    operations, number, identifier, request = asked
    operations.transact("reportKeygen", *operations.keygen_report(number, request, TWO, index=1), key=dev_key(7))
    assert operations.view("requestState", identifier) == (1, 0b10)
    operations.transact("reportKeygen", *operations.keygen_report(number, request, ONE, index=0))
    assert operations.view("requestState", identifier) == (2, 0b11)
    assert operations.balance == 0
    refused(operations, "NOT_OPEN", operations.keygen_report(number, request, Validator.of("x"), index=0))


def test_a_compounding_validator_has_other_credentials_and_amounts():
    operations = Operations.begin(ether=2048)
    request = Keygen(compounding=True, amount=2048 * GWEI, size=5)
    number, _ = operations.ask(request)
    event = operations.transact("reportKeygen", *operations.keygen_report(number, request, ONE))
    assert event["withdrawalCredentials"][:1] == b"\2" and event["threshold"] == threshold_of(5) == 4
    assert deposit_contract(operations.registry).balance == 2048 * ETHER


def test_a_place_is_filled_once(asked):
    """An attempt that is repeated never makes a second key for one place."""
    operations, number, _, request = asked
    report = operations.keygen_report(number, request, ONE)
    operations.transact("reportKeygen", *report)
    refused(operations, "ALREADY_DONE", report)
    refused(operations, "ALREADY_DONE", operations.keygen_report(number, request, TWO, index=0))


def test_a_known_key_is_refused_for_ever(asked):
    operations, number, _, request = asked
    operations.transact("reportKeygen", *operations.keygen_report(number, request, ONE))
    refused(operations, "KNOWN_KEY", operations.keygen_report(number, request, ONE, index=1))
    operations.govern("closeValidator", ONE.public_key, OPERATORS[:4])
    refused(operations, "KNOWN_KEY", operations.keygen_report(number, request, ONE, index=1))


def test_places_beyond_the_count_are_refused(asked):
    operations, number, _, request = asked
    for index in (2, 20, 255, 256, 2**16 - 1):
        refused(operations, "BAD_INDEX", operations.keygen_report(number, request, ONE, index=index))


def test_no_other_request_is_answered_with_the_signature(asked):
    operations, number, identifier, request = asked
    report = operations.keygen_report(number, request, ONE)
    for change in (
        {"count": 3},
        {"size": 5},
        {"withdrawal": "0x" + "66" * 20},
        {"compounding": True},
        {"amount": 32 * GWEI + 1},
        {"owner": "0x" + "66" * 20},
        {"owner_nonce": 8},
        {"operator_ids": tuple(OPERATORS[:4])},
    ):
        refused(operations, "NOT_OPEN", [*report[:2], replace(request, **change).as_abi(), *report[3:]])
    refused(operations, "NOT_OPEN", [report[0], number + 1, *report[2:]])
    second, _ = operations.ask(request)
    refused(operations, "BAD_SIGNATURE", [report[0], second, *report[2:]])
    operations.govern("cancelRequest", identifier)
    refused(operations, "NOT_OPEN", report)


def test_every_part_of_the_report_is_signed(asked):
    operations, number, _, request = asked
    report = operations.keygen_report(number, request, ONE)
    changed = [
        (3, 1),
        (4, OPERATORS[1:]),
        (5, TWO.public_key),
        (6, TWO.deposit_signature),
        (7, b"\1" * 32),
        (8, (1, 2, 3)),
    ]
    for place, value in changed:
        refused(operations, "BAD_SIGNATURE", [*report[:place], value, *report[place + 1 :]])
    rx, ry, s = report[8]
    for signature in ((rx, ry, s ^ 1), (rx ^ 1, ry, s), (rx, ry ^ 1, s), (0, 0, 0)):
        refused(operations, "BAD_SIGNATURE", [*report[:8], signature])
    assert operations.balance == 64 * ETHER
    operations.transact("reportKeygen", *report)


def test_lengths_are_exact(asked):
    operations, number, _, request = asked
    for validator in (
        replace(ONE, public_key=ONE.public_key[:47]),
        replace(ONE, public_key=b""),
        replace(ONE, deposit_signature=ONE.deposit_signature[:95]),
        replace(ONE, deposit_signature=b""),
    ):
        refused(operations, "BAD_LENGTH", operations.keygen_report(number, request, validator))
    for validator in (replace(ONE, public_key=b"1" * 49), replace(ONE, deposit_signature=b"1" * 97)):
        refused(operations, "", operations.keygen_report(number, request, validator))


def test_operators_are_as_many_as_asked_for_known_active_and_in_order(asked):
    operations, number, _, request = asked

    def with_ids(ids: list[int]) -> list:
        return operations.keygen_report(number, request, ONE, operator_ids=ids)

    for ids in (OPERATORS, OPERATORS[:3], []):
        refused(operations, "WRONG_OPERATORS", with_ids(ids))
    for ids in ([5, 2, 11, 2**63], [2, 5, 5, 11], [0, 2, 5, 11]):
        refused(operations, "BAD_OPERATORS", with_ids(ids))
    refused(operations, "UNKNOWN_OPERATOR", with_ids([2, 5, 11, 12]))
    operations.govern("setOperatorStatus", 5, False, True)
    refused(operations, "INACTIVE_OPERATOR", with_ids(OPERATORS[:4]))
    operations.transact("reportKeygen", *with_ids([2, 11, 2**63, 2**64 - 1]))


def test_named_operators_are_not_replaced():
    operations = Operations.begin(ether=32)
    request = Keygen(operator_ids=tuple(OPERATORS[:4]))
    number, _ = operations.ask(request)
    refused(operations, "WRONG_OPERATORS", operations.keygen_report(number, request, ONE, operator_ids=OPERATORS[1:]))
    operations.transact("reportKeygen", *operations.keygen_report(number, request, ONE))


def test_without_enough_ether_nothing_happens(asked):
    operations, number, identifier, request = asked
    operations.govern("withdrawEther", "0x" + "99" * 20, 32 * ETHER + 1)
    report = operations.keygen_report(number, request, ONE)
    refused(operations, "NO_ETHER", report)
    assert operations.view("requestState", identifier) == (1, 0)
    assert operations.view("validatorOperators", ONE.public_key) == bytes(32)
    operations.fund(1)
    operations.transact("reportKeygen", *report)


def test_fewer_than_the_threshold_create_nothing(asked):
    operations, number, identifier, request = asked
    message = operations.digest(
        "ValidatorCreation",
        epoch=1,
        requestId=identifier,
        index=0,
        publicKey=ONE.public_key,
        operatorIds=OPERATORS[:4],
        threshold=3,
        transcript=TRANSCRIPT,
        depositDataRoot=deposit_root(ONE.public_key, credentials(request), request.amount, ONE.deposit_signature),
    )
    report = operations.keygen_report(number, request, ONE)
    refused(operations, "BAD_SIGNATURE", [*report[:8], operations.key.sign(message, [2, 3]).as_abi()])
    operations.transact("reportKeygen", *[*report[:8], operations.key.sign(message, [2, 3, 4]).as_abi()])


# Which committee


def test_an_epoch_that_is_not_the_active_one_is_refused(asked):
    operations, number, _, request = asked
    for epoch in (0, 2, 2**64 - 1):
        refused(operations, "WRONG_EPOCH", operations.keygen_report(number, request, ONE, epoch=epoch))


def test_after_a_rotation_only_the_new_committee_reports(asked):
    operations, number, _, request = asked
    old = operations.keygen_report(number, request, ONE)
    former = operations.key
    _, operations.key, _ = operations.registry.hand_over(2, former, 4, "second")
    refused(operations, "WRONG_EPOCH", old)
    new = operations.keygen_report(number, request, ONE, epoch=2)
    operations.key, key = former, operations.key
    refused(operations, "BAD_SIGNATURE", operations.keygen_report(number, request, ONE, epoch=2))
    refused(operations, "BAD_SIGNATURE", [2, *old[1:]])
    operations.key = key
    operations.transact("reportKeygen", *new)


def test_without_a_committee_nothing_is_reported():
    operations = Operations.beside(Registry())
    operations.key = group(4, "early")
    for number in OPERATORS:
        operations.register(number)
    operations.fund(32 * ETHER)
    number, _ = operations.ask(Keygen())
    for epoch in (0, 1):
        refused(operations, "WRONG_EPOCH", operations.keygen_report(number, Keygen(), ONE, epoch=epoch))


# Which contract and chain


def test_a_signature_of_another_contract_or_chain_is_refused(asked):
    """Even where the request's id were the same, the domain is not."""
    operations, number, identifier, request = asked
    report = operations.keygen_report(number, request, ONE)
    address = operations.address
    for chain_id, contract in ((1, address), (31337, operations.registry.address)):
        twin = Twin(operations, chain_id, contract)
        signature = twin.keygen_report(number, request, ONE)[8]
        refused(operations, "BAD_SIGNATURE", [*report[:8], signature])


class Twin(Operations):
    """Signs for another domain about the same request."""

    def __init__(self, operations: Operations, chain_id: int, contract: str) -> None:
        self.__dict__.update(operations.__dict__)
        self._domain, self._real = (chain_id, contract), operations

    def digest(self, statement: str, **values):
        return digest(statement, *self._domain, values)

    def request_id(self, number, request):
        return self._real.request_id(number, request)


def test_after_a_split_of_the_chain_open_requests_are_left_behind(asked):
    """On the other branch the contract has another domain, and the ids of requests are of the chain they were made on."""
    operations, number, _, request = asked
    report = operations.keygen_report(number, request, ONE)
    state = operations.chain.evm.state_after(operations.chain.head)
    extra = {}
    for contract in (operations.address, operations.registry.address):
        address = to_canonical_address(contract)
        slots = tuple((s, state.get_storage(address, s)) for s in range(64) if state.get_storage(address, s))
        extra[address] = GenesisAccount(balance=64 * ETHER, nonce=1, code=state.get_code(address), storage=slots)
    branch = Registry.__new__(Registry)
    branch._open(777, extra)
    branch.address = operations.registry.address
    other = Operations(branch, "ValidatorOperations", operations.address)
    assert other.view("domainSeparator") != operations.view("domainSeparator")
    refused(other, "NOT_OPEN", report)
    operations.transact("reportKeygen", *report)


def test_a_deposit_contract_that_refuses_undoes_the_report(asked):
    """No validator without its deposit: here there is no contract at the address at all."""
    operations, number, _, request = asked
    registry = operations.registry
    governor = registry.governor.public_key.to_checksum_address()
    arguments = [governor, registry.address, "0x" + "55" * 20]
    other = Operations.create(registry, "ValidatorOperations", ["address"] * 3, arguments)
    other.key = operations.key
    for one in OPERATORS:
        other.register(one)
    other.fund(32 * ETHER)
    number, identifier = other.ask(Keygen())
    refused(other, "", other.keygen_report(number, Keygen(), ONE))
    assert other.view("requestState", identifier) == (1, 0)
