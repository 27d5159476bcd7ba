"""Compile OracleRegistry.vy into OracleRegistry.json.

    python contracts/build.py            write the artefact
    python contracts/build.py --check    fail if the committed artefact differs from the source

The result depends on the sources, the compiler's version and the settings below, and on nothing else.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import vyper
from eth_utils import keccak
from vyper.cli.vyper_compile import compile_files
from vyper.compiler.settings import OptimizationLevel, Settings

FOLDER = Path(__file__).resolve().parent
CONTRACT = "OracleRegistry"
ARTEFACT = FOLDER / f"{CONTRACT}.json"
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


def build() -> dict[str, Any]:
    if vyper.__version__ != COMPILER:
        raise SystemExit(
            f"build.py: needs vyper {COMPILER}, this is {vyper.__version__}; run scripts/python-env --test"
        )
    source = f"{CONTRACT}.vy"
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
        "contract": CONTRACT,
        "compiler": {
            "name": "vyper",
            "version": COMPILER,
            "evmVersion": EVM_VERSION,
            "optimize": "gas",
            "bytecodeMetadata": False,
        },
        "sources": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(FOLDER.glob("*.vy"))},
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
    parser = argparse.ArgumentParser(description="Compile OracleRegistry.vy into OracleRegistry.json.")
    parser.add_argument("--check", action="store_true", help="compare with the committed artefact, write nothing")
    arguments = parser.parse_args()
    text = json.dumps(build(), indent=1) + "\n"
    if arguments.check:
        if not ARTEFACT.exists() or ARTEFACT.read_text() != text:
            print(f"build.py: {ARTEFACT.name} differs from the source; run python contracts/build.py", file=sys.stderr)
            return 1
        print(f"{ARTEFACT.name} agrees with the source", file=sys.stderr)
        return 0
    ARTEFACT.write_text(text)
    print(f"wrote {ARTEFACT.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
