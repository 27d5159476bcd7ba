"""The process: what it takes from an execution chain, what it answers, what it keeps, how it ends."""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from beacon.network import DEPOSIT_CONTRACT, WITHDRAWAL_CONTRACT, bls, spec
from devchain.accounts import dev_key
from devchain.client import Rpc, Sender

from validators import configure, pubkey, signed_deposit, signed_exit

configure()
TESTNET = Path(__file__).resolve().parents[2]
PATIENCE = 120
EXITS = "/eth/v1/beacon/pool/voluntary_exits"
# Stand-ins for the two contracts, which log what they are called with: who logs is all that matters here.
DEPOSIT = keccak(text="deposit(bytes,bytes,bytes,bytes32)")[:4]


class Program:
    """A program of the testnet, stopped with the block."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=TESTNET, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("no ready line: " + self.process.stderr.read())
        self.ready: dict[str, Any] = json.loads(line)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """The exit status, and what was written to standard error."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: Any) -> None:
        if self.process.poll() is None:
            self.stop()


class Beacon(Program):
    def __init__(self, rpc: str, *flags: str) -> None:
        super().__init__("beacon", "--rpc", rpc, "--port", "0", "--epoch", "0.1", "--follow", "latest", *flags)
        self.url: str = self.ready["url"]

    def ask(self, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, Any]:
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, content, {"Content-Type": kind})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                text = response.read()
                return response.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def waiting_as_ssz(self) -> bytes:
        path = "/eth/v1/beacon/states/head/pending_deposits"
        request = urllib.request.Request(self.url + path, headers={"Accept": "application/octet-stream"})
        with urllib.request.urlopen(request, timeout=30) as response:
            assert response.headers["Content-Type"] == "application/octet-stream"
            return response.read()

    def validator(self, secret_pubkey: bytes, state: str = "head") -> dict[str, Any] | None:
        code, body = self.ask(f"/eth/v1/beacon/states/{state}/validators/0x{secret_pubkey.hex()}")
        assert (code, body.get("message")) in [(200, None), (404, "Validator not found")]
        return body.get("data")


def deposit_ssz(deposit: dict[str, str]) -> bytes:
    names = ("pubkey", "withdrawal_credentials", "amount", "signature", "slot")
    parts = (deposit[name] for name in names)
    return b"".join(
        bytes.fromhex(part[2:]) if part.startswith("0x") else int(part).to_bytes(8, "little") for part in parts
    )


def eventually(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while True:
        if found := condition():
            return found
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def rpc() -> Iterator[Rpc]:
    with Program("devchain", "--port", "0") as chain:
        yield Rpc(chain.ready["urls"]["main"])


def deposit(rpc: Rpc, request: Any) -> None:
    """Makes a deposit at the chain's deposit contract."""
    record = spec.DepositData(
        pubkey=request.pubkey,
        withdrawal_credentials=request.withdrawal_credentials,
        amount=request.amount,
        signature=request.signature,
    )
    arguments = [bytes(request.pubkey), bytes(request.withdrawal_credentials), bytes(request.signature)]
    call = DEPOSIT + encode(["bytes"] * 3 + ["bytes32"], [*arguments, bytes(spec.hash_tree_root(record))])
    pay(rpc, DEPOSIT_CONTRACT, call, int(request.amount) * 10**9)


def pay(rpc: Rpc, contract: bytes, data: bytes, value: int, account: int = 0) -> None:
    receipt = Sender(rpc, dev_key(account), patience=20).transact(contract, data, value=value)
    assert (receipt["status"], len(receipt["logs"])) == ("0x1", 1)


@pytest.fixture(scope="module")
def beacon(rpc: Rpc) -> Iterator[Beacon]:
    with Beacon(rpc.url) as program:
        yield program


def test_a_deposit_on_the_execution_chain_becomes_a_validator_that_leaves_by_its_word_and_survives_restarts(rpc, tmp_path):
    flags = ("--data", str(tmp_path / "beacon"))
    with Beacon(rpc.url, *flags) as beacon:
        deposit(rpc, signed_deposit())
        pending = eventually(lambda: beacon.ask("/eth/v1/beacon/states/head/pending_deposits")[1]["data"])
        assert pending[0]["pubkey"] == "0x" + pubkey().hex()
        assert pending[0]["amount"] == "32000000000"
        assert beacon.waiting_as_ssz() in (b"", deposit_ssz(pending[0]))
        first = beacon.ready
        assert beacon.stop()[0] == 0
    with Beacon(rpc.url, *flags) as beacon:
        assert beacon.ready["genesis_time"] == first["genesis_time"]
        eventually(lambda: (beacon.validator(pubkey()) or {}).get("status") == "active_ongoing")
        found = beacon.validator(pubkey())
        root = bytes.fromhex(first["genesis_validators_root"][2:])
        signed = signed_exit(root, int(found["index"]))
        body = {
            "message": {"epoch": "0", "validator_index": found["index"]},
            "signature": "0x" + bytes(signed.signature).hex(),
        }
        eventually(lambda: beacon.ask(EXITS, body)[0] == 200)
        beacon.stop(signal.SIGKILL)
    with Beacon(rpc.url, *flags) as beacon:
        eventually(lambda: beacon.validator(pubkey())["status"] != "active_ongoing")
        eventually(lambda: beacon.validator(pubkey(), "finalized")["status"] in ("exited_unslashed", "withdrawal_done"))


def test_who_holds_the_withdrawal_address_ends_the_service_on_the_execution_chain(rpc, beacon):
    payee = dev_key(3)
    secret = 12_345
    request = signed_deposit(secret)
    message = spec.DepositMessage(
        pubkey=request.pubkey,
        withdrawal_credentials=b"\x01" + bytes(11) + payee.public_key.to_canonical_address(),
        amount=request.amount,
    )
    domain = spec.compute_domain(spec.DOMAIN_DEPOSIT, spec.config.GENESIS_FORK_VERSION)
    request.withdrawal_credentials = message.withdrawal_credentials
    request.signature = bls.Sign(secret, spec.compute_signing_root(message, domain))
    deposit(rpc, request)
    found = eventually(lambda: (v := beacon.validator(pubkey(secret))) and v["status"] == "active_ongoing" and v)
    least = int(found["validator"]["activation_epoch"]) + int(spec.config.SHARD_COMMITTEE_PERIOD)
    eventually(lambda: int(beacon.ask("/eth/v1/node/syncing")[1]["data"]["head_slot"]) // 8 >= least)
    pay(rpc, WITHDRAWAL_CONTRACT, pubkey(secret) + bytes(8), 1, account=3)  # a wei is the fee of a quiet chain
    eventually(lambda: beacon.validator(pubkey(secret))["status"] != "active_ongoing")


def test_the_network_is_told_as_beacon_nodes_tell_it(rpc, beacon):
    status, genesis = beacon.ask("/eth/v1/beacon/genesis")
    assert (status, set(genesis["data"])) == (200, {"genesis_time", "genesis_validators_root", "genesis_fork_version"})
    rules = beacon.ask("/eth/v1/config/spec")[1]["data"]
    assert rules["CAPELLA_FORK_VERSION"] == "0x03000001"
    assert (rules["SLOTS_PER_EPOCH"], rules["SLOT_DURATION_MS"], rules["BLOB_SCHEDULE"]) == ("8", "12", [])
    assert rules["DEPOSIT_CONTRACT_ADDRESS"] == "0x" + DEPOSIT_CONTRACT.hex()
    assert beacon.ask("/eth/v1/config/deposit_contract")[1]["data"]["chain_id"] == str(int(rpc("eth_chainId"), 16))
    assert beacon.ask("/eth/v1/config/fork_schedule")[1]["data"][-1] == {
        "previous_version": "0x05000001", "current_version": "0x06000001", "epoch": "0",
    }
    assert beacon.ask("/eth/v1/node/syncing")[1]["data"]["is_syncing"] is False
    assert beacon.ask("/eth/v1/node/health") == (200, None)


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("/eth/v1/beacon/states/head/validators/99", 404, "Validator not found"),
        ("/eth/v1/beacon/states/head/validators/0x" + "ab" * 48, 404, "Validator not found"),
        ("/eth/v1/beacon/states/head/validators/0x12", 400, "Invalid validator ID: 0x12"),
        ("/eth/v1/beacon/states/tail/validators/0", 400, "Invalid state ID: tail"),
        ("/eth/v1/beacon/states/7/validators/0", 404, "State not found: only head and finalized are kept"),
        ("/eth/v1/nothing", 404, "Not Found"),
    ],
)
def test_what_is_not_there_is_answered_with_a_code_and_a_message(beacon, path, code, message):
    assert beacon.ask(path) == (code, {"code": code, "message": message})


def test_validators_are_listed_by_a_filter_that_leaves_out_the_unknown(beacon):
    path = "/eth/v1/beacon/states/head/validators"
    founders = beacon.ask(path)[1]["data"]
    third = founders[3]["validator"]["pubkey"]
    found = beacon.ask(f"{path}?id={third},0&id=0x{'ab' * 48}&id=99")[1]["data"]
    assert [(one["index"], one["validator"]["pubkey"]) for one in found] == [
        ("0", founders[0]["validator"]["pubkey"]), ("3", third),
    ]
    assert beacon.ask(f"{path}?id=0x{'ab' * 48}")[1]["data"] == []
    assert beacon.ask(f"{path}?id=x")[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", {}, {"message": {}, "signature": "0x"},
        {"message": {"epoch": 0, "validator_index": "0"}, "signature": "0x" + "00" * 96},
        {"message": {"epoch": "00", "validator_index": "0"}, "signature": "0x" + "00" * 96},
        {"message": {"epoch": str(2**64), "validator_index": "0"}, "signature": "0x" + "00" * 96},
        {"message": {"epoch": "0", "validator_index": "0"}, "signature": "0x" + "00" * 95},
        {"message": {"epoch": "0", "validator_index": "0"}, "signature": "0x" + "00" * 96},
        b"[" * 60_000,
    ],
)
def test_a_bad_exit_is_answered_with_400(beacon, body):
    status, answer = beacon.ask(EXITS, body)
    assert (status, answer["code"]) == (400, 400)
    assert beacon.ask(EXITS)[1] == {"data": []}


def test_bodies_have_a_limit_and_a_type(beacon):
    assert beacon.ask(EXITS, b"0" * 70_000)[0] == 413
    assert beacon.ask(EXITS, b"{}", "text/plain")[0] == 415


def test_it_says_why_it_does_not_start(rpc, tmp_path):
    def failure(*flags: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "beacon", *flags], cwd=TESTNET, capture_output=True, text=True, timeout=60
        )
        assert done.stdout == ""
        return done.returncode, done.stderr

    status, said = failure("--rpc", "http://127.0.0.1:1", "--port", "0")
    assert (status, said.startswith("beacon: eth_chainId: ")) == (2, True)
    kept = tmp_path / "kept"
    with Beacon(rpc.url, "--data", str(kept)):
        pass
    other = ("--withdrawal-contract", "11" * 20)
    status, said = failure("--rpc", rpc.url, "--port", "0", "--data", str(kept), *other)
    assert (status, "other settings" in said) == (2, True)
    (kept / "beacon.state").write_bytes(b"rubbish\n")
    status, said = failure("--rpc", rpc.url, "--port", "0", "--data", str(kept))
    assert (status, "cannot be read" in said) == (2, True)


def test_slots_pass_while_the_execution_chain_is_away_and_its_undoing_ends_the_process(tmp_path):
    with Program("devchain", "--port", "0", "--no-automine") as chain:
        rpc = Rpc(chain.ready["urls"]["main"])
        with Beacon(rpc.url) as beacon:
            def syncing() -> dict[str, Any]:
                return beacon.ask("/eth/v1/node/syncing")[1]["data"]

            rpc("dev_setFault", "main", {"mode": "http500"})
            eventually(lambda: syncing()["el_offline"])
            slot = int(syncing()["head_slot"])
            eventually(lambda: int(syncing()["head_slot"]) > slot)
            rpc("dev_setFault", "main", None)
            eventually(lambda: not syncing()["el_offline"])
            rpc("evm_mine", {"blocks": 3})
            time.sleep(1)
            rpc("dev_reorg", {"depth": 2, "length": 4})
            beacon.process.wait(PATIENCE)
            status, errors = beacon.stop()
            assert (status, "is no longer" in errors) == (1, True)


def test_it_ends_with_its_input(rpc):
    with Beacon(rpc.url, "--until-eof") as program:
        program.process.communicate(timeout=20)
        assert program.process.returncode == 0
