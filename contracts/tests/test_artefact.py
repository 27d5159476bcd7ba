"""The committed artefacts are what the sources compile to, and say what the deployed code is."""

import subprocess
import sys
from pathlib import Path

from eth_utils import keccak, to_canonical_address

from deployed import artefact
from operations import Operations
from registry import ARTEFACT

BUILD = Path(__file__).resolve().parents[1] / "build.py"


def test_the_artefacts_agree_with_the_sources():
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


def test_the_operations_code_is_the_runtime_code_and_the_immutables():
    operations = Operations.begin(operators=False)
    state = operations.chain.evm.state_after(operations.chain.head)
    code = state.get_code(to_canonical_address(operations.address))
    runtime = bytes.fromhex(artefact("ValidatorOperations")["runtimeBytecode"][2:])
    assert code[: len(runtime)] == runtime
    assert len(code) - len(runtime) == artefact("ValidatorOperations")["immutablesSize"]


def test_the_system_contracts_need_no_constructor():
    for name in ("DepositContract", "WithdrawalRequests"):
        assert artefact(name)["immutablesSize"] == 0


def test_an_artefact_names_the_sources_it_is_made_of():
    assert "Operators.vy" not in ARTEFACT["sources"]
    assert set(artefact("ValidatorOperations")["sources"]) == {
        "CommitteeSignature.vy",
        "Deposits.vy",
        "Governance.vy",
        "GroupSignature.vy",
        "OperationStatements.vy",
        "Operators.vy",
        "Requests.vy",
        "ValidatorOperations.vy",
    }
