"""Make the fixtures of the Swift tests: python Tests/Fixtures/generate/chain [--check]

Every value comes from packages that know nothing of the Swift sources, or from the signer in contracts/tests/frost.py,
and from fixed seeds: the same files come out byte for byte wherever and whenever they are made. With --check nothing is
written, and a file that differs is an error.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4]
sys.path[:0] = [str(ROOT / "contracts" / "tests"), str(ROOT / "testnet")]

import abi_cases  # noqa: E402
import address_cases  # noqa: E402
import bridge_cases  # noqa: E402
import eip712_cases  # noqa: E402
import frost_cases  # noqa: E402
import keccak_cases  # noqa: E402
import operations_cases  # noqa: E402
import rlp_cases  # noqa: E402
import transaction_cases  # noqa: E402

FIXTURES = ROOT / "Tests" / "Fixtures"
FILES = {
    "ethereum/abi.json": abi_cases.make,
    "ethereum/addresses.json": address_cases.make,
    "ethereum/approvals.json": eip712_cases.make_approvals,
    "ethereum/bridge.json": bridge_cases.make,
    "ethereum/eip712.json": eip712_cases.make,
    "ethereum/keccak.json": keccak_cases.make,
    "ethereum/operations.json": operations_cases.make,
    "ethereum/rlp.json": rlp_cases.make,
    "ethereum/transactions.json": transaction_cases.make,
    "frost/3-of-4.json": lambda: frost_cases.make(3, 4),
    "frost/7-of-10.json": lambda: frost_cases.make(7, 10),
}


def render(content: Any) -> str:
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the fixtures of the Swift tests.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()
    differing = []
    for name, make in FILES.items():
        path, text = FIXTURES / name, render(make())
        if arguments.check:
            if not path.exists() or path.read_text() != text:
                differing.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    strays = sorted(
        str(path.relative_to(FIXTURES))
        for folder in ("ethereum", "frost")
        for path in (FIXTURES / folder).glob("*.json")
        if str(path.relative_to(FIXTURES)) not in FILES
    )
    for name in differing:
        print(f"{name} differs; run python Tests/Fixtures/generate/chain", file=sys.stderr)
    for name in strays:
        print(f"{name} is made by no script", file=sys.stderr)
    return 1 if differing or strays else 0


if __name__ == "__main__":
    sys.exit(main())
