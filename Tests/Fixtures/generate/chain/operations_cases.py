"""ValidatorOperations' ABI, ids and statements: calls and digests by eth-abi and eth-account, logs by the contract itself."""

from dataclasses import replace
from typing import Any

from eth_abi import encode

from abi_cases import shown
from devchain import formats
from deployed import Deployed
from operations import GWEI, OPERATORS, STATEMENTS, Exit, Keygen, Operations, Reshare, Validator, digest
from registry import abi_type


class Recording(Deployed):
    """Keeps what it sends."""

    def transact(self, function: str, *arguments: Any, **options: Any) -> Any:
        inputs = self.functions[function]["inputs"]
        self.__dict__.setdefault("sent", []).append(
            {
                "function": function,
                "arguments": {item["name"]: shown(value, item) for item, value in zip(inputs, arguments, strict=True)},
                "encoded": "0x" + self.data(function, *arguments).hex(),
            }
        )
        return super().transact(function, *arguments, **options)


class Recorded(Recording, Operations):
    """Keeps what its committee signs, too."""

    def digest(self, statement: str, **values: Any) -> bytes:
        made = digest(statement, self.registry.chain_id, self.address, values)
        kinds = {name: {"type": kind} for kind, name in STATEMENTS[statement]}
        self.__dict__.setdefault("signed", []).append(
            {
                "statement": statement,
                "values": {name: shown(value, kinds[name]) for name, value in values.items()},
                "digest": "0x" + made.hex(),
            }
        )
        return made


def logs(contract: Deployed) -> list[dict[str, Any]]:
    described = {entry["name"]: entry for entry in contract.artefact["abi"] if entry["type"] == "event"}
    found = []
    for block in (contract.chain.blocks[block_hash] for block_hash in contract.chain.canonical):
        for entry in block.logs:
            if entry.address != bytes.fromhex(contract.address[2:]):
                continue
            fields = contract.decode(entry)
            description = described[fields["event"]]
            plain = [item for item in description["inputs"] if not item["indexed"]]
            assert entry.data == encode([abi_type(item) for item in plain], [fields[item["name"]] for item in plain])
            found.append(
                {
                    "event": fields["event"],
                    "fields": {item["name"]: shown(fields[item["name"]], item) for item in description["inputs"]},
                    "log": formats.log(block, entry),
                }
            )
    return found


def make() -> Any:
    """Operators, validators made with and without the rule, a reshare and a refresh, every way out, failures."""
    operations = Recorded.begin(ether=2048 + 65)
    operations.transact(
        "changeOperator", 5, b"\1" * 32, bytes(32), "operator.example:4100", key=operations.operator_key(5)
    )
    operations.govern("setOperatorStatus", 11, True, False)
    pair = Keygen(count=2, withdrawal=operations.address)
    number, _ = operations.ask(pair)
    one, two, wide = Validator.of("one"), Validator.of("two"), Validator.of("wide")
    for index, made in enumerate((one, two)):
        operations.transact("reportKeygen", *operations.keygen_report(number, pair, made, index))
    named = Keygen(
        operator_ids=tuple(OPERATORS), size=5, compounding=True, amount=2048 * GWEI, owner_nonce=2**64 - 2
    )
    number, _ = operations.ask(named)
    operations.transact("reportKeygen", *operations.keygen_report(number, named, wide))
    reshare = Reshare(one.public_key, tuple(OPERATORS[:4]), tuple(OPERATORS[1:]))
    refresh = Reshare(one.public_key, tuple(OPERATORS[1:]), tuple(OPERATORS[1:]))
    for request in (reshare, refresh):
        number, _ = operations.ask(request)
        operations.transact("reportReshare", *operations.reshare_report(number, request))
    holders = tuple(OPERATORS[1:])
    for request, function, report in (
        (Exit(one.public_key, holders, 1), "reportExitSigned", operations.signed_exit_report),
        (Exit(one.public_key, holders, 2, 10**9), "triggerExit", operations.triggered_exit_report),
        (Exit(one.public_key, holders, 3), "reportExitCall", operations.exit_call_report),
    ):
        number, _ = operations.ask(request)
        operations.transact(function, *report(number, request))
    _, identifier = operations.ask(replace(pair, size=13))
    operations.transact("reportFailure", *operations.failure_report(identifier, 1, []))
    _, identifier = operations.ask(Exit(two.public_key, tuple(OPERATORS[:4])))
    operations.transact("reportFailure", *operations.failure_report(identifier, 2, [2, 2**63]))
    _, identifier = operations.ask(pair)
    operations.govern("cancelRequest", identifier)
    operations.govern("closeValidator", one.public_key, list(holders))
    operations.govern("withdrawEther", operations.registry.address[:-1] + "0", GWEI)
    committee = operations.key
    return {
        "selectors": operations.artefact["selectors"],
        "topics": operations.artefact["topics"],
        "chainId": hex(operations.registry.chain_id),
        "contract": operations.address.lower(),
        "separator": "0x" + operations.view("domainSeparator").hex(),
        "groupKey": "0x" + (bytes([2 + committee.parity]) + committee.x.to_bytes(32, "big")).hex(),
        "statements": operations.signed,
        "calls": operations.sent,
        "logs": logs(operations),
    }
