"""The governor of the contract for validators' keys, who uses the program's own commands."""

import json
import os
import subprocess
from dataclasses import dataclass

from devchain.accounts import dev_key

from .state import RUN, Testnet
from .terminal import TestnetError, note

PATIENCE = 120.0


@dataclass(frozen=True)
class Asked:
    """A request that is on the chain."""

    id: bytes
    number: int
    block: int

    @property
    def short(self) -> str:
        """As the oracles' logs call it."""
        return self.id.hex()[:8]


class Governor:
    """Makes requests and waits until each is in a block."""

    def __init__(self, program: str, testnet: Testnet):
        self.program = program
        self.contract: str = testnet.operations["address"]
        key = RUN / "governor.key"
        if not key.exists():
            # The development chain's first account: everybody has its key.
            descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(dev_key(0).to_hex() + "\n")
        self._surroundings = {
            **os.environ,
            "ORACLE_CHAIN_RPC": testnet.rpc,
            "ORACLE_OPERATIONS_ADDRESS": self.contract,
            "ORACLE_OPERATIONS_FIRST_BLOCK": str(testnet.operations["firstBlock"]),
            "ORACLE_ACCOUNT_FILE": str(key),
        }

    def keygen(self, operators: list[int], count: int) -> Asked:
        """New validators that pay out to the contract, so that it may end them."""
        return self._ask("keygen", "--count", str(count), "--operators", listed(operators), "--withdrawal", self.contract)

    def reshare(self, key: bytes, operators: list[int]) -> Asked:
        return self._ask("reshare", "--key", "0x" + key.hex(), "--operators", listed(operators))

    def exit(self, key: bytes, way: str, fee_cap: int | None = None) -> Asked:
        cap = [] if fee_cap is None else ["--fee-cap", str(fee_cap)]
        return self._ask("exit", "--key", "0x" + key.hex(), "--way", way, *cap)

    def _ask(self, *words: str) -> Asked:
        shown = " ".join(word if len(word) < 20 else word[:12] + "…" for word in words)
        note(f"$ oracle ops {shown}")
        try:
            ended = subprocess.run(
                [self.program, "ops", *words, "--json"], env=self._surroundings, capture_output=True, text=True,
                timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise TestnetError(f"oracle ops {shown}: no answer within {PATIENCE:.0f} s; "
                               "look at ./testnet/logs chain") from None
        if ended.returncode:
            raise TestnetError(f"oracle ops {shown}: {ended.stderr.strip() or f'ended with {ended.returncode}'}")
        try:
            report = json.loads(ended.stdout)
            return Asked(bytes.fromhex(report["id"].removeprefix("0x")), int(report["number"]), int(report["block"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise TestnetError(f"oracle ops {shown} answers with something else: {ended.stdout[:300]}") from None


def listed(numbers: list[int]) -> str:
    return ",".join(str(number) for number in numbers)
