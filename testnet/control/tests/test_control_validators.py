"""The story of validators on a real chain and a real beacon chain, with one process in the place of all that hold keys."""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

import pytest

from control import governor, inspect, launch, operators, papers, state, terminal, validators
from control.process import Process
from control.state import Node, Operator
from devchain import operations
from devchain.accounts import dev_key
from devchain.client import Rpc

from committee import Committee, registry_with_key

PROGRAM = Path(__file__).with_name("program.py")


def card(number: int) -> dict:
    identity, shares = bytes([number] * 32).hex(), bytes([number + 100] * 32).hex()
    account = dev_key(5).public_key.to_checksum_address()
    return {"id": number, "account": account, "identity": identity, "sharesKeyHash": shares, "endpoint": "127.0.0.1:1"}


@pytest.fixture
def testnet(tmp_path, monkeypatch):
    for module in (state, launch, papers, operators, governor):
        monkeypatch.setattr(module, "RUN", tmp_path)
    monkeypatch.setattr(state, "FILE", tmp_path / "testnet.json")
    made = state.Testnet([Node(number) for number in range(1, 5)], None, "", {})
    try:
        made.chain, ready = launch.start_chain(0, 0.5)
        made.rpc = ready["urls"]["main"]
        made.beacon, ready = launch.start_beacon(made.rpc, 0, epoch=1.0)
        made.beacon_url = ready["url"]
        made.registry, key = registry_with_key(Rpc(made.rpc))
        cards = tmp_path / "operators.json"
        cards.write_text(json.dumps([card(number) for number in range(1, 7)]))
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            assert operations.main([
                "--rpc", made.rpc, "--registry", made.registry, "--operators", str(cards), "--fund", "97"]) == 0
        made.operations = json.loads(told.getvalue())
        made.operators = [Operator(number) for number in range(1, 7)]
        for node in made.nodes:
            (node.directory / "data").mkdir(parents=True)
            account = dev_key(3 if node.number == 2 else 6).public_key.to_checksum_address()
            (node.directory / "data" / node.card).write_text(json.dumps({"account": account}))
            node.log.write_text("")
        yield made, key
    finally:
        made.stop()


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "program"
    file.write_text(f"#!{sys.executable}\n{PROGRAM.read_text() % Path(launch.__file__).parents[1]}")
    file.chmod(0o755)
    return str(file)


def test_three_validators_are_made_and_two_leave_or_the_story_ends_with_an_error(testnet, program, monkeypatch, capsys):
    testnet, key = testnet
    killed, restarted = [], []

    class Oracle(Process):
        def __init__(self, number):
            super().__init__(os.getpid(), 0)
            self.number = number

        def send(self, signal):
            killed.append((self.number, signal))

    for node in testnet.nodes:
        node.process = Oracle(node.number)
    monkeypatch.setattr(inspect, "leader", lambda _: testnet.node(2 if killed else 1))
    monkeypatch.setattr(inspect, "status", lambda node, timeout=2.0: {
        "isReady": True, "view": 2 if killed else 1, "anchoredView": 2 if killed else 1, "links": []})
    monkeypatch.setattr(validators.failover, "wait_until_settled", lambda _: None)
    monkeypatch.setattr(launch, "start_node", lambda program, node: restarted.append(node.number))
    monkeypatch.setattr(testnet, "save", lambda: None)
    committee = Committee(testnet, key)
    try:
        summary = validators.Story(program, testnet, 3).tell()
    except terminal.TestnetError as error:
        raise AssertionError(f"{error}; the committee: {committee.error!r}") from error
    finally:
        committee.close()
        for node in testnet.nodes:
            node.process = None
    assert (killed, restarted, committee.error) == ([(1, 9)], [1], None)
    summary.show()
    told = capsys.readouterr().out
    assert "leader 1 killed in the ceremony, reported by oracle 2" in told
    assert "validator 3 leaves by the contract" in told
    # Of three requests that had a ceremony, what all oracles keep of it once.
    assert "8 different files" in told
    assert len([line for line in told.splitlines() if line.startswith("✓")]) == 8
    assert "$ oracle ops reshare --key 0x" in told


def test_what_the_governor_is_refused_or_does_not_understand_ends_the_story(testnet, program):
    testnet, _ = testnet
    who = governor.Governor(program, testnet)
    with pytest.raises(terminal.TestnetError, match="oracle ops exit --key 0x.*: .*UNKNOWN_KEY"):
        who.exit(bytes(48), "withdrawal", 5)
    with pytest.raises(terminal.TestnetError, match="answers with something else: nothing"):
        who.exit(bytes(48), "nothing")
