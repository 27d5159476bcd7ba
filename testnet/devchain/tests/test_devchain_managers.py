"""`python -m devchain.managers`, and what the stand-ins say over RPC."""

import contextlib
import io
import json
from collections.abc import Iterator

import pytest
from eth_utils import to_canonical_address, to_checksum_address

from devchain.accounts import dev_key
from devchain.contract import Contract, Refused
from devchain.managers import Manager, main, origin_of
from devchain.operations import ValidatorOperations
from devchain.system import DEPOSIT_CONTRACT_ADDRESS

from node import Node

OWNER = dev_key(0).public_key.to_checksum_address()


def run(*flags: str) -> tuple[int, str, str]:
    said, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(told):
        status = main(list(flags))
    return status, told.getvalue(), said.getvalue()


@pytest.fixture(scope="module")
def automatic() -> Iterator[Node]:
    with Node() as node:
        yield node


def operations(node: Node) -> ValidatorOperations:
    registry, _ = Contract.create(node.sender(0), "OracleRegistry", OWNER, 60)
    deposits = to_checksum_address(DEPOSIT_CONTRACT_ADDRESS)
    made, _ = Contract.create(node.sender(0), "ValidatorOperations", OWNER, registry.address, deposits)
    return ValidatorOperations(node.rpc, made.address)


def test_the_bridge_governs_and_the_first_account_governs_it(automatic):
    contract = operations(automatic)
    status, told, said = run("--rpc", automatic.rpc.url, "--operations", contract.address)
    assert status == 0, said
    described = json.loads(told)
    manager = Manager(automatic.sender(1), described)
    assert to_checksum_address(contract.view("governor")) == described["bridge"] == manager.bridge.address
    assert to_checksum_address(manager.bridge.view("governor")) == OWNER
    assert to_checksum_address(manager.manager.view("operations")) == contract.address
    with pytest.raises(Refused, match="NOT_GOVERNOR"):
        contract.request_keygen(automatic.sender(0), [], 1, contract.address, OWNER)


def test_a_log_has_an_origin_of_its_own_which_nothing_was_asked_for_yet(automatic):
    _, told, _ = run("--rpc", automatic.rpc.url, "--operations", operations(automatic).address)
    manager = Manager(automatic.sender(1), json.loads(told))
    pool, first = manager.ask_for_validator()
    again, second = manager.ask_for_validator()
    left, ended = manager.ask_to_leave(7), manager.ask_for_exit(1)
    assert (pool, again) == (1, 2)
    assert len({first, second, left, ended}) == 4
    assert manager.adopted(first) == [] and not manager.bridge.view("isAdopted", first, 0)
    query = {"address": manager.manager.address, "fromBlock": hex(manager.since), "toBlock": "latest"}
    log = automatic.rpc("eth_getLogs", query)[0]
    values = [bytes.fromhex(log[name][2:]) for name in ("blockHash", "transactionHash")]
    assert first == origin_of(31337, *values, int(log["logIndex"], 16), manager.manager.address)
    with pytest.raises(Refused, match="UNKNOWN_KEY"):
        manager.create_pool(bytes(48))


def test_what_cannot_be_is_named(automatic):
    assert "--operations" in run("--rpc", "http://127.0.0.1:1", "--operations", "nowhere")[2]
    nowhere = to_checksum_address(to_canonical_address("0x" + "11" * 20))
    assert "127.0.0.1:1" in run("--rpc", "http://127.0.0.1:1", "--operations", nowhere)[2]
    assert "is not that of ValidatorOperations" in run("--rpc", automatic.rpc.url, "--operations", nowhere)[2]
