"""What the testnet's commands know of operators and keep of them."""

import json
import os
import sys
from pathlib import Path

import pytest

from control import nodes, operators, papers, state, terminal
from control.process import Process
from control.state import Node, Operator
from control.summary import Summary
from control.waiting import LogReader, wait

@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(state, "RUN", tmp_path)
    monkeypatch.setattr(papers, "RUN", tmp_path)
    monkeypatch.setattr(state, "FILE", tmp_path / "testnet.json")
    return tmp_path


@pytest.fixture
def testnet(run):
    made = state.Testnet([Node(number) for number in range(1, 3)], None, "http://127.0.0.1:8545", {"registry": "0x1"})
    made.registry["chainId"] = 31337
    made.operators = [Operator(number) for number in range(1, 4)]
    made.operations = {"address": "0x2", "firstBlock": 7, "governor": "0x3"}
    made.beacon_url = "http://127.0.0.1:5052"
    return made


def test_operators_are_kept_between_commands_and_count_as_running(testnet):
    testnet.operators[1].process = Process(os.getpid(), int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19]))
    testnet.save()
    found = state.Testnet.load()
    assert [one.title for one in found.everybody] == ["oracle 1", "oracle 2", "operator 1", "operator 2", "operator 3"]
    assert (found.operations, found.running) == (testnet.operations, True)
    assert found.operator(2).alive and not found.operator(1).alive
    with pytest.raises(terminal.TestnetError, match="there is no operator 4; this testnet has 3"):
        found.operator(4)


def test_what_an_earlier_program_kept_is_read(testnet, run):
    testnet.save()
    kept = json.loads((run / "testnet.json").read_text())
    del kept["operators"], kept["operations"]
    (run / "testnet.json").write_text(json.dumps(kept))
    assert (state.Testnet.load().operators, state.Testnet.load().operations) == ([], {})


def test_an_operator_has_a_configuration_of_its_own(testnet):
    one = testnet.operators[2]
    one.directory.mkdir()
    nodes.write_configuration(one, "127.0.0.1:1", testnet.rpc, testnet.registry, "1s", operators.configuration(testnet, one))
    text = (one.directory / "oracle.yaml").read_text()
    assert "role: operator\noperator:\n  id: 3\n" in text
    assert f'operations:\n  address: "0x2"\n  firstBlock: 7\n' in text
    assert "role" not in operators.configuration(testnet, testnet.nodes[0])


def test_files_are_gathered_from_all_each_content_once_and_verified_alone(testnet, run, monkeypatch):
    request, key = bytes(range(32)), bytes(48)
    program = run / "program"
    program.write_text(f"#!{sys.executable}\n" + Path(__file__).with_name("program.py").read_text())
    program.chmod(0o755)
    for node in testnet.everybody[:4]:
        folder = node.files / request.hex() / "attempt-2"
        folder.mkdir(parents=True)
        (folder / "transcript.ssz").write_text(f"transcript.ssz {request.hex()} 1")
        (folder / "exit.json").write_text(f"exit.json {request.hex()} {1 if node.number == 1 else 2}")
    told_by_beacon = {"name": "development"}
    monkeypatch.setattr(
        papers, "BeaconView", lambda url: type("Beacon", (), {"network": lambda self: told_by_beacon})())
    kept = papers.Papers(str(program), testnet)
    left = papers.Left(request, ("exit.json",), 1, key)
    found = kept.gather(left, 0.2)
    assert sorted(file.name for file in found) == [
        "oracle-1-exit.json", "oracle-1-transcript.ssz", "oracle-2-exit.json"]
    told = sorted(kept.verify(file, left) for file in found)
    assert told[0] == "00010203…/oracle-1-exit.json: exit.json, 2 checks hold"
    assert told[1] == "00010203…/oracle-1-transcript.ssz: keygen done again, 1 signed by the group"
    found[0].write_text("transcript.ssz false 1")
    with pytest.raises(terminal.TestnetError, match="does not hold: signature 2 is wrong"):
        kept.verify(found[0], left)
    found[0].write_text("more words than the program can take")
    with pytest.raises(terminal.TestnetError, match="(?s)does not hold: .*ValueError"):
        kept.verify(found[0], left)
    missing = "oracle 1 has transcript.ssz, keyshares.json of request 00010203…, with 1 signed .*: not within 0 s; look at"
    with pytest.raises(terminal.TestnetError, match=missing):
        kept.gather(papers.Left(request, ("keyshares.json",), 1), 0.2)
    with pytest.raises(terminal.TestnetError, match="with 3 signed by the group: not within"):
        kept.gather(papers.Left(request, ("exit.json",), 3, key), 0.2)


def test_waiting_gives_what_was_found_or_says_where_to_look():
    answers = iter([None, 0, "found"])
    assert wait("something", lambda: next(answers), 5, "nowhere", pause=0) == "found"
    with pytest.raises(terminal.TestnetError, match="the door opens: not within 0 s; look at the hinges"):
        wait("the door opens", lambda: None, 0.01, "the hinges")


def test_a_log_is_read_from_where_it_ends_in_whole_lines(testnet):
    node = testnet.nodes[0]
    assert LogReader(node).lines() == []
    node.directory.mkdir()
    node.log.write_text("old\n")
    reader = LogReader(node)
    with open(node.log, "a") as log:
        log.write("one\ntw")
        log.flush()
        assert reader.lines() == ["one"]
        log.write("o\n")
        log.flush()
        assert (reader.lines(), reader.lines()) == (["two"], [])


def test_the_summary_has_a_line_for_all_that_was_seen(capsys):
    summary = Summary()
    summary.add("3 keys made", "leader 2 killed", 12.34)
    summary.add("validator 1 shared anew", "same key", 5)
    summary.show()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines if line.startswith("✓")] == ["✓ 3 keys made", "✓ validator 1 shared anew"]
    assert lines[-1].split() == ["all", "of", "it", "17.3"]
