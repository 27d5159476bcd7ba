"""`python -m devchain.managers`: let a stand-in for another's manager drive ValidatorOperations, through the bridge."""

import argparse
import json
import sys
from typing import Any

from eth_abi import encode
from eth_utils import keccak, to_canonical_address, to_checksum_address

from .accounts import dev_key
from .client import Rpc, RpcFailure, Sender, Unreachable
from .contract import Contract, Refused
from .errors import StartError
from .operations import ValidatorOperations


def say(text: str) -> None:
    print(f"managers: {text}", file=sys.stderr, flush=True)


def origin_of(chain_id: int, block_hash: bytes, transaction_hash: bytes, log_index: int, emitter: str) -> bytes:
    """What stands for a manager's log where a request is adopted because of it."""
    kinds = ["uint256", "bytes32", "bytes32", "uint64", "address"]
    return keccak(encode(kinds, [chain_id, block_hash, transaction_hash, log_index, emitter]))


class Manager:
    """The stand-ins for a manager and for its registry of operators, and the bridge that answers to their logs."""

    def __init__(self, sender: Sender, described: dict[str, Any]) -> None:
        self.sender = sender
        self.since: int = described["firstBlock"]
        self.manager = Contract(sender.rpc, "StandInManager", described["manager"])
        self.registry = Contract(sender.rpc, "StandInRegistry", described["registry"])
        self.bridge = Contract(sender.rpc, "ManagerBridge", described["bridge"])

    def ask_for_validator(self) -> tuple[int, bytes]:
        """The pool it is for, and the origin of what should be asked."""
        log = self._log(self.manager, "askForValidator")
        return self.manager.read(log)["poolId"], self._origin(log)

    def ask_for_exit(self, pool: int) -> bytes:
        return self._origin(self._log(self.manager, "askForExit", pool))

    def ask_to_leave(self, operator: int) -> bytes:
        """An operator wants to hold no more shares."""
        return self._origin(self._log(self.registry, "askToLeave", operator))

    def create_pool(self, key: bytes) -> tuple[int, str]:
        """The pool of a validator that exists, and the address of its contract."""
        created = self.manager.read(self._log(self.manager, "createPool", key))
        return created["poolId"], to_checksum_address(created["pool"])

    def adopted(self, origin: bytes) -> list[dict[str, Any]]:
        """What has been asked because of a log."""
        return self.bridge.events("RequestAdopted", self.since, origin=origin)

    def _log(self, contract: Contract, function: str, *arguments: Any) -> dict[str, Any]:
        return contract.transact(self.sender, function, *arguments)["logs"][0]

    def _origin(self, log: dict[str, Any]) -> bytes:
        block, transaction = (bytes.fromhex(log[name][2:]) for name in ("blockHash", "transactionHash"))
        return origin_of(self.sender.chain_id, block, transaction, int(log["logIndex"], 16), log["address"])


def deploy(governor: Sender, address: str) -> dict[str, Any]:
    """Where the stand-ins and the bridge are, once the bridge governs the contract at the address."""
    operations = ValidatorOperations(governor.rpc, address)
    held = governor.rpc("eth_getCode", operations.address, "latest")
    if not held.startswith(operations.artefact["runtimeBytecode"]):
        raise Refused(f"the code at {operations.address} is not that of ValidatorOperations")
    manager, _ = Contract.create(governor, "StandInManager", operations.address)
    registry, _ = Contract.create(governor, "StandInRegistry")
    owner, committee = to_checksum_address(governor.address), to_checksum_address(operations.view("registry"))
    bridge, receipt = Contract.create(governor, "ManagerBridge", owner, operations.address, committee)
    block = int(receipt["blockNumber"], 16)
    say(f"bridge {bridge.address} in block {block}, {int(receipt['gasUsed'], 16)} gas")
    operations.transact(governor, "transferGovernor", bridge.address)
    bridge.transact(governor, "acceptOperations")
    if to_checksum_address(operations.view("governor")) != bridge.address:
        raise Refused(f"the bridge does not govern {operations.address}")
    say(f"it governs {operations.address} for manager {manager.address}")
    return {"manager": manager.address, "registry": registry.address, "bridge": bridge.address, "firstBlock": block}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devchain.managers", description=__doc__, allow_abbrev=False)
    parser.add_argument("--rpc", required=True, metavar="URL", help="JSON-RPC of a development chain")
    parser.add_argument(
        "--operations", required=True, metavar="ADDRESS",
        help="ValidatorOperations, which the chain's first account governs; the bridge does then, and the account the bridge",
    )
    return parser


def main(flags: list[str] | None = None) -> int:
    arguments = _parser().parse_args(flags)
    try:
        to_canonical_address(arguments.operations)
    except ValueError as error:
        say(f"--operations: {error}")
        return 1
    try:
        print(json.dumps(deploy(Sender(Rpc(arguments.rpc), dev_key(0)), arguments.operations)))
    except (StartError, Refused, RpcFailure, Unreachable, TimeoutError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
