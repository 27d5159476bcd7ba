"""What ValidatorOperations' calls cost; README.md's table is these figures."""

import pytest

from deployed import artefact
from operations import Exit, Keygen, Operations, Reshare, Validator

IDS = list(range(1, 14))
# Ceilings a little above what was measured, by the number of operators. Reports of keygen: the first of the operators'
# validators, then another.
CEILINGS = {
    4: {"request": 100_000, "first": 275_000, "later": 190_000, "reshare": 202_000, "exit": 66_000, "trigger": 193_000},
    13: {"request": 148_000, "first": 525_000, "later": 285_000, "reshare": 174_000, "exit": 71_000, "trigger": 196_000},
}
CODE_LIMIT = 24_576  # EIP-170


@pytest.mark.parametrize("size", CEILINGS)
def test_no_call_costs_more_than_its_ceiling(size):
    ceiling = CEILINGS[size]
    operations = Operations.begin(ether=96, operators=False)
    for number in IDS:
        assert operations.register(number)["gas"] <= 256_000
    change = (1, b"\1" * 32, b"\2" * 32, "new.example:4100")
    assert operations.transact("changeOperator", *change, key=operations.operator_key(1))["gas"] <= 82_000
    assert operations.govern("setOperatorStatus", 1, True, False)["gas"] <= 46_000
    ids, last = IDS[:size], IDS[13 - size :]
    named = Keygen(operator_ids=tuple(ids), size=size)
    assert operations.govern("requestKeygen", named.as_abi())["gas"] <= ceiling["request"]
    asked = Keygen(size=size, count=2)
    number, identifier = operations.ask(asked)
    for index, name in enumerate(("first", "later")):
        report = operations.keygen_report(number, asked, Validator.of(name), index, ids)
        assert operations.transact("reportKeygen", *report)["gas"] <= ceiling[name]
    key = Validator.of("first").public_key
    reshare = Reshare(key, tuple(ids), tuple(last))
    number, _ = operations.ask(reshare)
    report = operations.reshare_report(number, reshare)
    assert operations.transact("reportReshare", *report)["gas"] <= ceiling["reshare"]
    for way, function, make, limit in (
        (1, "reportExitSigned", operations.signed_exit_report, ceiling["exit"]),
        (2, "triggerExit", operations.triggered_exit_report, ceiling["trigger"]),
        (3, "reportExitCall", operations.exit_call_report, ceiling["exit"]),
    ):
        request = Exit(key, tuple(last), way, 9 if way == 2 else 0)
        event = operations.govern("requestExit", request.as_abi())
        assert event["gas"] <= 72_000
        assert operations.transact(function, *make(event["number"], request))["gas"] <= limit
    _, identifier = operations.ask(Exit(key, tuple(last)))
    failure = operations.failure_report(identifier, 1, last)
    assert operations.transact("reportFailure", *failure)["gas"] <= 96_000
    _, identifier = operations.ask(Exit(key, tuple(last)))
    assert operations.govern("cancelRequest", identifier)["gas"] <= 32_000
    assert operations.govern("closeValidator", key, last)["gas"] <= 115_000


def test_the_code_and_the_deployment_fit():
    made = artefact("ValidatorOperations")
    assert made["runtimeSize"] + made["immutablesSize"] <= CODE_LIMIT
    assert len(made["bytecode"]) // 2 <= 2 * CODE_LIMIT
    assert Operations.begin(operators=False).deploy_gas < 4_700_000


def test_a_lost_race_is_cheap():
    operations = Operations.begin(ether=32)
    number, _ = operations.ask(Keygen())
    report = operations.keygen_report(number, Keygen(), Validator.of("one"))
    operations.transact("reportKeygen", *report)
    data = operations.data("reportKeygen", *report)
    receipt, _ = operations.registry._mine(operations.registry.anybody, bytes.fromhex(operations.address[2:]), data)
    assert receipt.state_root == b"" and receipt.gas_used < 46_000
