"""`python -m devchain.deploy`: put an OracleRegistry on a chain, propose its first committee, fund the members."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from eth_abi import encode
from eth_keys.datatypes import PrivateKey
from eth_utils import ValidationError, keccak, to_canonical_address, to_checksum_address

from .accounts import dev_key
from .client import Rpc, RpcFailure, Sender, Unreachable
from .errors import StartError
from .members import MEMBERS_TYPE, Member, members_hash, read_members

ARTEFACT = Path(__file__).resolve().parents[2] / "contracts" / "OracleRegistry.json"
ETHER = 10**18
DEFAULT_DELAY = 3 * 86400  # seconds


def say(text: str) -> None:
    print(f"deploy: {text}", file=sys.stderr, flush=True)


def read_key(path: Path) -> PrivateKey:
    """A file with 32 bytes in hexadecimal."""
    try:
        return PrivateKey(bytes.fromhex(path.read_text().strip().removeprefix("0x")))
    except OSError as error:
        raise StartError(f"--governor-key {path}: {error.strerror}") from error
    except (ValueError, ValidationError) as error:
        # The message must not carry the file's text.
        raise StartError(f"--governor-key {path}: not a private key of 32 bytes in hexadecimal") from error


def read_artefact() -> dict[str, Any]:
    try:
        return json.loads(ARTEFACT.read_text())
    except (OSError, ValueError) as error:
        raise StartError(f"{ARTEFACT.name}: {error}; make it with python contracts/build.py") from error


def _succeed(receipt: dict[str, Any], what: str) -> dict[str, Any]:
    if receipt["status"] != "0x1":
        raise StartError(f"{what} was reverted in transaction {receipt['transactionHash']}")
    return receipt


def deploy(governor: Sender, delay: int) -> dict[str, Any]:
    """The receipt of the registry's creation."""
    artefact = read_artefact()
    arguments = encode(["address", "uint64"], [to_checksum_address(governor.address), delay])
    receipt = _succeed(governor.transact(b"", bytes.fromhex(artefact["bytecode"][2:]) + arguments), "the deployment")
    code = governor.rpc("eth_getCode", receipt["contractAddress"], "latest")
    if not code.startswith(artefact["runtimeBytecode"]):
        raise StartError(f"the code at {receipt['contractAddress']} is not the registry's")
    return receipt


def propose(governor: Sender, registry: str, members: list[Member]) -> dict[str, Any]:
    """The receipt of the proposal, after a look that the chain has taken the same list."""
    signature = f"proposeCommittee({MEMBERS_TYPE})"
    call = keccak(text=signature)[:4] + encode([MEMBERS_TYPE], [[member.as_abi() for member in members]])
    receipt = _succeed(governor.transact(registry, call), "proposeCommittee")
    pending = bytes.fromhex(
        governor.rpc("eth_call", {"to": registry, "data": "0x" + keccak(text="pending()")[:4].hex()}, "latest")[2:]
    )
    if pending[96:128] != members_hash(members):
        raise StartError("the registry holds another list of members than was sent")
    return receipt


def fund(payer: Sender, members: list[Member], amount: int) -> list[str]:
    """Bring every member's account up to `amount` wei; the hashes of the transactions that took."""
    sent: list[str] = []
    nonce = int(payer.rpc("eth_getTransactionCount", to_checksum_address(payer.address), "pending"), 16)
    for member in members:
        balance = int(payer.rpc("eth_getBalance", to_checksum_address(member.account), "latest"), 16)
        if balance < amount:
            signed = payer.sign(member.account, value=amount - balance, gas=21_000, nonce=nonce + len(sent))
            sent.append(payer.send(signed))
    for transaction in sent:
        _succeed(payer.wait(transaction), "a member's funding")
    return sent


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    members = read_members(arguments.members)
    key = read_key(arguments.governor_key) if arguments.governor_key else dev_key(0)
    rpc = Rpc(arguments.rpc)
    governor = Sender(rpc, key)
    genesis = rpc("eth_getBlockByNumber", "0x0", False)["hash"]
    say(f"chain {governor.chain_id}, genesis {genesis}, governor {to_checksum_address(governor.address)}")
    if arguments.registry:
        registry, transactions = to_checksum_address(arguments.registry), []
    else:
        created = deploy(governor, arguments.emergency_delay)
        registry, transactions = created["contractAddress"], [created["transactionHash"]]
        say(f"registry {registry} in block {int(created['blockNumber'], 16)}, {int(created['gasUsed'], 16)} gas")
    proposed = propose(governor, registry, members)
    say(
        f"proposed {len(members)} members in block {int(proposed['blockNumber'], 16)}, "
        f"{int(proposed['gasUsed'], 16)} gas"
    )
    # On a chain of ours the second account pays, so that the governor's nonces are the governor's.
    payer = governor if arguments.governor_key else Sender(rpc, dev_key(1))
    funded = fund(payer, members, arguments.fund)
    say(f"funded {len(funded)} of {len(members)} accounts")
    return {
        "registry": registry,
        "chainId": governor.chain_id,
        "genesis": genesis,
        "proposedBlock": int(proposed["blockNumber"], 16),
        "txs": [*transactions, proposed["transactionHash"], *funded],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devchain.deploy", description=__doc__, allow_abbrev=False)
    parser.add_argument("--rpc", required=True, metavar="URL", help="JSON-RPC of the chain")
    parser.add_argument("--members", required=True, type=Path, metavar="FILE", help="JSON list of member cards")
    parser.add_argument(
        "--emergency-delay",
        type=int,
        default=DEFAULT_DELAY,
        metavar="S",
        help=f"seconds to veto an emergency proposal ({DEFAULT_DELAY})",
    )
    parser.add_argument(
        "--governor-key",
        type=Path,
        metavar="FILE",
        help="private key in hexadecimal; a development chain's first account by default",
    )
    parser.add_argument("--registry", metavar="ADDRESS", help="propose to this registry instead of deploying one")
    parser.add_argument(
        "--fund",
        type=lambda text: int(float(text) * ETHER),
        default=ETHER,
        metavar="ETHER",
        help="bring every member's account up to this (1)",
    )
    return parser


def main(flags: list[str] | None = None) -> int:
    arguments = _parser().parse_args(flags)
    try:
        if arguments.registry:
            to_canonical_address(arguments.registry)
        print(json.dumps(run(arguments)))
    except (StartError, RpcFailure, Unreachable, TimeoutError) as error:
        say(str(error))
        return 1
    except ValueError as error:
        say(f"--registry: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
