"""A contract on a chain that is reached by JSON-RPC, spoken with by its artefact."""

import json
from pathlib import Path
from typing import Any

from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address

from .client import Rpc, RpcFailure, Sender
from .errors import StartError

FOLDER = Path(__file__).resolve().parents[2] / "contracts"


class Refused(Exception):
    """The contract does not take a call; the text is its word and what was called."""


def read_artefact(name: str) -> dict[str, Any]:
    try:
        return json.loads((FOLDER / f"{name}.json").read_text())
    except (OSError, ValueError) as error:
        raise StartError(f"{name}.json: {error}; make it with python contracts/build.py") from error


def abi_type(item: dict[str, Any]) -> str:
    """A parameter's type as it stands in signatures: structs as tuples."""
    if not item["type"].startswith("tuple"):
        return item["type"]
    parts = ",".join(abi_type(part) for part in item["components"])
    return f"({parts}){item['type'].removeprefix('tuple')}"


class Contract:
    """Its functions and events by their names."""

    def __init__(self, rpc: Rpc, artefact: str, address: str) -> None:
        self.rpc = rpc
        self.address = to_checksum_address(address)
        self.artefact = read_artefact(artefact)
        entries = self.artefact["abi"]
        self._functions = {entry["name"]: entry for entry in entries if entry["type"] == "function"}
        events = {entry["name"]: entry for entry in entries if entry["type"] == "event"}
        self._events = {
            topic: events[signature.split("(")[0]] for signature, topic in self.artefact["topics"].items()
        }

    @classmethod
    def create(cls, sender: Sender, artefact: str, *arguments: Any) -> tuple["Contract", dict[str, Any]]:
        """A new contract, and the receipt of its creation."""
        described = read_artefact(artefact)
        constructor = next((entry for entry in described["abi"] if entry["type"] == "constructor"), {"inputs": []})
        code = bytes.fromhex(described["bytecode"][2:])
        code += encode([abi_type(item) for item in constructor["inputs"]], arguments)
        receipt = sender.transact(b"", code)
        if receipt["status"] != "0x1":
            raise Refused(f"{artefact} could not be created: transaction {receipt['transactionHash']} was reverted")
        made = cls(sender.rpc, artefact, receipt["contractAddress"])
        held = sender.rpc("eth_getCode", made.address, "latest")
        if not held.startswith(described["runtimeBytecode"]):
            raise Refused(f"the code at {made.address} is not that of {artefact}")
        return made, receipt

    def data(self, function: str, *arguments: Any) -> bytes:
        types = [abi_type(item) for item in self._functions[function]["inputs"]]
        return keccak(text=f"{function}({','.join(types)})")[:4] + encode(types, arguments)

    def view(self, function: str, *arguments: Any) -> Any:
        """What a function answers; several values as a tuple."""
        call = {"to": self.address, "data": "0x" + self.data(function, *arguments).hex()}
        answer = bytes.fromhex(self.rpc("eth_call", call, "latest")[2:])
        values = decode([abi_type(item) for item in self._functions[function]["outputs"]], answer)
        return values[0] if len(values) == 1 else values

    def transact(self, sender: Sender, function: str, *arguments: Any, value: int = 0) -> dict[str, Any]:
        """The receipt of a call that has worked."""
        try:
            receipt = sender.transact(self.address, self.data(function, *arguments), value=value)
        except RpcFailure as failure:  # the estimate of its gas tells why it would be reverted
            raise Refused(f"{function}: {failure.message}") from failure
        if receipt["status"] != "0x1":
            raise Refused(f"{function}: transaction {receipt['transactionHash']} was reverted")
        return receipt

    def events(self, name: str | None = None, since: int = 0, **indexed: bytes) -> list[dict[str, Any]]:
        """The contract's events from a block on, of one name or all; `indexed` are the first of their topics."""
        topics: list[Any] = []
        if name is not None:
            topics = [[topic for topic, event in self._events.items() if event["name"] == name]]
            topics += ["0x" + value.hex() for value in indexed.values()]
        query = {"address": self.address, "fromBlock": hex(since), "toBlock": "latest", "topics": topics}
        return [self.read(log) for log in self.rpc("eth_getLogs", query)]

    def read(self, log: dict[str, Any]) -> dict[str, Any]:
        """An event's fields by their names, with `event`, `block` and `transaction`."""
        described = self._events[log["topics"][0]]
        marked = [item for item in described["inputs"] if item["indexed"]]
        plain = [item for item in described["inputs"] if not item["indexed"]]
        fields: dict[str, Any] = {
            "event": described["name"],
            "block": int(log["blockNumber"], 16),
            "transaction": log["transactionHash"],
        }
        for item, topic in zip(marked, log["topics"][1:], strict=True):
            fields[item["name"]] = decode([abi_type(item)], bytes.fromhex(topic[2:]))[0]
        values = decode([abi_type(item) for item in plain], bytes.fromhex(log["data"][2:]))
        return fields | {item["name"]: value for item, value in zip(plain, values, strict=True)}
