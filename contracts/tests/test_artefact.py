"""The committed artefact is what the source compiles to, and says what the deployed code is."""

import subprocess
import sys
from pathlib import Path

from eth_utils import keccak, to_canonical_address

from registry import ARTEFACT

BUILD = Path(__file__).resolve().parents[1] / "build.py"


def test_the_artefact_agrees_with_the_source():
    done = subprocess.run([sys.executable, str(BUILD), "--check"], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr


def test_the_deployed_code_is_the_runtime_code_and_the_immutables(registry):
    code = registry.chain.evm.state_after(registry.chain.head).get_code(to_canonical_address(registry.address))
    runtime = bytes.fromhex(ARTEFACT["runtimeBytecode"][2:])
    assert code[: len(runtime)] == runtime
    assert len(code) - len(runtime) == ARTEFACT["immutablesSize"]
    assert keccak(runtime).hex() == ARTEFACT["runtimeHash"][2:]


def test_elections_have_the_agreed_names():
    assert "elect(uint64,uint64,address,(uint256,uint256,uint256))" in ARTEFACT["selectors"]
    assert "LeaderElected(uint64,uint64,address,uint256,uint256,uint256)" in ARTEFACT["topics"]
