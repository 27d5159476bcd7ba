"""The registry's ABI: calls and returns by eth-abi, logs and refusals by the contract itself.

The contract runs on the development chain; each of its logs and returns must be what eth-abi makes of the same values.
"""

from typing import Any

from eth_abi import encode
from eth_utils import keccak

from devchain import formats

from registry import (
    ARTEFACT,
    DELAY,
    FUNCTIONS,
    Registry,
    Reverted,
    abi_type,
    cards,
    decode_event,
    group,
    people,
)

LEADER = "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
REASONS = [
    "BAD_APPROVAL",
    "BAD_MEMBER",
    "BAD_PARAMS",
    "BAD_POSSESSION",
    "BAD_SIGNATURE",
    "DUPLICATE_MEMBER",
    "EMERGENCY_DELAY",
    "NOT_GOVERNOR",
    "NOT_PENDING",
    "NO_COMMITTEE",
    "NO_EMERGENCY",
    "NO_LEADER",
    "NO_PROPOSAL",
    "STALE_VIEW",
    "TOO_FEW_APPROVALS",
    "VIEW_JUMP",
    "WRONG_EPOCH",
    "WRONG_MEMBERS",
    "WRONG_NUMBER",
]


def shown(value: Any, description: dict[str, Any]) -> Any:
    """A value by its ABI type: numbers and bytes in hexadecimal, structs as objects."""
    kind: str = description["type"]
    if kind.endswith("]"):
        item = {**description, "type": kind[: kind.rindex("[")]}
        return [shown(element, item) for element in value]
    if kind == "tuple":
        parts = description["components"]
        return {part["name"]: shown(element, part) for part, element in zip(parts, value, strict=True)}
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return hex(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return value.lower() if kind == "address" else value


def call(registry: Registry, name: str, arguments: list[Any]) -> dict[str, Any]:
    inputs = FUNCTIONS[name]["inputs"]
    return {
        "function": name,
        "arguments": {item["name"]: shown(value, item) for item, value in zip(inputs, arguments, strict=True)},
        "encoded": "0x" + registry.data(name, *arguments).hex(),
    }


def returned(registry: Registry, name: str, *arguments: Any) -> dict[str, Any]:
    outputs = FUNCTIONS[name]["outputs"]
    value = registry.view(name, *arguments)
    values = [value] if len(outputs) == 1 else list(value)
    encoded = encode([abi_type(output) for output in outputs], values)
    assert registry.raw_call(registry.data(name, *arguments)) == encoded
    each = [shown(value, output) for value, output in zip(values, outputs, strict=True)]
    return {
        **call(registry, name, list(arguments)),
        "returned": each[0] if len(each) == 1 else each,
        "returnedEncoded": "0x" + encoded.hex(),
    }


def logs(registry: Registry) -> list[dict[str, Any]]:
    """Every log of the canonical chain: as eth_getLogs gives it, and its fields by name."""
    described = {entry["name"]: entry for entry in ARTEFACT["abi"] if entry["type"] == "event"}
    found = []
    for block in (registry.chain.blocks[block_hash] for block_hash in registry.chain.canonical):
        for entry in block.logs:
            fields = decode_event(entry)
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


def history(size: int) -> dict[str, Any]:
    """A registry's first committee, an election, an anchor, a rotation, a veto and an emergency, for one size."""
    registry, made = Registry(), []
    views = ("committee", "pending", "epoch", "currentView", "currentLeader", "latestProof")
    returns = [returned(registry, name) for name in views]
    members, key = people(size, f"members of {size}"), group(size, f"key of {size}")

    def transact(name: str, *arguments: Any, **options: Any) -> None:
        made.append(call(registry, name, list(arguments)))
        registry.transact(name, *arguments, **options)

    transact("proposeCommittee", cards(members), key=registry.governor)
    returns.append(returned(registry, "pending"))
    transact("registerGroupKey", *registry.registration(1, key, members))
    returns += [returned(registry, "committee"), returned(registry, "pending")]
    transact("elect", *registry.election(1, 3, LEADER, key))
    returns += [
        returned(registry, name)
        for name in ("currentView", "currentLeader", "governor", "emergencyDelay", "domainSeparator")
    ]
    returns.append(returned(registry, "electionDigest", 1, 3, LEADER))
    transact("anchorProof", *registry.anchoring(1, 1, keccak(text="logs"), key))
    returns.append(returned(registry, "latestProof"))
    fresh, next_key = people(size, f"next members of {size}"), group(size, f"next key of {size}")
    transact("proposeCommittee", cards(fresh), key=registry.governor)
    transact("rotate", *registry.rotation(2, key, next_key, fresh))
    rescue, rescue_key = people(4, "rescue"), group(4, "rescue")
    transact("proposeEmergencyCommittee", cards(rescue), key=registry.governor)
    returns.append(returned(registry, "pending"))
    hash_ = registry.view("pending")[3]
    transact("vetoEmergency", next_key.sign(registry.digest("Veto", epoch=3, membersHash=hash_)).as_abi())
    registry.propose(rescue, emergency=True)
    registry.pass_time(DELAY)
    transact("registerGroupKey", *registry.registration(3, rescue_key, rescue))
    transact("elect", *registry.election(3, 4, LEADER, rescue_key))
    signature = registry.election(3, 5, LEADER, rescue_key)[3]
    message = registry.election_digest(3, 5, LEADER)
    returns.append(returned(registry, "verifySignature", rescue_key.x, rescue_key.parity, message, signature))
    returns.append(returned(registry, "verifySignature", rescue_key.x, rescue_key.parity, bytes(32), signature))
    return {
        "size": size,
        "chainId": hex(registry.chain.config.chain_id),
        "registry": registry.address.lower(),
        "calls": made,
        "returns": returns,
        "logs": logs(registry),
    }


def refusal() -> dict[str, str]:
    """One refusal by the contract, to show that it is Error(string)."""
    registry = Registry()
    try:
        registry.transact("transferGovernor", registry.address)
    except Reverted as error:
        return {"reason": error.reason, "data": error.data}
    raise AssertionError("a stranger offered the governor's role")


def error_string(reason: str) -> str:
    return "0x" + (keccak(text="Error(string)")[:4] + encode(["string"], [reason])).hex()


def make() -> Any:
    by_contract = refusal()
    assert by_contract["data"] == error_string(by_contract["reason"])
    good = bytes.fromhex(error_string("STALE_VIEW")[2:])
    return {
        "selectors": ARTEFACT["selectors"],
        "topics": ARTEFACT["topics"],
        "histories": [history(4), history(31)],
        "reverts": [
            {"reason": reason, "data": error_string(reason)}
            for reason in [*REASONS, "", "x" * 31, "x" * 32, "x" * 33, "\u00fcber"]
        ],
        # What is no Error(string): a caller must show the data, not fail on it.
        "otherReverts": [
            "0x",
            "0x08c379a0",
            "0x" + good[:40].hex(),
            "0x" + good[:-32].hex(),
            "0x" + (good[:4] + b"\xff" * 32 + good[36:]).hex(),
            "0x" + (good[:36] + b"\xff" * 32 + good[68:]).hex(),
            "0x4e487b71" + "00" * 31 + "11",
            "0x" + "ab" * 100,
        ],
    }
