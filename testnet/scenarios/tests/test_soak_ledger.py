"""What a soak's ledger takes and what it tells."""

import json
import stat
from pathlib import Path

import pytest
from scenarios.soak.ledger import Ledger


def program(directory: Path, status: int) -> str:
    """Stands for the oracle: writes down its arguments and the claim, and ends with a status."""
    path = directory / "oracle"
    path.write_text(f'#!/bin/sh\necho "$@" >> {directory}/calls\ncat "$3" >> {directory}/claims\nexit {status}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    return Ledger(program(tmp_path, 0), tmp_path, may_halt=frozenset({4}))


def certificate(view: int, leader: int) -> dict:
    return {"epoch": 1, "view": view, "leader": leader, "signature": "0x02"}


def log(view: int, leader: str, block: str = "0xaa") -> dict:
    return {"view": view, "leader": leader, "block": 7, "blockHash": block, "transaction": "0x01", "log": {"data": "0x"}}


def test_one_leader_a_view_is_what_must_be(ledger):
    ledger.certificate("oracle 1", certificate(5, 2))
    ledger.certificate("oracle 2", certificate(5, 2))
    ledger.event("oracle 3", {"event": "viewEntered", "view": 5, "leader": 2})
    ledger.event("oracle 3", {"event": "electionCertified", "view": 6, "leader": 2})
    assert ledger.violations == []
    assert ledger.leaders == {5: 2, 6: 2}


@pytest.mark.parametrize("second", [
    lambda ledger: ledger.certificate("oracle 3", certificate(5, 3)),
    lambda ledger: ledger.event("oracle 3", {"event": "viewEntered", "view": 5, "leader": 3}),
    lambda ledger: ledger.event("oracle 3", {"event": "electionCertified", "view": 5, "leader": 3}),
], ids=["certificate", "view", "election"])
def test_two_leaders_of_one_view_are_told(ledger, second):
    ledger.certificate("oracle 1", certificate(5, 2))
    second(ledger)
    assert ledger.violations == ["oracle 3 says that 3 leads view 5, it was 2"]


def test_two_leaders_of_one_view_on_the_chain_are_told(ledger):
    ledger.log(log(5, "0xab"))
    ledger.log(log(5, "0xab", block="0xbb"))
    assert ledger.violations == []
    ledger.log(log(5, "0xcd"))
    assert len(ledger.violations) == 1


def test_a_conviction_is_told_for_all_are_honest(ledger):
    ledger.event("oracle 1", {"event": "convicted", "member": 3, "text": "oracle 3 is convicted: doubleVote"})
    assert ledger.violations == ["oracle 1 has convicted oracle 3: oracle 3 is convicted: doubleVote"]


def test_only_who_may_halt_may_and_not_for_another_process(ledger):
    ledger.event("oracle 4", {"event": "halted", "node": 4, "text": "stopped for good"})
    assert ledger.violations == []
    ledger.event("oracle 4", {"event": "halted", "node": 4, "reason": "identityElsewhere", "text": "another"})
    ledger.event("oracle 1", {"event": "halted", "node": 1, "text": "stopped for good"})
    assert len(ledger.violations) == 2


def test_each_certificate_and_each_log_is_verified_once(ledger, tmp_path):
    for _ in range(2):
        ledger.certificate("oracle 1", certificate(5, 2))
        ledger.certificate("oracle 2", certificate(6, 3))
        ledger.log(log(5, "0xab"))
        ledger.log(log(5, "0xab", block="0xbb"))
        ledger.verify()
    assert (ledger.verified, ledger.violations) == (4, [])
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 3, "two certificates, and the logs together"
    assert calls[0] == f"verify certificate {tmp_path}/claim.json --committee {tmp_path}/committee.json"
    assert (tmp_path / "claims").read_text().startswith(json.dumps(certificate(5, 2)))


def test_what_does_not_verify_is_told(tmp_path):
    ledger = Ledger(program(tmp_path, 1), tmp_path)
    ledger.certificate("oracle 1", certificate(5, 2))
    ledger.verify()
    assert ledger.verified == 0
    assert ledger.violations[0].startswith("the certificate of view 5 does not verify")
