"""The system contracts of block 0, at the addresses that every network has them at."""

import json
from pathlib import Path

from eth.vm.forks.cancun.constants import BEACON_ROOTS_ADDRESS, BEACON_ROOTS_CONTRACT_CODE
from eth.vm.forks.prague.constants import (
    CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS,
    HISTORY_STORAGE_ADDRESS,
    HISTORY_STORAGE_CONTRACT_CODE,
    WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS,
)

from .config import GenesisAccount
from .errors import StartError

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
DEPOSIT_CONTRACT_ADDRESS = bytes.fromhex("00000000219ab540356cBB839Cbe05303d7705Fa")
# A block without code at the address of EIP-7251 is invalid. STOP answers its system call with no requests.
NO_REQUESTS = b"\0"


def runtime_code(contract: str) -> bytes:
    """The code of one of our contracts that has no immutables and needs no constructor."""
    path = CONTRACTS / f"{contract}.json"
    try:
        return bytes.fromhex(json.loads(path.read_text())["runtimeBytecode"][2:])
    except (OSError, ValueError) as error:
        raise StartError(f"{path.name}: {error}; make it with python contracts/build.py") from error


def system_accounts() -> dict[bytes, GenesisAccount]:
    return {
        BEACON_ROOTS_ADDRESS: GenesisAccount(nonce=1, code=BEACON_ROOTS_CONTRACT_CODE),
        HISTORY_STORAGE_ADDRESS: GenesisAccount(nonce=1, code=HISTORY_STORAGE_CONTRACT_CODE),
        DEPOSIT_CONTRACT_ADDRESS: GenesisAccount(nonce=1, code=runtime_code("DepositContract")),
        WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS: GenesisAccount(nonce=1, code=runtime_code("WithdrawalRequests")),
        CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS: GenesisAccount(nonce=1, code=NO_REQUESTS),
    }
