"""Validators of the tests: keys, deposits and exits that they sign."""

from typing import Any

from eth_abi import encode

from beacon import network
from beacon.chain import BeaconChain
from beacon.network import bls, spec
from beacon.requests import DEPOSIT_TOPIC, Contracts

PAYEE = bytes.fromhex("1d2f14d2ddfee594b4093d42e4bc1b0ea55e8aa7")
CREDENTIALS = b"\x01" + bytes(11) + PAYEE
SECRET = 0x263DBD792F5B1BE47ED85F8938C0F29586AF0D3AC7B977F21C278FE1462040E3
ETHER = 10**9  # Gwei


def configure() -> None:
    network.configure(100, 31337, network.DEPOSIT_CONTRACT)


def pubkey(secret: int = SECRET) -> bytes:
    return bytes(bls.SkToPk(secret))


def signed_deposit(secret: int = SECRET, index: int = 0, version: bytes | None = None, ether: int = 32) -> Any:
    """A deposit request whose signature is good on the chain of that genesis version."""
    message = spec.DepositMessage(pubkey=pubkey(secret), withdrawal_credentials=CREDENTIALS, amount=ether * ETHER)
    domain = spec.compute_domain(spec.DOMAIN_DEPOSIT, version or spec.config.GENESIS_FORK_VERSION)
    signature = bls.Sign(secret, spec.compute_signing_root(message, domain))
    return spec.DepositRequest(
        pubkey=message.pubkey,
        withdrawal_credentials=message.withdrawal_credentials,
        amount=message.amount,
        signature=signature,
        index=index,
    )


def signed_exit(
    root: bytes, index: int, secret: int = SECRET, epoch: int = 0, version: bytes | None = None
) -> Any:
    """An exit bound to Capella, or to another version."""
    message = spec.VoluntaryExit(epoch=epoch, validator_index=index)
    domain = spec.compute_domain(spec.DOMAIN_VOLUNTARY_EXIT, version or spec.config.CAPELLA_FORK_VERSION, root)
    return spec.SignedVoluntaryExit(
        message=message, signature=bls.Sign(secret, spec.compute_signing_root(message, domain))
    )


def full_exit(source: bytes = PAYEE, secret: int = SECRET) -> Any:
    return spec.WithdrawalRequest(source_address=source, validator_pubkey=pubkey(secret), amount=0)


def deposit_data(request: Any) -> bytes:
    """What the deposit contract logs."""
    return encode(
        ["bytes"] * 5,
        [
            bytes(request.pubkey),
            bytes(request.withdrawal_credentials),
            int(request.amount).to_bytes(8, "little"),
            bytes(request.signature),
            int(request.index).to_bytes(8, "little"),
        ],
    )


def deposit_log(data: bytes, contracts: Contracts = Contracts()) -> dict[str, Any]:
    return {
        "address": "0x" + contracts.deposits.hex(),
        "topics": ["0x" + DEPOSIT_TOPIC.hex()],
        "data": "0x" + data.hex(),
    }


def withdrawal_log(data: bytes, contracts: Contracts = Contracts()) -> dict[str, Any]:
    return {"address": "0x" + contracts.withdrawals.hex(), "topics": [], "data": "0x" + data.hex()}


def pass_epochs(chain: BeaconChain, count: int) -> None:
    for _ in range(count * int(spec.SLOTS_PER_EPOCH)):
        chain.advance([])


def place(chain: BeaconChain, secret: int = SECRET) -> int | None:
    """The validator's index, or None while there is no such validator."""
    keys = [bytes(validator.pubkey) for validator in chain.state.validators]
    return keys.index(pubkey(secret)) if pubkey(secret) in keys else None
