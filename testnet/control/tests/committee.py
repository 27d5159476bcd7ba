"""One process in the place of all oracles and operators: it holds every key, and answers requests as they would.

It has a committee's group key and validators' keys whole, so that a story of validators can be tried on a real chain and a
real beacon chain without the program that never has any key whole.
"""

import json
import threading
import time
import urllib.request
from typing import Any

from beacon import network
from beacon.network import bls, spec
from devchain.accounts import dev_key
from devchain.client import Rpc, Sender
from devchain.contract import Contract
from devchain.operations import ValidatorOperations

from control.state import Testnet as State
from operations import deposit_root, digest, threshold_of
from registry import approve, cards, group, members_hash, people
from registry import digest as registry_digest

TRANSCRIPT = b"\x07" * 32


def registry_with_key(rpc: Rpc) -> tuple[str, Any]:
    """A registry whose committee of four has a group key; and the key."""
    governor = Sender(rpc, dev_key(0))
    contract, _ = Contract.create(governor, "OracleRegistry", dev_key(0).public_key.to_checksum_address(), 60)
    listed, key = cards(people(4)), group(4, "story")
    contract.transact(governor, "proposeCommittee", listed)
    values = {
        "epoch": 1, "groupKeyX": key.x, "parity": key.parity, "threshold": 3, "size": 4,
        "membersHash": members_hash(listed), "transcript": TRANSCRIPT,
    }
    message = registry_digest("GroupKey", governor.chain_id, contract.address, values)
    approvals = [approve(member.key, message, place) for place, member in enumerate(people(4)[:3], 1)]
    signature = key.sign(message).as_abi()
    contract.transact(governor, "registerGroupKey", 1, key.x, key.parity, TRANSCRIPT, listed, signature, approvals)
    return contract.address, key


class Committee:
    """Answers what the governor asks, in a thread of its own."""

    def __init__(self, testnet: State, key: Any) -> None:
        self.testnet, self.key = testnet, key
        rpc = Rpc(testnet.rpc)
        self.contract = ValidatorOperations(rpc, testnet.operations["address"])
        # Not the governor's account, and not that of an oracle that is killed.
        self.sender = Sender(rpc, dev_key(3))
        network.configure(1_000, self.sender.chain_id, network.DEPOSIT_CONTRACT)
        self.error: BaseException | None = None
        self._secrets: dict[bytes, int] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join(30)

    def _run(self) -> None:
        answered: set[bytes] = set()
        answers = {"KeygenRequested": self._keygen, "ReshareRequested": self._reshare, "ExitRequested": self._exit}
        try:
            while not self._ended.wait(0.05):
                for event in self.contract.events():
                    if event["event"] in answers and event["requestId"] not in answered:
                        answered.add(event["requestId"])
                        answers[event["event"]](event)
        except BaseException as error:  # told in the test's thread
            self.error = error

    def _sign(self, statement: str, event: dict[str, Any], **values: Any) -> tuple[int, int, int]:
        values = {"epoch": 1, "requestId": event["requestId"], **values}
        return self.key.sign(digest(statement, self.sender.chain_id, self.contract.address, values)).as_abi()

    def _keygen(self, event: dict[str, Any]) -> None:
        ids, _, count, withdrawal, _, amount, _, _ = event["request"]
        short = event["requestId"].hex()[:8]
        for node in self.testnet.nodes:
            with open(node.log, "a") as log:
                log.write(f"attempt 1 at request {short} is ordered; operators serve\n")
        time.sleep(1)
        credentials = b"\x01" + bytes(11) + bytes.fromhex(withdrawal[2:])
        domain = spec.compute_domain(spec.DOMAIN_DEPOSIT, spec.config.GENESIS_FORK_VERSION)
        for index in range(count):
            secret = 1_000 + index
            key = bytes(bls.SkToPk(secret))
            self._secrets[key] = secret
            message = spec.DepositMessage(pubkey=key, withdrawal_credentials=credentials, amount=amount)
            deposit = bytes(bls.Sign(secret, spec.compute_signing_root(message, domain)))
            signature = self._sign(
                "ValidatorCreation", event, index=index, publicKey=key, operatorIds=list(ids),
                threshold=threshold_of(len(ids)), transcript=TRANSCRIPT,
                depositDataRoot=deposit_root(key, credentials, amount, deposit),
            )
            self.contract.transact(
                self.sender, "reportKeygen", 1, event["number"], event["request"], index, list(ids), key, deposit,
                TRANSCRIPT, signature)
        self._leave(event, "transcript.ssz", "deposit_data.json", "keyshares.json")

    def _reshare(self, event: dict[str, Any]) -> None:
        key, _, ids = event["request"]
        signature = self._sign(
            "ValidatorReshare", event, publicKey=key, operatorIds=list(ids), threshold=threshold_of(len(ids)),
            transcript=TRANSCRIPT)
        self.contract.transact(
            self.sender, "reportReshare", 1, event["number"], event["request"], TRANSCRIPT, signature)
        self._leave(event, "transcript.ssz")

    def _exit(self, event: dict[str, Any]) -> None:
        key, _, way, cap = event["request"]
        if way == 2:
            signature = self._sign("TriggeredExit", event, publicKey=key, amount=0, feeCap=cap)
            self.contract.transact(self.sender, "triggerExit", 1, event["number"], event["request"], signature)
            return
        index = int(self._ask(f"/eth/v1/beacon/states/head/validators/0x{key.hex()}")["index"])
        root = bytes.fromhex(self._ask("/eth/v1/beacon/genesis")["genesis_validators_root"][2:])
        domain = spec.compute_domain(spec.DOMAIN_VOLUNTARY_EXIT, spec.config.CAPELLA_FORK_VERSION, root)
        message = spec.VoluntaryExit(epoch=0, validator_index=index)
        signed = bytes(bls.Sign(self._secrets[key], spec.compute_signing_root(message, domain)))
        body = {"message": {"epoch": "0", "validator_index": str(index)}, "signature": "0x" + signed.hex()}
        self._ask("/eth/v1/beacon/pool/voluntary_exits", body)
        signature = self._sign(
            "SignedExit", event, publicKey=key, exitEpoch=0, validatorIndex=index, exitSignature=signed)
        self.contract.transact(
            self.sender, "reportExitSigned", 1, event["number"], event["request"], 0, index, signed, signature)
        self._leave(event, "transcript.ssz", "exit.json")

    def _leave(self, event: dict[str, Any], *names: str) -> None:
        for node in self.testnet.nodes:
            folder = node.files / event["requestId"].hex() / "attempt-1"
            folder.mkdir(parents=True)
            for name in names:
                # Once a key of a keygen, and an oracle may be late.
                reports = event["request"][2] if event["event"] == "KeygenRequested" else 1
                (folder / name).write_text(f"{name} {event['requestId'].hex()} {reports}")

    def _ask(self, path: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.testnet.beacon_url + path, content, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
            return json.loads(text)["data"] if text else None
