"""Contracts beside the registry on its chain, by their artefacts."""

import json
from pathlib import Path
from typing import Any

import rlp
from eth_abi import decode, encode
from eth_keys import keys
from eth_utils import keccak, to_canonical_address, to_checksum_address

from devchain.calls import CallRequest, call
from devchain.system import DEPOSIT_CONTRACT_ADDRESS

from registry import Registry, Reverted, abi_type, reason_of

FOLDER = Path(__file__).resolve().parents[1]


def artefact(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text())


class Deployed:
    """One contract: calls, views, and the logs that its transactions cause, its own and those of contracts it calls."""

    def __init__(self, registry: Registry, name: str, address: str) -> None:
        self.registry, self.chain, self.address = registry, registry.chain, address
        self.artefact = artefact(name)
        self.functions = {entry["name"]: entry for entry in self.artefact["abi"] if entry["type"] == "function"}
        self.events = {
            bytes.fromhex(topic[2:]): next(
                e
                for e in self.artefact["abi"]
                if e["type"] == "event" and e["name"] == signature.split("(")[0]
            )
            for signature, topic in self.artefact["topics"].items()
        }

    @classmethod
    def create(cls, registry: Registry, name: str, types: list[str], arguments: list[Any]) -> "Deployed":
        creation = bytes.fromhex(artefact(name)["bytecode"][2:]) + encode(types, arguments)
        receipt, _ = registry._mine(registry.governor, b"", creation)
        if receipt.state_root != b"\x01":
            raise Reverted("deployment")
        sender = registry.governor.public_key.to_canonical_address()
        nonce = registry.chain.evm.state_after(registry.chain.head).get_nonce(sender) - 1
        self = cls(registry, name, to_checksum_address(keccak(rlp.encode([sender, nonce]))[12:]))
        self.deploy_gas = receipt.gas_used
        return self

    def data(self, function: str, *arguments: Any) -> bytes:
        types = [abi_type(parameter) for parameter in self.functions[function]["inputs"]]
        return keccak(text=f"{function}({','.join(types)})")[:4] + encode(types, arguments)

    def raw_call(
        self, data: bytes, key: keys.PrivateKey | None = None, value: int = 0, sender: bytes | None = None
    ) -> bytes:
        sender = (key or self.registry.anybody).public_key.to_canonical_address() if sender is None else sender
        request = CallRequest(sender, to_canonical_address(self.address), data, value, None)
        result = call(self.chain, self.chain.head, request)
        error = result.error()
        if error is not None:
            raise Reverted(reason_of(error), error.data or "0x")
        return result.output

    def view(self, function: str, *arguments: Any) -> Any:
        types = [abi_type(parameter) for parameter in self.functions[function]["outputs"]]
        values = decode(types, self.raw_call(self.data(function, *arguments)))
        return values[0] if len(values) == 1 else values

    def transact(self, function: str, *arguments: Any, key: keys.PrivateKey | None = None, value: int = 0) -> Any:
        """Execute in a block of its own; the first of the contract's own events, with `gas`, `all`, and the `block`."""
        data = self.data(function, *arguments)
        self.raw_call(data, key, value)  # for the reason where it fails
        receipt, block = self.registry._mine(
            key or self.registry.anybody, to_canonical_address(self.address), data, value
        )
        assert receipt.state_root == b"\x01"
        own = [self.decode(entry) for entry in block.logs if entry.address == to_canonical_address(self.address)]
        return {**(own[0] if own else {}), "all": own, "gas": receipt.gas_used, "block": block}

    def decode(self, entry: Any) -> dict[str, Any]:
        description = self.events[entry.topics[0]]
        indexed = [item for item in description["inputs"] if item["indexed"]]
        plain = [item for item in description["inputs"] if not item["indexed"]]
        fields: dict[str, Any] = {"event": description["name"]}
        for item, topic in zip(indexed, entry.topics[1:], strict=True):
            fields[item["name"]] = decode([abi_type(item)], topic)[0]
        values = decode([abi_type(item) for item in plain], entry.data)
        fields.update({item["name"]: value for item, value in zip(plain, values, strict=True)})
        return fields

    @property
    def balance(self) -> int:
        return self.chain.evm.state_after(self.chain.head).get_balance(to_canonical_address(self.address))


def deposit_contract(registry: Registry) -> Deployed:
    return Deployed(registry, "DepositContract", to_checksum_address(DEPOSIT_CONTRACT_ADDRESS))
