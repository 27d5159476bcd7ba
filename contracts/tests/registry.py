"""The registry on an in-process development chain, and the people who use it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rlp
from eth_abi import decode, encode
from eth_account.messages import _hash_eip191_message, encode_typed_data
from eth_keys import keys
from eth_utils import keccak, to_canonical_address, to_checksum_address

from devchain.accounts import dev_key
from devchain.calls import CallRequest, call
from devchain.chain import Chain
from devchain.client import sign_transaction
from devchain.clock import BlockClock
from devchain.config import ChainConfig, GenesisAccount
from devchain.errors import RpcError
from devchain.store import MemoryStore

from frost import GroupKey

ARTEFACT = json.loads((Path(__file__).resolve().parents[1] / "OracleRegistry.json").read_text())
DELAY = 1000  # seconds to veto an emergency
GENESIS_TIME = 1_700_000_000
TRANSCRIPT = keccak(b"transcript")
ZERO_SIGNATURE = (0, 0, 0)

STATEMENTS = {
    "Election": [("uint64", "epoch"), ("uint64", "viewNumber"), ("address", "leader")],
    "GroupKey": [
        ("uint64", "epoch"),
        ("uint256", "groupKeyX"),
        ("uint8", "parity"),
        ("uint16", "threshold"),
        ("uint16", "size"),
        ("bytes32", "membersHash"),
        ("bytes32", "transcript"),
    ],
    "ProofAnchor": [("uint64", "epoch"), ("uint64", "number"), ("bytes32", "root")],
    "Veto": [("uint64", "epoch"), ("bytes32", "membersHash")],
}


def abi_type(parameter: dict[str, Any]) -> str:
    kind: str = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    return "(" + ",".join(map(abi_type, parameter["components"])) + ")" + kind[5:]


FUNCTIONS = {entry["name"]: entry for entry in ARTEFACT["abi"] if entry["type"] == "function"}
EVENTS = {
    bytes.fromhex(topic[2:]): next(e for e in ARTEFACT["abi"] if e.get("name") == signature.split("(")[0])
    for signature, topic in ARTEFACT["topics"].items()
}


class Reverted(Exception):
    """The contract refused; the reason is empty where Vyper's own checks did."""

    def __init__(self, reason: str, data: str = "0x") -> None:
        super().__init__(reason)
        self.reason = reason
        self.data = data


@dataclass(frozen=True)
class Person:
    """A member: an account, the public parts of its card."""

    key: keys.PrivateKey
    identity: bytes
    encryption_key: bytes
    endpoint: str

    @property
    def account(self) -> str:
        return self.key.public_key.to_checksum_address()

    def card(self) -> tuple[str, bytes, bytes, str]:
        return self.account, self.identity, self.encryption_key, self.endpoint


def people(count: int, seed: str = "member") -> list[Person]:
    made = []
    for index in range(count):
        name = f"{seed} {index}".encode()
        encryption = keys.PrivateKey(keccak(b"encryption " + name))
        made.append(
            Person(
                keys.PrivateKey(keccak(b"account " + name)),
                keccak(b"identity " + name),
                encryption.public_key.to_compressed_bytes(),
                f"10.0.{index // 250}.{index % 250}:4001",
            )
        )
    return made


def cards(members: list[Person]) -> list[tuple[str, bytes, bytes, str]]:
    return [member.card() for member in members]


def members_hash(list_of_cards: list[Any]) -> bytes:
    return keccak(encode(["(address,bytes32,bytes,string)[]"], [list_of_cards]))


def threshold_of(size: int) -> int:
    return size - (size - 1) // 3


def group(size: int, seed: str) -> GroupKey:
    return GroupKey(threshold_of(size), size, seed)


def digest(statement: str, chain_id: int, contract: str, values: dict[str, Any]) -> bytes:
    """The EIP-712 digest by eth-account, which knows nothing of the contract's way to it."""
    message = encode_typed_data(
        full_message={
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                statement: [{"name": name, "type": kind} for kind, name in STATEMENTS[statement]],
            },
            "primaryType": statement,
            "domain": {"name": "OracleRegistry", "version": "1", "chainId": chain_id, "verifyingContract": contract},
            "message": values,
        }
    )
    return bytes(_hash_eip191_message(message))


def approve(key: keys.PrivateKey, message: bytes, position: int) -> tuple[int, bytes, bytes]:
    """An approval by an account's key (EIP-2098)."""
    signature = key.sign_msg_hash(message)
    return position, signature.r.to_bytes(32, "big"), (signature.s | signature.v << 255).to_bytes(32, "big")


class Registry:
    """One contract on one chain; dev key 0 governs, dev key 1 is anybody."""

    governor = dev_key(0)
    anybody = dev_key(1)

    def __init__(self, chain_id: int = 31337, delay: int = DELAY) -> None:
        self._open(chain_id, {})
        governor = self.governor.public_key.to_checksum_address()
        creation = bytes.fromhex(ARTEFACT["bytecode"][2:]) + encode(["address", "uint64"], [governor, delay])
        receipt, _ = self._mine(self.governor, b"", creation)
        sender = self.governor.public_key.to_canonical_address()
        nonce = self.chain.evm.state_after(self.chain.head).get_nonce(sender) - 1
        self.address = to_checksum_address(keccak(rlp.encode([sender, nonce]))[12:])
        if receipt.state_root != b"\x01":
            raise Reverted("deployment")
        self.deploy_gas = receipt.gas_used

    @classmethod
    def of_genesis(cls, chain_id: int, address: str, account: GenesisAccount) -> "Registry":
        """A chain on which the contract exists from block 0 on."""
        self = cls.__new__(cls)
        self._open(chain_id, {to_canonical_address(address): account})
        self.address = address
        return self

    def _open(self, chain_id: int, extra: dict[bytes, GenesisAccount]) -> None:
        config = ChainConfig(chain_id=chain_id, genesis_time=GENESIS_TIME, extra=extra)
        self.chain = Chain(config, MemoryStore(), None, BlockClock(step=12))
        self.chain_id = chain_id

    # Transport

    def _mine(self, key: keys.PrivateKey, to: bytes, data: bytes, value: int = 0) -> tuple[Any, Any]:
        sender = key.public_key.to_canonical_address()
        nonce = self.chain.evm.state_after(self.chain.head).get_nonce(sender)
        base_fee = self.chain.evm.next_base_fee(self.chain.head)
        signed = sign_transaction(
            key,
            chain_id=self.chain.config.chain_id,
            nonce=nonce,
            tip=1,
            max_fee=2 * base_fee,
            gas=16_000_000,
            to=to,
            value=value,
            data=data,
        )
        self.chain.submit(signed.raw)
        block = self.chain.mine()
        assert len(block.receipts) == 1
        return block.receipts[0], block

    def data(self, function: str, *arguments: Any) -> bytes:
        types = [abi_type(parameter) for parameter in FUNCTIONS[function]["inputs"]]
        return keccak(text=f"{function}({','.join(types)})")[:4] + encode(types, arguments)

    def raw_call(
        self, data: bytes, key: keys.PrivateKey | None = None, value: int = 0, sender: bytes | None = None
    ) -> bytes:
        sender = (key or self.anybody).public_key.to_canonical_address() if sender is None else sender
        result = call(
            self.chain, self.chain.head, CallRequest(sender, to_canonical_address(self.address), data, value, None)
        )
        error = result.error()
        if error is not None:
            raise Reverted(reason_of(error), error.data or "0x")
        return result.output

    def view(self, function: str, *arguments: Any) -> Any:
        types = [abi_type(parameter) for parameter in FUNCTIONS[function]["outputs"]]
        values = decode(types, self.raw_call(self.data(function, *arguments)))
        return values[0] if len(values) == 1 else values

    def transact(self, function: str, *arguments: Any, key: keys.PrivateKey | None = None) -> dict[str, Any]:
        """Execute in a block of its own; the decoded event, with what the transaction cost as `gas`."""
        data = self.data(function, *arguments)
        self.raw_call(data, key)  # for the reason where it fails
        receipt, block = self._mine(key or self.anybody, to_canonical_address(self.address), data)
        assert receipt.state_root == b"\x01"
        events = [decode_event(entry) for entry in block.logs]
        return {**(events[0] if events else {}), "all": events, "gas": receipt.gas_used}

    def pass_time(self, seconds: int) -> None:
        self.chain.mine(self.chain.head.header.timestamp + seconds)

    # Statements

    def digest(self, statement: str, **values: Any) -> bytes:
        return digest(statement, self.chain_id, self.address, values)

    def election_digest(self, epoch: int, view: int, leader: str) -> bytes:
        return self.digest("Election", epoch=epoch, viewNumber=view, leader=leader)

    def key_digest(self, epoch: int, key: GroupKey, list_of_cards: list[Any], transcript: bytes = TRANSCRIPT) -> bytes:
        size = len(list_of_cards)
        return self.digest(
            "GroupKey",
            epoch=epoch,
            groupKeyX=key.x,
            parity=key.parity,
            threshold=threshold_of(size),
            size=size,
            membersHash=members_hash(list_of_cards),
            transcript=transcript,
        )

    # Steps

    def propose(self, members: list[Person], emergency: bool = False) -> dict[str, Any]:
        name = "proposeEmergencyCommittee" if emergency else "proposeCommittee"
        return self.transact(name, cards(members), key=self.governor)

    def registration(
        self, epoch: int, key: GroupKey, members: list[Person], signers: list[int] | None = None
    ) -> list[Any]:
        """Valid arguments of registerGroupKey."""
        message = self.key_digest(epoch, key, cards(members))
        positions = signers or list(range(1, threshold_of(len(members)) + 1))
        approvals = [approve(members[position - 1].key, message, position) for position in positions]
        return [epoch, key.x, key.parity, TRANSCRIPT, cards(members), key.sign(message).as_abi(), approvals]

    def rotation(self, epoch: int, old: GroupKey, key: GroupKey, members: list[Person]) -> list[Any]:
        """Valid arguments of rotate."""
        message = self.key_digest(epoch, key, cards(members))
        return [
            epoch,
            key.x,
            key.parity,
            TRANSCRIPT,
            cards(members),
            old.sign(message).as_abi(),
            key.sign(message).as_abi(),
        ]

    def election(self, epoch: int, view: int, leader: str, key: GroupKey) -> list[Any]:
        """Valid arguments of elect."""
        return [epoch, view, leader, key.sign(self.election_digest(epoch, view, leader)).as_abi()]

    def anchoring(self, epoch: int, number: int, root: bytes, key: GroupKey) -> list[Any]:
        """Valid arguments of anchorProof."""
        message = self.digest("ProofAnchor", epoch=epoch, number=number, root=root)
        return [epoch, number, root, key.sign(message).as_abi()]

    def begin(self, size: int = 4, seed: str = "first") -> tuple[list[Person], GroupKey]:
        """Propose and register a first committee."""
        members, key = people(size, seed), group(size, seed)
        self.propose(members)
        self.transact("registerGroupKey", *self.registration(1, key, members))
        return members, key

    def hand_over(
        self, epoch: int, old: GroupKey, size: int, seed: str
    ) -> tuple[list[Person], GroupKey, dict[str, Any]]:
        """Propose and rotate to another committee."""
        members, key = people(size, seed), group(size, seed)
        self.propose(members)
        return members, key, self.transact("rotate", *self.rotation(epoch, old, key, members))


def reason_of(error: RpcError) -> str:
    prefix = "execution reverted: "
    return error.message[len(prefix) :] if error.message.startswith(prefix) else ""


def decode_event(entry: Any) -> dict[str, Any]:
    """A log's fields by name, and the event's name as `event`."""
    description = EVENTS[entry.topics[0]]
    indexed = [item for item in description["inputs"] if item["indexed"]]
    plain = [item for item in description["inputs"] if not item["indexed"]]
    fields: dict[str, Any] = {"event": description["name"]}
    for item, topic in zip(indexed, entry.topics[1:], strict=True):
        fields[item["name"]] = decode([abi_type(item)], topic)[0]
    values = decode([abi_type(item) for item in plain], entry.data)
    fields.update({item["name"]: value for item, value in zip(plain, values, strict=True)})
    return fields
