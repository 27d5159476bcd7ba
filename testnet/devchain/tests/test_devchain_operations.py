"""`python -m devchain.operations`, and what the governor asks of the contract over RPC."""

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_utils import to_checksum_address

from devchain.accounts import dev_key
from devchain.contract import Contract, Refused
from devchain.operations import ETHER, ValidatorOperations, main

from node import Node

ACCOUNT = dev_key(5).public_key.to_checksum_address()


def card(number: int, **changes) -> dict:
    fields = {
        "id": number,
        "account": ACCOUNT,
        "identity": "0x" + bytes([number] * 32).hex(),
        "sharesKeyHash": "0x" + bytes([number + 100] * 32).hex(),
        "endpoint": f"127.0.0.1:{4_000 + number}",
        "sharesKey": "of which the contract knows the hash alone",
    }
    return fields | changes


def run(*flags: str) -> tuple[int, str, str]:
    said, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(told):
        status = main(list(flags))
    return status, told.getvalue(), said.getvalue()


@pytest.fixture(scope="module")
def automatic() -> Iterator[Node]:
    with Node() as node:
        yield node


@pytest.fixture(scope="module")
def deployed(automatic: Node, tmp_path_factory: pytest.TempPathFactory) -> tuple[ValidatorOperations, dict]:
    file = tmp_path_factory.mktemp("operations") / "operators.json"
    file.write_text(json.dumps([card(number) for number in (1, 2, 3, 4, 7)]))
    registry, _ = Contract.create(automatic.sender(0), "OracleRegistry", dev_key(0).public_key.to_checksum_address(), 60)
    status, told, said = run(
        "--rpc", automatic.rpc.url, "--registry", registry.address, "--operators", str(file), "--fund", "96.5"
    )
    assert status == 0, said
    assert "registered 5 operators" in said
    result = json.loads(told)
    return ValidatorOperations(automatic.rpc, result["address"]), result


def test_the_contract_stands_beside_the_registry_with_ether_and_operators_who_may_be_chosen(automatic, deployed):
    contract, result = deployed
    assert result["governor"] == dev_key(0).public_key.to_checksum_address()
    assert int(automatic.rpc("eth_getBalance", contract.address, "latest"), 16) == 96 * ETHER + ETHER // 2
    registered = contract.events("OperatorRegistered", result["firstBlock"])
    assert [event["id"] for event in registered] == [1, 2, 3, 4, 7]
    account, identity, shares_key_hash, endpoint, active, collateralised, order = contract.view("operator", 7)
    assert (to_checksum_address(account), identity, shares_key_hash) == (ACCOUNT, bytes([7] * 32), bytes([107] * 32))
    assert (endpoint, active, collateralised, order) == ("127.0.0.1:4007", True, True, 5)


def test_what_is_asked_for_is_open_until_it_is_reported_and_a_refusal_has_the_contracts_word(automatic, deployed):
    contract, _ = deployed
    governor = automatic.sender(0)
    asked = contract.request_keygen(governor, [1, 2, 3, 4], 3, contract.address, ACCOUNT)
    assert (asked["event"], asked["number"]) == ("KeygenRequested", 1)
    assert contract.state(asked["requestId"]) == ("open", 0)
    assert contract.state(bytes(32)) == ("unknown", 0)
    assert contract.events("KeygenRequested", requestId=asked["requestId"]) == [asked]
    assert contract.reports(asked["requestId"]) == []
    contract.transact(governor, "cancelRequest", asked["requestId"])
    assert contract.state(asked["requestId"]) == ("cancelled", 0)
    assert [event["event"] for event in contract.reports(asked["requestId"])] == ["RequestCancelled"]
    with pytest.raises(Refused, match="UNKNOWN_KEY"):
        contract.request_exit(governor, bytes(48), [1, 2, 3, 4], "withdrawal", 100)
    with pytest.raises(Refused, match="UNKNOWN_KEY"):
        contract.request_reshare(governor, bytes(48), [1, 2, 3, 4], [1, 2, 3, 7])
    with pytest.raises(Refused, match="UNKNOWN_OPERATOR"):
        contract.request_keygen(governor, [1, 2, 3, 5], 1, contract.address, ACCOUNT)


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        ({}, "a list of objects"),
        ([{"id": 1}], "a list of objects"),
        ([card(1, id=0)], "within 1 and 2^64 - 1"),
        ([card(1, identity="0x12")], "identity has not 32 bytes"),
        ([card(1, account="zz" * 20)], "non-hexadecimal"),
        ([card(1, endpoint="e" * 65)], "at most 64 bytes"),
        ([card(1), card(1)], "two operators have one number"),
    ],
)
def test_a_wrong_list_is_refused_before_anything_is_sent(tmp_path: Path, cards, words):
    file = tmp_path / "operators.json"
    file.write_text(json.dumps(cards))
    status, told, said = run("--rpc", "http://127.0.0.1:1", "--registry", "0x" + "11" * 20, "--operators", str(file))
    assert (status, told, words in said) == (1, "", True)


def test_what_is_missing_is_named(tmp_path: Path):
    file = tmp_path / "operators.json"
    file.write_text("[]")
    assert "No such file" in run(
        "--rpc", "http://127.0.0.1:1", "--registry", "0x" + "11" * 20, "--operators", str(tmp_path / "none"))[2]
    assert "--registry" in run("--rpc", "http://127.0.0.1:1", "--registry", "nowhere", "--operators", str(file))[2]
    assert "127.0.0.1:1" in run(
        "--rpc", "http://127.0.0.1:1", "--registry", "0x" + "11" * 20, "--operators", str(file))[2]
