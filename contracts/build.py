"""Compile every contract into an artefact of its name.

    python contracts/build.py            write the artefacts
    python contracts/build.py --check    fail if a committed artefact differs from the source

The result depends on the sources, the compiler's version and the settings below, and on nothing else.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import vyper
from eth_utils import keccak
from vyper.cli.vyper_compile import compile_files
from vyper.compiler.settings import OptimizationLevel, Settings

FOLDER = Path(__file__).resolve().parent
CONTRACTS = [
    "DepositContract",
    "ManagerBridge",
    "OracleRegistry",
    "StandInManager",
    "StandInRegistry",
    "ValidatorOperations",
    "WithdrawalRequests",
]
COMPILER = "0.4.3"
EVM_VERSION = "cancun"
FORMATS = ["abi", "bytecode", "bytecode_runtime", "method_identifiers", "layout"]


def abi_type(parameter: dict[str, Any]) -> str:
    """The canonical type of an ABI parameter: structs become the tuple of their parts."""
    name: str = parameter["type"]
    if not name.startswith("tuple"):
        return name
    return "(" + ",".join(map(abi_type, parameter["components"])) + ")" + name[len("tuple") :]


def signature(entry: dict[str, Any]) -> str:
    return entry["name"] + "(" + ",".join(map(abi_type, entry["inputs"])) + ")"


def immutables_size(layout: dict[str, Any]) -> int:
    """How many bytes of immutables the deployed code carries behind the runtime bytecode."""

    def total(section: dict[str, Any]) -> int:
        return sum(item["length"] if "length" in item else total(item) for item in section.values())

    return total(layout.get("code_layout", {}))


def sources(contract: str) -> list[Path]:
    """The contract's file and those of all the modules it is made of."""
    found: set[Path] = set()
    waiting = [FOLDER / f"{contract}.vy"]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [FOLDER / f"{name}.vy" for name in re.findall(r"^import (\w+)$", path.read_text(), re.MULTILINE)]
    return sorted(found)


def build(contract: str) -> dict[str, Any]:
    if vyper.__version__ != COMPILER:
        raise SystemExit(
            f"build.py: needs vyper {COMPILER}, this is {vyper.__version__}; run scripts/python-env --test"
        )
    source = f"{contract}.vy"
    os.chdir(FOLDER)  # the compiler reads the source by its path from here
    compiled = compile_files(
        [source],
        FORMATS,
        paths=[str(FOLDER)],
        settings=Settings(optimize=OptimizationLevel.GAS, evm_version=EVM_VERSION),
        no_bytecode_metadata=True,
    )
    output = next(value for path, value in compiled.items() if Path(path).name == source)
    runtime = bytes.fromhex(output["bytecode_runtime"][2:])
    abi = output["abi"]
    return {
        "contract": contract,
        "compiler": {
            "name": "vyper",
            "version": COMPILER,
            "evmVersion": EVM_VERSION,
            "optimize": "gas",
            "bytecodeMetadata": False,
        },
        "sources": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources(contract)},
        "selectors": {signature(e): "0x" + keccak(text=signature(e))[:4].hex() for e in abi if e["type"] == "function"},
        "topics": {signature(e): "0x" + keccak(text=signature(e)).hex() for e in abi if e["type"] == "event"},
        "runtimeHash": "0x" + keccak(runtime).hex(),
        "runtimeSize": len(runtime),
        "immutablesSize": immutables_size(output["layout"]),
        "bytecode": output["bytecode"],
        "runtimeBytecode": output["bytecode_runtime"],
        "abi": abi,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Compile every contract into an artefact of its name.")
    parser.add_argument("--check", action="store_true", help="compare with the committed artefacts, write nothing")
    arguments = parser.parse_args()
    differing = 0
    for contract in CONTRACTS:
        artefact = FOLDER / f"{contract}.json"
        text = json.dumps(build(contract), indent=1) + "\n"
        if not arguments.check:
            artefact.write_text(text)
            print(f"wrote {artefact.name}", file=sys.stderr)
        elif artefact.exists() and artefact.read_text() == text:
            print(f"{artefact.name} agrees with the source", file=sys.stderr)
        else:
            print(f"build.py: {artefact.name} differs from the source; run python contracts/build.py", file=sys.stderr)
            differing += 1
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
