"""ValidatorOperations on a chain with a committee, its operators, and the statements its committee signs."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from eth_abi import encode
from eth_account.messages import SignableMessage, _hash_eip191_message, encode_typed_data
from eth_utils import keccak, to_canonical_address, to_checksum_address

from devchain.accounts import dev_key
from devchain.system import DEPOSIT_CONTRACT_ADDRESS

from deployed import Deployed
from frost import GroupKey, Randomness
from registry import Registry

GWEI = 10**9
ETHER = 10**18
TRANSCRIPT = keccak(b"ceremony")
WITHDRAWAL = to_checksum_address("0x" + "77" * 20)
OWNER = to_checksum_address("0x" + "88" * 20)
OPERATORS = [2, 5, 11, 2**63, 2**64 - 1]

STATEMENTS = {
    "ValidatorCreation": [
        ("uint64", "epoch"),
        ("bytes32", "requestId"),
        ("uint16", "index"),
        ("bytes", "publicKey"),
        ("uint64[]", "operatorIds"),
        ("uint16", "threshold"),
        ("bytes32", "transcript"),
        ("bytes32", "depositDataRoot"),
    ],
    "ValidatorReshare": [
        ("uint64", "epoch"),
        ("bytes32", "requestId"),
        ("bytes", "publicKey"),
        ("uint64[]", "operatorIds"),
        ("uint16", "threshold"),
        ("bytes32", "transcript"),
    ],
    "SignedExit": [
        ("uint64", "epoch"),
        ("bytes32", "requestId"),
        ("bytes", "publicKey"),
        ("uint64", "exitEpoch"),
        ("uint64", "validatorIndex"),
        ("bytes", "exitSignature"),
    ],
    "TriggeredExit": [
        ("uint64", "epoch"),
        ("bytes32", "requestId"),
        ("bytes", "publicKey"),
        ("uint64", "amount"),
        ("uint64", "feeCap"),
    ],
    "ExitCall": [("uint64", "epoch"), ("bytes32", "requestId"), ("bytes", "publicKey"), ("bytes", "call")],
    "RequestFailure": [
        ("uint64", "epoch"),
        ("bytes32", "requestId"),
        ("uint8", "reason"),
        ("uint64[]", "blamedIds"),
    ],
    "RequestAdoption": [
        ("uint64", "epoch"),
        ("address", "bridge"),
        ("bytes32", "origin"),
        ("uint16", "index"),
        ("bytes32", "request"),
    ],
}
REQUEST_TYPES = {
    "Keygen": "Keygen(uint256 chainId,address contract,uint64 number,uint64[] operatorIds,uint8 size,uint16 count,"
    "address withdrawal,bool compounding,uint64 amount,address owner,uint64 ownerNonce)",
    "Reshare": "Reshare(uint256 chainId,address contract,uint64 number,bytes publicKey,uint64[] oldOperatorIds,"
    "uint64[] operatorIds)",
    "Exit": "Exit(uint256 chainId,address contract,uint64 number,bytes publicKey,uint64[] operatorIds,uint8 way,"
    "uint64 feeCap)",
}


def message(statement: str, chain_id: int, contract: str, values: dict[str, Any]) -> SignableMessage:
    """EIP-712 by eth-account, which knows nothing of the contract's way to it."""
    return encode_typed_data(
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
            "domain": {
                "name": "ValidatorOperations",
                "version": "1",
                "chainId": chain_id,
                "verifyingContract": contract,
            },
            "message": values,
        }
    )


def digest(statement: str, chain_id: int, contract: str, values: dict[str, Any]) -> bytes:
    return bytes(_hash_eip191_message(message(statement, chain_id, contract, values)))


def threshold_of(size: int) -> int:
    return size - (size - 1) // 3


def ids_hash(ids: list[int]) -> bytes:
    return keccak(b"".join(number.to_bytes(32, "big") for number in ids))


# Requests


@dataclass(frozen=True)
class Keygen:
    operator_ids: tuple[int, ...] = ()
    size: int = 4
    count: int = 1
    withdrawal: str = WITHDRAWAL
    compounding: bool = False
    amount: int = 32 * GWEI
    owner: str = OWNER
    owner_nonce: int = 7

    def as_abi(self) -> tuple[Any, ...]:
        return (
            list(self.operator_ids),
            self.size,
            self.count,
            self.withdrawal,
            self.compounding,
            self.amount,
            self.owner,
            self.owner_nonce,
        )

    def words(self) -> list[tuple[str, Any]]:
        kinds = ["uint8", "uint16", "address", "bool", "uint64", "address", "uint64"]
        return [("bytes32", ids_hash(list(self.operator_ids))), *zip(kinds, self.as_abi()[1:], strict=True)]


@dataclass(frozen=True)
class Reshare:
    public_key: bytes
    old_operator_ids: tuple[int, ...]
    operator_ids: tuple[int, ...]

    def as_abi(self) -> tuple[Any, ...]:
        return self.public_key, list(self.old_operator_ids), list(self.operator_ids)

    def words(self) -> list[tuple[str, Any]]:
        return [
            ("bytes32", keccak(self.public_key)),
            ("bytes32", ids_hash(list(self.old_operator_ids))),
            ("bytes32", ids_hash(list(self.operator_ids))),
        ]


@dataclass(frozen=True)
class Exit:
    public_key: bytes
    operator_ids: tuple[int, ...]
    way: int = 1
    fee_cap: int = 0

    def as_abi(self) -> tuple[Any, ...]:
        return self.public_key, list(self.operator_ids), self.way, self.fee_cap

    def words(self) -> list[tuple[str, Any]]:
        return [
            ("bytes32", keccak(self.public_key)),
            ("bytes32", ids_hash(list(self.operator_ids))),
            ("uint8", self.way),
            ("uint64", self.fee_cap),
        ]


Request = Keygen | Reshare | Exit


def request_id(chain_id: int, contract: str, number: int, request: Request) -> bytes:
    kind = keccak(text=REQUEST_TYPES[type(request).__name__])
    words = [("bytes32", kind), ("uint256", chain_id), ("address", contract), ("uint64", number), *request.words()]
    return keccak(encode([name for name, _ in words], [value for _, value in words]))


# Deposits


def deposit_root(public_key: bytes, credentials: bytes, amount: int, signature: bytes) -> bytes:
    """hash_tree_root(DepositData), leaf by leaf."""

    def node(*parts: bytes) -> bytes:
        return sha256(b"".join(parts)).digest()

    leaves = [signature[32 * i : 32 * i + 32] for i in range(3)] + [bytes(32)]
    signature_root = node(node(*leaves[:2]), node(*leaves[2:]))
    key_root = node(public_key.ljust(64, b"\0"))
    return node(
        node(key_root, credentials), node(amount.to_bytes(8, "little").ljust(32, b"\0"), signature_root)
    )


def credentials(request: Keygen) -> bytes:
    return bytes([2 if request.compounding else 1]) + bytes(11) + to_canonical_address(request.withdrawal)


@dataclass(frozen=True)
class Validator:
    """What a ceremony is said to have made; the contract looks at none of it."""

    public_key: bytes
    deposit_signature: bytes
    transcript: bytes = TRANSCRIPT

    @classmethod
    def of(cls, seed: str) -> "Validator":
        random = Randomness("validator " + seed)
        return cls(random.take(48), random.take(96))


class Operations(Deployed):
    """The contract, with five operators who may be chosen and ether for deposits."""

    members: list[Any]
    key: GroupKey

    @classmethod
    def begin(cls, chain_id: int = 31337, seed: str = "first", ether: int = 0, operators: bool = True) -> "Operations":
        registry = Registry(chain_id)
        members, key = registry.begin(seed=seed)
        self = cls.beside(registry)
        self.members, self.key = members, key
        if operators:
            for number in OPERATORS:
                self.register(number)
        if ether:
            self.fund(ether * ETHER)
        return self

    @classmethod
    def beside(cls, registry: Registry) -> "Operations":
        governor = registry.governor.public_key.to_checksum_address()
        arguments = [governor, registry.address, to_checksum_address(DEPOSIT_CONTRACT_ADDRESS)]
        made = cls.create(registry, "ValidatorOperations", ["address", "address", "address"], arguments)
        assert isinstance(made, cls)
        return made

    def fund(self, wei: int) -> None:
        receipt, _ = self.registry._mine(self.registry.anybody, to_canonical_address(self.address), b"", wei)
        assert receipt.state_root == b"\x01"

    # The governor

    def govern(self, function: str, *arguments: Any) -> Any:
        return self.transact(function, *arguments, key=self.registry.governor)

    def operator_key(self, number: int) -> Any:
        return dev_key(2 + number % 3)

    def record(self, number: int, active: bool = True, collateralised: bool = True) -> tuple[Any, ...]:
        """Valid arguments of registerOperator."""
        return (
            number,
            self.operator_key(number).public_key.to_checksum_address(),
            keccak(b"operator identity %d" % number),
            keccak(b"operator rsa key %d" % number),
            f"10.1.0.{number % 251}:4100",
            active,
            collateralised,
        )

    def register(self, number: int, active: bool = True, collateralised: bool = True) -> Any:
        return self.govern("registerOperator", *self.record(number, active, collateralised))

    def ask(self, request: Request) -> tuple[int, bytes]:
        """Make the request; its number and id."""
        event = self.govern("request" + type(request).__name__, request.as_abi())
        return event["number"], event["requestId"]

    # The committee

    def digest(self, statement: str, **values: Any) -> bytes:
        return digest(statement, self.registry.chain_id, self.address, values)

    def request_id(self, number: int, request: Request) -> bytes:
        return request_id(self.registry.chain_id, self.address, number, request)

    def sign(self, statement: str, **values: Any) -> tuple[int, int, int]:
        return self.key.sign(self.digest(statement, **values)).as_abi()

    def keygen_report(
        self,
        number: int,
        request: Keygen,
        validator: Validator,
        index: int = 0,
        operator_ids: list[int] | None = None,
        epoch: int = 1,
    ) -> list[Any]:
        """Valid arguments of reportKeygen."""
        ids = OPERATORS[: request.size] if operator_ids is None else operator_ids
        root = deposit_root(
            validator.public_key, credentials(request), request.amount, validator.deposit_signature
        )
        signature = self.sign(
            "ValidatorCreation",
            epoch=epoch,
            requestId=self.request_id(number, request),
            index=index,
            publicKey=validator.public_key,
            operatorIds=ids,
            threshold=threshold_of(len(ids)) if ids else 0,
            transcript=validator.transcript,
            depositDataRoot=root,
        )
        return [
            epoch,
            number,
            request.as_abi(),
            index,
            ids,
            validator.public_key,
            validator.deposit_signature,
            validator.transcript,
            signature,
        ]

    def reshare_report(self, number: int, request: Reshare, epoch: int = 1) -> list[Any]:
        """Valid arguments of reportReshare."""
        signature = self.sign(
            "ValidatorReshare",
            epoch=epoch,
            requestId=self.request_id(number, request),
            publicKey=request.public_key,
            operatorIds=list(request.operator_ids),
            threshold=threshold_of(len(request.operator_ids)),
            transcript=TRANSCRIPT,
        )
        return [epoch, number, request.as_abi(), TRANSCRIPT, signature]

    def signed_exit_report(
        self, number: int, request: Exit, exit_signature: bytes = b"\5" * 96, epoch: int = 1
    ) -> list[Any]:
        """Valid arguments of reportExitSigned."""
        signature = self.sign(
            "SignedExit",
            epoch=epoch,
            requestId=self.request_id(number, request),
            publicKey=request.public_key,
            exitEpoch=256,
            validatorIndex=1234567,
            exitSignature=exit_signature,
        )
        return [epoch, number, request.as_abi(), 256, 1234567, exit_signature, signature]

    def triggered_exit_report(self, number: int, request: Exit, epoch: int = 1, amount: int = 0) -> list[Any]:
        """Valid arguments of triggerExit."""
        signature = self.sign(
            "TriggeredExit",
            epoch=epoch,
            requestId=self.request_id(number, request),
            publicKey=request.public_key,
            amount=amount,
            feeCap=request.fee_cap,
        )
        return [epoch, number, request.as_abi(), signature]

    def exit_call(self, request: Exit) -> bytes:
        arguments = encode(["bytes", "uint64[]"], [request.public_key, list(request.operator_ids)])
        return keccak(text="exitValidator(bytes,uint64[])")[:4] + arguments

    def exit_call_report(self, number: int, request: Exit, epoch: int = 1) -> list[Any]:
        """Valid arguments of reportExitCall."""
        signature = self.sign(
            "ExitCall",
            epoch=epoch,
            requestId=self.request_id(number, request),
            publicKey=request.public_key,
            call=self.exit_call(request),
        )
        return [epoch, number, request.as_abi(), signature]

    def failure_report(self, identifier: bytes, reason: int, blamed: list[int], epoch: int = 1) -> list[Any]:
        """Valid arguments of reportFailure."""
        signature = self.sign(
            "RequestFailure", epoch=epoch, requestId=identifier, reason=reason, blamedIds=blamed
        )
        return [epoch, identifier, reason, blamed, signature]

    def validator(self, seed: str = "one", withdrawal: str = WITHDRAWAL) -> tuple[Validator, tuple[int, ...]]:
        """A validator that has been made and paid for; and its operators."""
        request = replace(Keygen(), withdrawal=withdrawal)
        number, _ = self.ask(request)
        made = Validator.of(seed)
        self.transact("reportKeygen", *self.keygen_report(number, request, made))
        return made, tuple(OPERATORS[:4])
