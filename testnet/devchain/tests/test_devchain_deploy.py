"""`python -m devchain.deploy` from a file of cards to a proposal on the chain."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from eth_utils import to_checksum_address

from devchain.accounts import dev_key
from devchain.deploy import main

from node import TESTNET, Node
from registry import cards, members_hash, people, threshold_of


def write_cards(path: Path, count: int, **changes) -> Path:
    listed = [
        {
            "account": p.account,
            "identity": "0x" + p.identity.hex(),
            "encryptionKey": "0x" + p.encryption_key.hex(),
            "endpoint": p.endpoint,
        }
        for p in people(count)
    ]
    listed[0] |= changes
    path.write_text(json.dumps(listed))
    return path


def run(*flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "devchain.deploy", *flags], cwd=TESTNET, capture_output=True, text=True, timeout=60
    )


def fails(*flags: str) -> str:
    said, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(told):
        status = main(list(flags))
    assert (status, told.getvalue()) == (1, "")
    return said.getvalue()


@pytest.fixture(scope="module")
def automatic():
    with Node() as node:
        yield node


def test_a_registry_is_deployed_its_committee_proposed_and_its_members_funded(automatic: Node, tmp_path: Path):
    file = write_cards(tmp_path / "members.json", 7)
    done = run("--rpc", automatic.rpc.url, "--members", str(file), "--emergency-delay", "77")
    assert done.returncode == 0, done.stderr
    assert "proposed 7 members" in done.stderr
    result = json.loads(done.stdout)
    assert (result["chainId"], result["genesis"]) == (31337, automatic.ready["genesis"])
    assert len(result["txs"]) == 2 + 7
    assert all(automatic.rpc("eth_getTransactionReceipt", sent)["status"] == "0x1" for sent in result["txs"])
    (log,) = automatic.rpc("eth_getLogs", {"address": result["registry"], "fromBlock": hex(result["proposedBlock"])})
    assert log["topics"][1] == "0x" + "1".zfill(64)
    assert log["data"][2:66] == members_hash(cards(people(7))).hex()
    assert int(log["data"][66:130], 16) == threshold_of(7)
    for person in people(7):
        assert automatic.rpc("eth_getBalance", person.account) == hex(10**18)

    again = run("--rpc", automatic.rpc.url, "--members", str(write_cards(file, 4)), "--registry", result["registry"])
    assert again.returncode == 0, again.stderr
    assert "funded 0 of 4 accounts" in again.stderr
    assert json.loads(again.stdout)["registry"] == result["registry"]


def test_another_governor_pays_for_himself(automatic: Node, tmp_path: Path):
    key = tmp_path / "key"
    key.write_text(dev_key(9).to_hex() + "\n")
    file = write_cards(tmp_path / "members.json", 4)
    done = run("--rpc", automatic.rpc.url, "--members", str(file), "--governor-key", str(key), "--fund", "0")
    assert done.returncode == 0, done.stderr
    creation = automatic.rpc("eth_getTransactionByHash", json.loads(done.stdout)["txs"][0])
    assert creation["from"] == to_checksum_address(dev_key(9).public_key.to_canonical_address())
    assert len(json.loads(done.stdout)["txs"]) == 2


def test_a_refusal_by_the_contract_is_told(automatic: Node, tmp_path: Path):
    file = write_cards(tmp_path / "members.json", 4)
    said = fails("--rpc", automatic.rpc.url, "--members", str(file), "--emergency-delay", "0")
    assert "BAD_PARAMS" in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"account": "0x12"}, "has not 20 bytes"),
        ({"account": 5}, "a string that begins with 0x"),
        ({"account": "0x" + "0" * 40}, "are not zero"),
        ({"identity": "0x" + "g" * 64}, "is not hexadecimal"),
        ({"encryptionKey": "0x04" + "1" * 64}, "begins with 02 or 03"),
        ({"endpoint": ""}, "at most 64 bytes"),
        ({"endpoint": "e" * 65}, "at most 64 bytes"),
        ({"more": 1}, "exactly the fields"),
        ({"account": people(4)[1].account}, "two members have one account"),
        ({"account": people(1)[0].account.swapcase().replace("0X", "0x")}, "wrong checksum"),
    ],
)
def test_a_wrong_card_is_refused_before_anything_is_sent(tmp_path: Path, changes, words):
    file = write_cards(tmp_path / "members.json", 4, **changes)
    assert words in fails("--rpc", "http://127.0.0.1:1", "--members", str(file))


def test_what_is_missing_is_named(tmp_path: Path):
    file = write_cards(tmp_path / "members.json", 4)
    assert "No such file" in fails("--rpc", "http://127.0.0.1:1", "--members", str(tmp_path / "none"))
    assert "4 to 128 cards" in fails("--rpc", "http://127.0.0.1:1", "--members", str(write_cards(tmp_path / "few", 3)))
    assert "127.0.0.1:1" in fails("--rpc", "http://127.0.0.1:1", "--members", str(file))
    key = tmp_path / "key"
    key.write_text("secret")
    said = fails("--rpc", "http://127.0.0.1:1", "--members", str(file), "--governor-key", str(key))
    assert "not a private key" in said and "secret" not in said
