"""ManagerBridge: adoptions by eth-abi and eth-account, logs by the contracts themselves, the stand-ins' among them."""

from typing import Any

from eth_utils import keccak

from abi_cases import shown
from bridge import ORIGIN, Bridge, stand_in_manager, stand_in_registry
from deployed import Deployed
from devchain.managers import origin_of
from operations import OPERATORS, STATEMENTS, Exit, Keygen, Operations, Request, Reshare, Validator, message
from operations_cases import Recording, logs


class RecordedBridge(Recording, Bridge):
    """Keeps what it sends, and the adoptions that its committee signs."""

    def adoption(
        self,
        request: Request,
        origin: bytes = ORIGIN,
        index: int = 0,
        epoch: int = 1,
        wrong: dict[str, Any] | None = None,
    ) -> tuple[str, list[Any]]:
        function, arguments = super().adoption(request, origin, index, epoch, wrong)
        values = self.statement(request, origin, index, epoch)
        signable = message("RequestAdoption", self.registry.chain_id, self.operations.address, values)
        kinds = {name: {"type": kind} for kind, name in STATEMENTS["RequestAdoption"]}
        inputs = self.functions[function]["inputs"]
        self.__dict__.setdefault("adoptions", []).append(
            {
                "kind": type(request).__name__,
                "asked": shown(request.as_abi(), next(item for item in inputs if item["name"] == "request")),
                "values": {name: shown(value, kinds[name]) for name, value in values.items()},
                "structHash": "0x" + signable.body.hex(),
                "digest": "0x" + self.operations.digest("RequestAdoption", **values).hex(),
                "signature": shown(arguments[-1], inputs[-1]),
            }
        )
        return function, arguments


def described(chain_id: int, block_hash: bytes, transaction_hash: bytes, index: int, emitter: str) -> dict[str, str]:
    return {
        "chainId": hex(chain_id),
        "blockHash": "0x" + block_hash.hex(),
        "transactionHash": "0x" + transaction_hash.hex(),
        "logIndex": hex(index),
        "emitter": emitter.lower(),
        "origin": "0x" + origin_of(chain_id, block_hash, transaction_hash, index, emitter).hex(),
    }


def make() -> Any:
    """A pool is asked for, its validator made, an operator wants to leave two validators, and one of those ends."""
    operations = Operations.begin(ether=65)
    first, holders = operations.validator("first")
    bridge = RecordedBridge.over(operations)
    manager, registry = stand_in_manager(operations), stand_in_registry(operations.registry)
    chain_id, origins = operations.registry.chain_id, []

    def origin(emitter: Deployed, function: str, *arguments: Any) -> bytes:
        block = emitter.transact(function, *arguments)["block"]
        origins.append(described(chain_id, block.hash, block.transactions[0].hash, 0, emitter.address))
        return bytes.fromhex(origins[-1]["origin"][2:])

    keygen = Keygen(withdrawal=manager.address, owner=manager.address, owner_nonce=0)
    asked = bridge.asked(bridge.adopt(keygen, origin(manager, "askForValidator")))
    second = Validator.of("second")
    operations.transact("reportKeygen", *operations.keygen_report(asked["number"], keygen, second))
    manager.transact("createPool", second.public_key)
    named = Keygen(tuple(OPERATORS), 5, 2, manager.address, True, 2048 * 10**9, manager.address, 1)
    bridge.adopt(named, origin(manager, "askForValidator"))
    leaving = origin(registry, "askToLeave", 2)
    for index, validator in enumerate((first, second)):
        bridge.adopt(Reshare(validator.public_key, holders, tuple(OPERATORS[1:])), leaving, index)
    bridge.adopt(Exit(second.public_key, holders, 1), origin(manager, "askForExit", 1))
    bridge.adopt(Exit(first.public_key, holders, 2, 10**9), origin(manager, "askForExit", 2**32 - 1))
    bridge.execute("setOperatorStatus", 2, False, False)
    bridge.execute("transferGovernor", operations.registry.governor.public_key.to_checksum_address())
    origins.append(described(2**64 - 1, keccak(b"block"), keccak(b"transaction"), 2**64 - 1, "0x" + "ab" * 20))
    committee = operations.key
    return {
        "selectors": bridge.artefact["selectors"],
        "topics": bridge.artefact["topics"],
        "managerTopics": manager.artefact["topics"],
        "registryTopics": registry.artefact["topics"],
        "chainId": hex(chain_id),
        "operations": operations.address.lower(),
        "bridge": bridge.address.lower(),
        "manager": manager.address.lower(),
        "registry": registry.address.lower(),
        "separator": "0x" + operations.view("domainSeparator").hex(),
        "groupKey": "0x" + (bytes([2 + committee.parity]) + committee.x.to_bytes(32, "big")).hex(),
        "origins": origins,
        "adoptions": bridge.adoptions,
        "calls": bridge.sent,
        "logs": logs(bridge),
        "managerLogs": logs(manager),
        "registryLogs": logs(registry),
    }
