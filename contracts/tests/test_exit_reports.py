"""The three ways out: an exit that is published, a withdrawal request that is made, a call for the owner to make."""

from hashlib import sha256

import pytest
from eth.vm.forks.prague.constants import WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS
from eth_utils import to_canonical_address

from devchain.client import sign_transaction
from devchain.config import GenesisAccount

from operations import ETHER, OPERATORS, Exit, Keygen, Operations, Validator
from registry import Registry, Reverted

KEY = Validator.of("one").public_key


def refused(operations: Operations, reason: str, function: str, *arguments) -> None:
    with pytest.raises(Reverted) as caught:
        operations.transact(function, *arguments)
    assert caught.value.reason == reason


@pytest.fixture
def held() -> Operations:
    """A validator that operators hold and whose withdrawal address is the contract."""
    operations = Operations.begin(ether=33)
    made, operations.holders = operations.validator(withdrawal=operations.address)
    assert made.public_key == KEY
    return operations


def exit_of(operations: Operations, way: int, cap: int = 0) -> Exit:
    return Exit(KEY, operations.holders, way, cap)


def plain(event: dict) -> dict:
    return {name: event[name] for name in event if name not in ("all", "gas", "block")}


def test_a_signed_exit_is_published(held):
    request = exit_of(held, 1)
    number, identifier = held.ask(request)
    report = held.signed_exit_report(number, request)
    event = held.transact("reportExitSigned", *report)
    assert plain(event) == {
        "event": "ValidatorExitSigned",
        "requestId": identifier,
        "epoch": 1,
        "publicKey": KEY,
        "exitEpoch": 256,
        "validatorIndex": 1234567,
        "exitSignature": b"\5" * 96,
        "signature": report[-1],
    }
    assert held.view("requestState", identifier) == (2, 0)
    refused(held, "NOT_OPEN", "reportExitSigned", *report)


def test_every_part_of_a_signed_exit_is_signed(held):
    request = exit_of(held, 1)
    number, _ = held.ask(request)
    report = held.signed_exit_report(number, request)
    for place, value in ((3, 257), (4, 1234568), (5, b"\6" * 96), (6, (1, 2, 3))):
        refused(held, "BAD_SIGNATURE", "reportExitSigned", *report[:place], value, *report[place + 1 :])
    for short in (b"\5" * 95, b""):
        refused(held, "BAD_LENGTH", "reportExitSigned", *held.signed_exit_report(number, request, short))
    for epoch in (0, 2):
        refused(held, "WRONG_EPOCH", "reportExitSigned", *held.signed_exit_report(number, request, epoch=epoch))
    second, _ = held.ask(request)
    refused(held, "BAD_SIGNATURE", "reportExitSigned", report[0], second, *report[2:])
    held.transact("reportExitSigned", *report)


def test_a_withdrawal_request_is_really_made(held):
    request = exit_of(held, 2, cap=10)
    number, identifier = held.ask(request)
    before = held.balance
    report = held.triggered_exit_report(number, request)
    event = held.transact("triggerExit", *report)
    assert plain(event) == {
        "event": "ValidatorExitTriggered",
        "requestId": identifier,
        "epoch": 1,
        "publicKey": KEY,
        "feeCap": 10,
        "fee": 1,
        "signature": report[-1],
    }
    assert held.balance == before - 1
    assert held.view("requestState", identifier) == (2, 0)
    (made,) = [log for log in event["block"].logs if log.address == WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS]
    source = to_canonical_address(held.address)
    assert (made.topics, made.data) == ((), source + KEY + bytes(8))
    # The beacon chain gets it by the block's requests (EIP-7685), of which the header holds the hash.
    requests = sha256(sha256(b"\1" + source + KEY + bytes(8)).digest()).digest()
    assert event["block"].header.requests_hash == requests
    refused(held, "NOT_OPEN", "triggerExit", *report)


def test_a_fee_above_the_cap_is_refused_and_one_at_the_cap_is_paid(held):
    """Requests beyond two a block make the fee rise."""
    request = exit_of(held, 2, cap=5)
    number, _ = held.ask(request)
    report = held.triggered_exit_report(number, request)
    while held.view("exitFee") <= 6:
        flood(held.registry, WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS, 16)
    while held.view("exitFee") > 5:
        refused(held, "FEE_TOO_HIGH", "triggerExit", *report)
        held.chain.mine()
    before = held.balance
    assert held.transact("triggerExit", *report)["fee"] == 5 == before - held.balance


def flood(registry: Registry, target: bytes, count: int) -> None:
    """Withdrawal requests of somebody else, in one block."""
    for number in range(count):
        nonce = registry.chain.evm.state_after(registry.chain.head).get_nonce(
            registry.anybody.public_key.to_canonical_address()
        )
        submit(registry, target, nonce + number)
    block = registry.chain.mine()
    assert len(block.receipts) == count and all(receipt.state_root == b"\x01" for receipt in block.receipts)


def submit(registry: Registry, target: bytes, nonce: int) -> None:
    signed = sign_transaction(
        registry.anybody,
        chain_id=registry.chain_id,
        nonce=nonce,
        tip=1,
        max_fee=2 * registry.chain.evm.next_base_fee(registry.chain.head),
        gas=200_000,
        to=target,
        value=10**15,
        data=b"\7" * 56,
    )
    registry.chain.submit(signed.raw)


def test_a_contract_without_ether_for_the_fee_triggers_nothing(held):
    request = exit_of(held, 2, cap=10)
    number, identifier = held.ask(request)
    held.govern("withdrawEther", "0x" + "99" * 20, held.balance)
    refused(held, "NO_ETHER", "triggerExit", *held.triggered_exit_report(number, request))
    assert held.view("requestState", identifier) == (1, 0)


def test_only_a_whole_exit_is_triggered(held):
    """A statement about a part of the balance is none that the contract knows."""
    request = exit_of(held, 2, cap=10)
    number, _ = held.ask(request)
    refused(held, "BAD_SIGNATURE", "triggerExit", *held.triggered_exit_report(number, request, amount=1))
    refused(held, "BAD_SIGNATURE", "triggerExit", 1, number, request.as_abi(), (1, 2, 3))
    for epoch in (0, 2):
        refused(held, "WRONG_EPOCH", "triggerExit", *held.triggered_exit_report(number, request, epoch))
    report = held.triggered_exit_report(number, request)
    dearer = exit_of(held, 2, cap=11)
    refused(held, "NOT_OPEN", "triggerExit", *report[:2], dearer.as_abi(), report[3])
    second, _ = held.ask(request)
    refused(held, "BAD_SIGNATURE", "triggerExit", 1, second, *report[2:])
    held.transact("triggerExit", *report)


@pytest.mark.parametrize("code", [b"", bytes.fromhex("5f5ffd"), bytes.fromhex("60015ff3"), b"\0"])
def test_a_chain_without_withdrawal_requests_is_recognised(code):
    """No code there, code that refuses, or code that answers something else than a fee."""
    registry = Registry.__new__(Registry)
    registry._open(31337, {WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS: GenesisAccount(nonce=1, code=code)})
    operations = Operations.__new__(Operations)
    made = Operations.create(
        registry, "ValidatorOperations", ["address"] * 3, ["0x" + "11" * 20, "0x" + "22" * 20, "0x" + "33" * 20]
    )
    operations.__dict__.update(made.__dict__)
    with pytest.raises(Reverted, match="NO_EIP7002"):
        operations.view("exitFee")


def test_the_owners_call_is_published(held):
    request = exit_of(held, 3)
    number, identifier = held.ask(request)
    report = held.exit_call_report(number, request)
    event = held.transact("reportExitCall", *report)
    assert plain(event) == {
        "event": "ValidatorExitCall",
        "requestId": identifier,
        "epoch": 1,
        "publicKey": KEY,
        "call": held.exit_call(request),
        "signature": report[-1],
    }
    assert event["call"][:4].hex() == "3877322b"
    refused(held, "NOT_OPEN", "reportExitCall", *report)


def test_the_call_of_thirteen_operators_fits():
    operations = Operations.begin(ether=32)
    ids = list(range(1, 14))
    for number in ids:
        if number not in OPERATORS:
            operations.register(number)
    asked = Keygen(size=13)
    number, _ = operations.ask(asked)
    made = Validator.of("wide")
    operations.transact("reportKeygen", *operations.keygen_report(number, asked, made, operator_ids=ids))
    request = Exit(made.public_key, tuple(ids), 3)
    number, _ = operations.ask(request)
    event = operations.transact("reportExitCall", *operations.exit_call_report(number, request))
    assert event["call"] == operations.exit_call(request) and len(event["call"]) == 612


def test_every_part_of_the_owners_call_is_signed(held):
    request = exit_of(held, 3)
    number, _ = held.ask(request)
    report = held.exit_call_report(number, request)
    refused(held, "BAD_SIGNATURE", "reportExitCall", *report[:3], (1, 2, 3))
    for epoch in (0, 2):
        refused(held, "WRONG_EPOCH", "reportExitCall", *held.exit_call_report(number, request, epoch))
    second, _ = held.ask(request)
    refused(held, "BAD_SIGNATURE", "reportExitCall", 1, second, *report[2:])


def test_a_request_is_answered_in_the_way_it_asks_for(held):
    reports = {
        1: ("reportExitSigned", held.signed_exit_report),
        2: ("triggerExit", held.triggered_exit_report),
        3: ("reportExitCall", held.exit_call_report),
    }
    for way in (1, 2, 3):
        request = exit_of(held, way, cap=10 if way == 2 else 0)
        number, _ = held.ask(request)
        for other, (function, report) in reports.items():
            if other != way:
                refused(held, "WRONG_WAY", function, *report(number, request))


def test_an_exit_does_not_free_operators(held):
    """Whether the validator has left is not seen from here."""
    request = exit_of(held, 2, cap=10)
    number, _ = held.ask(request)
    held.transact("triggerExit", *held.triggered_exit_report(number, request))
    assert held.view("validatorCount", OPERATORS[0]) == 1
    again, _ = held.ask(request)
    held.transact("triggerExit", *held.triggered_exit_report(again, request))


def test_what_validators_pay_out_may_be_withdrawn(held):
    held.fund(32 * ETHER)
    held.govern("withdrawEther", "0x" + "99" * 20, held.balance)
    assert held.balance == 0
