"""What the governor may ask for, and what is asked about it: ids that bind everything."""

from dataclasses import replace

import pytest
from eth_abi import encode
from eth_utils import keccak, to_checksum_address

from devchain.accounts import dev_key
from devchain.system import DEPOSIT_CONTRACT_ADDRESS

from operations import GWEI, OPERATORS, Exit, Keygen, Operations, Request, Reshare
from registry import Registry, Reverted

ZERO_ADDRESS = "0x" + "00" * 20


def refused(operations: Operations, reason: str, request: Request, key=None) -> None:
    with pytest.raises(Reverted) as caught:
        name = "request" + type(request).__name__
        operations.transact(name, request.as_abi(), key=key or operations.registry.governor)
    assert caught.value.reason == reason


@pytest.fixture(scope="module")
def kept() -> Operations:
    """For tests that leave nothing behind; validator `one` exists."""
    operations = Operations.begin(ether=64)
    operations.made, operations.holders = operations.validator()
    return operations


def test_a_keygen_is_recorded_with_everything_asked():
    operations = Operations.begin()
    requests = [
        Keygen(),
        Keygen(operator_ids=tuple(OPERATORS[1:]), size=4),
        Keygen(size=13, count=20, compounding=True, amount=2048 * GWEI, owner_nonce=2**64 - 21),
    ]
    for number, request in enumerate(requests, 1):
        event = operations.govern("requestKeygen", request.as_abi())
        expected = list(request.as_abi())
        expected[0] = tuple(expected[0])
        expected[3], expected[6] = expected[3].lower(), expected[6].lower()
        assert (event["event"], event["number"], event["request"]) == ("KeygenRequested", number, tuple(expected))
        assert event["requestId"] == operations.request_id(number, request)
        assert operations.view("requestState", event["requestId"]) == (1, 0)
    assert operations.view("requestCount") == 3


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("BAD_SIZE", {"size": 3}),
        ("BAD_SIZE", {"size": 14}),
        ("BAD_SIZE", {"size": 0}),
        ("BAD_SIZE", {"operator_ids": tuple(OPERATORS), "size": 4}),
        ("BAD_SIZE", {"operator_ids": tuple(OPERATORS[:3]), "size": 4}),
        ("BAD_COUNT", {"count": 0}),
        ("BAD_COUNT", {"count": 21}),
        ("BAD_ADDRESS", {"withdrawal": ZERO_ADDRESS}),
        ("BAD_ADDRESS", {"owner": ZERO_ADDRESS}),
        ("BAD_AMOUNT", {"amount": 32 * GWEI - 1}),
        ("BAD_AMOUNT", {"amount": 32 * GWEI + 1}),
        ("BAD_AMOUNT", {"amount": 2048 * GWEI + 1, "compounding": True}),
        ("BAD_AMOUNT", {"amount": 0}),
        ("BAD_NONCE", {"owner_nonce": 2**64 - 1}),
        ("BAD_OPERATORS", {"operator_ids": (2, 5, 5, 11)}),
        ("BAD_OPERATORS", {"operator_ids": (5, 2, 11, 2**63)}),
        ("BAD_OPERATORS", {"operator_ids": (0, 2, 5, 11)}),
        ("UNKNOWN_OPERATOR", {"operator_ids": (2, 5, 11, 12)}),
    ],
)
def test_a_keygen_that_cannot_be_is_refused(kept, reason, change):
    refused(kept, reason, replace(Keygen(), **change))


def test_an_operator_that_is_not_active_is_not_asked():
    operations = Operations.begin()
    operations.govern("setOperatorStatus", 5, False, True)
    refused(operations, "INACTIVE_OPERATOR", Keygen(operator_ids=tuple(OPERATORS[:4])))


def test_a_reshare_is_asked_of_those_who_hold_the_key(kept):
    for new in (tuple(OPERATORS[1:]), kept.holders, tuple(OPERATORS)):
        request = Reshare(kept.made.public_key, kept.holders, new)
        number = kept.view("requestCount") + 1
        event = kept.govern("requestReshare", request.as_abi())
        assert (event["event"], event["number"]) == ("ReshareRequested", number)
        assert event["request"] == (kept.made.public_key, kept.holders, new)
        assert event["requestId"] == kept.request_id(number, request)


def test_a_reshare_that_cannot_be_is_refused(kept):
    key, holders = kept.made.public_key, kept.holders
    new = tuple(OPERATORS[1:])
    refused(kept, "UNKNOWN_KEY", Reshare(b"\1" * 48, holders, new))
    refused(kept, "UNKNOWN_KEY", Reshare(key[:47], holders, new))
    refused(kept, "WRONG_OPERATORS", Reshare(key, new, new))
    refused(kept, "WRONG_OPERATORS", Reshare(key, (), new))
    refused(kept, "BAD_OPERATORS", Reshare(key, holders, ()))
    refused(kept, "BAD_OPERATORS", Reshare(key, holders, holders[:3]))
    refused(kept, "BAD_OPERATORS", Reshare(key, holders, (5, 2, 11, 2**63)))
    refused(kept, "UNKNOWN_OPERATOR", Reshare(key, holders, (2, 5, 11, 12)))


@pytest.mark.parametrize(("way", "cap"), [(1, 0), (2, 1), (2, 2**64 - 1), (3, 0)])
def test_an_exit_is_asked_in_one_of_three_ways(kept, way, cap):
    request = Exit(kept.made.public_key, kept.holders, way, cap)
    number = kept.view("requestCount") + 1
    event = kept.govern("requestExit", request.as_abi())
    assert (event["event"], event["number"]) == ("ExitRequested", number)
    assert event["request"] == (kept.made.public_key, kept.holders, way, cap)
    assert event["requestId"] == kept.request_id(number, request)


def test_an_exit_that_cannot_be_is_refused(kept):
    key, holders = kept.made.public_key, kept.holders
    for way in (0, 4, 255):
        refused(kept, "BAD_WAY", Exit(key, holders, way))
    for way, cap in ((1, 1), (2, 0), (3, 1)):
        refused(kept, "BAD_FEE_CAP", Exit(key, holders, way, cap))
    refused(kept, "UNKNOWN_KEY", Exit(b"\1" * 48, holders))
    refused(kept, "WRONG_OPERATORS", Exit(key, tuple(OPERATORS)))


def test_only_the_governor_asks_and_cancels(kept):
    key, holders = kept.made.public_key, kept.holders
    stranger = dev_key(1)
    for request in (Keygen(), Reshare(key, holders, holders), Exit(key, holders)):
        refused(kept, "NOT_GOVERNOR", request, stranger)
    _, identifier = kept.ask(Keygen())
    with pytest.raises(Reverted, match="NOT_GOVERNOR"):
        kept.transact("cancelRequest", identifier, key=stranger)
    for function, arguments in (("closeValidator", (key, list(holders))), ("withdrawEther", (stranger_address(), 1))):
        with pytest.raises(Reverted, match="NOT_GOVERNOR"):
            kept.transact(function, *arguments, key=stranger)


def stranger_address() -> str:
    return dev_key(1).public_key.to_checksum_address()


def test_equal_requests_have_their_own_ids(kept):
    (first, one), (second, other) = kept.ask(Keygen()), kept.ask(Keygen())
    assert second == first + 1 and one != other


def test_an_id_binds_chain_and_contract(kept):
    request = Keygen()
    here = kept.request_id(1, request)
    twin = Operations.beside(kept.registry)
    assert twin.ask(request)[1] == twin.request_id(1, request) != here
    assert kept.request_id(1, request) != Operations.begin(chain_id=1).ask(request)[1]


def test_a_cancelled_request_is_over():
    operations = Operations.begin(ether=32)
    number, identifier = operations.ask(Keygen())
    event = operations.govern("cancelRequest", identifier)
    assert (event["event"], event["requestId"]) == ("RequestCancelled", identifier)
    assert operations.view("requestState", identifier) == (3, 0)
    with pytest.raises(Reverted, match="NOT_OPEN"):
        operations.govern("cancelRequest", identifier)
    with pytest.raises(Reverted, match="NOT_OPEN"):
        operations.govern("cancelRequest", keccak(b"no request"))


def test_a_closed_validator_frees_its_operators_and_is_asked_nothing():
    operations = Operations.begin(ether=32)
    made, holders = operations.validator()
    assert [operations.view("validatorCount", number) for number in OPERATORS] == [1, 1, 1, 1, 0]
    with pytest.raises(Reverted, match="WRONG_OPERATORS"):
        operations.govern("closeValidator", made.public_key, OPERATORS)
    event = operations.govern("closeValidator", made.public_key, list(holders))
    assert (event["event"], event["publicKey"], event["operatorIds"]) == ("ValidatorClosed", made.public_key, holders)
    assert [operations.view("validatorCount", number) for number in OPERATORS] == [0, 0, 0, 0, 0]
    assert operations.view("validatorOperators", made.public_key) == bytes(31) + b"\1"
    refused(operations, "CLOSED_KEY", Exit(made.public_key, holders))
    refused(operations, "CLOSED_KEY", Reshare(made.public_key, holders, holders))
    with pytest.raises(Reverted, match="CLOSED_KEY"):
        operations.govern("closeValidator", made.public_key, list(holders))


def test_the_deployment_names_governor_registry_and_deposit_contract(kept):
    assert kept.view("governor") == dev_key(0).public_key.to_checksum_address().lower()
    assert kept.view("registry") == kept.registry.address.lower()
    assert kept.view("depositContract") == "0x" + DEPOSIT_CONTRACT_ADDRESS.hex()
    kind = keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
    assert kept.view("domainSeparator") == keccak(
        encode(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [kind, keccak(text="ValidatorOperations"), keccak(text="1"), 31337, kept.address],
        )
    )


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_deployment_without_one_of_them_is_refused(place):
    registry = Registry()
    account = to_checksum_address(dev_key(0).public_key.to_canonical_address())
    arguments = [account, registry.address, to_checksum_address(DEPOSIT_CONTRACT_ADDRESS)]
    arguments[place] = ZERO_ADDRESS
    with pytest.raises(Reverted, match="deployment"):
        Operations.create(registry, "ValidatorOperations", ["address"] * 3, arguments)


def test_the_governor_withdraws_ether_and_strangers_may_send_it(kept):
    before = kept.balance
    kept.fund(5)
    assert kept.balance == before + 5
    to = to_checksum_address("0x" + "99" * 20)
    with pytest.raises(Reverted, match="NO_ETHER"):
        kept.govern("withdrawEther", to, before + 6)
    with pytest.raises(Reverted, match="BAD_ADDRESS"):
        kept.govern("withdrawEther", ZERO_ADDRESS, 1)
    event = kept.govern("withdrawEther", to, 5)
    assert (event["event"], event["to"], event["amount"]) == ("EtherWithdrawn", to.lower(), 5)
    assert kept.balance == before
    state = kept.chain.evm.state_after(kept.chain.head)
    assert state.get_balance(bytes.fromhex(to[2:])) == 5


def test_ether_with_data_that_is_no_call_is_refused(kept):
    with pytest.raises(Reverted):
        kept.raw_call(b"\1\2\3\4", value=1)
    with pytest.raises(Reverted):
        kept.raw_call(kept.data("requestCount"), value=1)
