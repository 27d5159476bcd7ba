"""`python -m devchain.operations`: put ValidatorOperations beside a registry, give it ether, register operators."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_utils import to_canonical_address, to_checksum_address

from .accounts import dev_key
from .client import Rpc, RpcFailure, Sender, Unreachable
from .contract import Contract, Refused
from .deploy import ETHER, read_key
from .errors import StartError
from .system import DEPOSIT_CONTRACT_ADDRESS

ARTEFACT = "ValidatorOperations"
GWEI = 10**9
WAYS = {"signed": 1, "withdrawal": 2, "call": 3}
STATES = ("unknown", "open", "done", "cancelled", "failed")
CARD = {"id", "account", "identity", "sharesKeyHash", "endpoint"}
MAX_ENDPOINT = 64  # bytes


def say(text: str) -> None:
    print(f"operations: {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class OperatorCard:
    """What the governor enters of an operator."""

    id: int
    account: bytes
    identity: bytes
    shares_key_hash: bytes
    endpoint: str

    def as_abi(self, active: bool = True, collateralised: bool = True) -> tuple[Any, ...]:
        account = to_checksum_address(self.account)
        return self.id, account, self.identity, self.shares_key_hash, self.endpoint, active, collateralised


def read_operators(path: Path) -> list[OperatorCard]:
    """A JSON list of operators' cards, each with its number; fields that the contract does not take are left out."""
    try:
        cards = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise StartError(f"--operators {path}: {error}") from error
    if not isinstance(cards, list) or not all(isinstance(card, dict) and CARD <= set(card) for card in cards):
        raise StartError(f"--operators {path}: a list of objects with the fields {', '.join(sorted(CARD))} is needed")
    try:
        operators = [_card(card) for card in cards]
    except (TypeError, ValueError, AttributeError) as error:
        raise StartError(f"--operators {path}: {error}") from error
    if len({operator.id for operator in operators}) != len(operators):
        raise StartError(f"--operators {path}: two operators have one number")
    return operators


def _card(card: dict[str, Any]) -> OperatorCard:
    number, endpoint = card["id"], card["endpoint"]
    if not isinstance(number, int) or not 0 < number < 2**64:
        raise ValueError(f"an operator's number is within 1 and 2^64 - 1, not {number}")
    if not isinstance(endpoint, str) or not 0 < len(endpoint.encode()) <= MAX_ENDPOINT:
        raise ValueError(f"operator {number}: an endpoint is text of at most {MAX_ENDPOINT} bytes")
    sizes = {"account": 20, "identity": 32, "sharesKeyHash": 32}
    values = {name: bytes.fromhex(card[name].removeprefix("0x")) for name in sizes}
    for name, size in sizes.items():
        if len(values[name]) != size:
            raise ValueError(f"operator {number}: {name} has not {size} bytes")
    return OperatorCard(number, values["account"], values["identity"], values["sharesKeyHash"], endpoint)


class ValidatorOperations(Contract):
    """The contract as its governor and any reader use it."""

    def __init__(self, rpc: Rpc, address: str) -> None:
        super().__init__(rpc, ARTEFACT, address)

    # The governor

    def register(self, governor: Sender, operator: OperatorCard) -> None:
        self.transact(governor, "registerOperator", *operator.as_abi())

    def request_keygen(self, governor: Sender, ids: list[int], count: int, withdrawal: str, owner: str) -> dict[str, Any]:
        """The request's event: `requestId`, `number` and the request."""
        asked = (ids, len(ids), count, withdrawal, False, 32 * GWEI, owner, 0)
        return self._asked(self.transact(governor, "requestKeygen", asked))

    def request_reshare(self, governor: Sender, key: bytes, old: list[int], new: list[int]) -> dict[str, Any]:
        return self._asked(self.transact(governor, "requestReshare", (key, old, new)))

    def request_exit(self, governor: Sender, key: bytes, holders: list[int], way: str, fee_cap: int = 0) -> dict[str, Any]:
        return self._asked(self.transact(governor, "requestExit", (key, holders, WAYS[way], fee_cap)))

    def _asked(self, receipt: dict[str, Any]) -> dict[str, Any]:
        return self.read(receipt["logs"][0])

    # Readers

    def state(self, request: bytes) -> tuple[str, int]:
        """What has become of a request, and how many of its validators are made."""
        state, done = self.view("requestState", request)
        return STATES[state], done.bit_count()

    def reports(self, request: bytes) -> list[dict[str, Any]]:
        """All that was reported about a request, in the order of the chain."""
        return [
            event
            for event in self.events()
            if event.get("requestId") == request and ("signature" in event or event["event"] == "RequestCancelled")
        ]


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    operators = read_operators(arguments.operators)
    key = read_key(arguments.governor_key) if arguments.governor_key else dev_key(0)
    governor = Sender(Rpc(arguments.rpc), key)
    owner, deposits = to_checksum_address(governor.address), to_checksum_address(DEPOSIT_CONTRACT_ADDRESS)
    made, receipt = Contract.create(governor, ARTEFACT, owner, to_checksum_address(arguments.registry), deposits)
    contract, block = ValidatorOperations(governor.rpc, made.address), int(receipt["blockNumber"], 16)
    say(f"contract {contract.address} in block {block}, {int(receipt['gasUsed'], 16)} gas")
    if arguments.fund:
        # As in the deployment of a registry the second account pays, where the chain is one of ours.
        payer = governor if arguments.governor_key else Sender(governor.rpc, dev_key(1))
        paid = payer.transact(contract.address, value=arguments.fund)
        if paid["status"] != "0x1":
            raise Refused(f"the funding was reverted in transaction {paid['transactionHash']}")
        say(f"funded with {arguments.fund / ETHER:g} ether")
    for operator in operators:
        contract.register(governor, operator)
    say(f"registered {len(operators)} operators")
    return {"address": contract.address, "firstBlock": block, "governor": owner}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devchain.operations", description=__doc__, allow_abbrev=False)
    parser.add_argument("--rpc", required=True, metavar="URL", help="JSON-RPC of the chain")
    parser.add_argument("--registry", required=True, metavar="ADDRESS", help="whose committee reports")
    parser.add_argument(
        "--operators", required=True, type=Path, metavar="FILE", help="JSON list of operators' cards with their ids"
    )
    parser.add_argument(
        "--governor-key", type=Path, metavar="FILE",
        help="private key in hexadecimal; a development chain's first account by default",
    )
    parser.add_argument(
        "--fund", type=lambda text: int(float(text) * ETHER), default=0, metavar="ETHER",
        help="send the contract so much for deposits and fees (0)",
    )
    return parser


def main(flags: list[str] | None = None) -> int:
    arguments = _parser().parse_args(flags)
    try:
        to_canonical_address(arguments.registry)
    except ValueError as error:
        say(f"--registry: {error}")
        return 1
    try:
        print(json.dumps(run(arguments)))
    except (StartError, Refused, RpcFailure, Unreachable, TimeoutError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
