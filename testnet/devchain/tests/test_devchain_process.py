"""The process: how it starts, what it keeps, how it ends."""

import contextlib
import signal
import socket
import sqlite3
import time
from pathlib import Path

import pytest
from eth_utils import to_canonical_address

from devchain.client import RpcFailure, Unreachable

from node import Node, refusal, start_fails

SOMEBODY = to_canonical_address("0x00000000000000000000000000000000000000aa")
FIXED = ("--no-automine", "--genesis-time", "1700000000", "--time-step", "12")


def pay(node: Node, value: int = 1) -> str:
    sender = node.sender(0)
    return sender.send(sender.sign(SOMEBODY, value=value, gas=21_000))


def all_blocks(node: Node) -> list:
    return [node.rpc("eth_getBlockByNumber", hex(number), True) for number in range(node.head() + 1)]


def test_the_ready_line_tells_all_a_client_needs():
    with Node("--accounts", "3", "--chain-id", "99", "--replica", "slow:0:2") as node:
        ready = node.ready
        assert (ready["ready"], ready["chainId"], ready["head"], len(ready["accounts"])) == (True, 99, 0, 3)
        assert node.rpc("eth_chainId") == hex(99)
        assert node.rpc("eth_getBlockByNumber", "0x0", False)["hash"] == ready["genesis"]
        assert list(ready["urls"]) == ["main", "slow"]
        assert node.endpoint("slow")("eth_blockNumber") == "0x0"
        for account in ready["accounts"]:
            assert node.rpc("eth_getBalance", account["address"]) == hex(10**24)
        sent = pay(node)  # automine
        assert node.rpc("eth_getTransactionReceipt", sent)["status"] == "0x1"
        assert node.head() == 1
        status, errors = node.stop(signal.SIGTERM)
        assert (status, errors) == (0, "")


def test_it_ends_with_its_input():
    with Node("--until-eof") as node:
        node.process.stdin.write("what is written there means nothing\n")
        node.process.stdin.flush()
        node.mine()
        _, errors = node.process.communicate(timeout=10)  # closes it
        assert (node.process.returncode, errors) == (0, "")


def test_an_input_that_is_at_its_end_matters_only_when_asked_for():
    with Node() as node:
        node.mine()
        assert node.stop() == (0, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_can_be_ended_where_its_parent_blocked_the_signals(number):
    with Node(blocks_signals=True) as node:
        assert node.stop(number) == (0, "")


def test_a_hanging_client_does_not_hold_up_the_end():
    with Node("--replica", "stuck:0:0") as node:
        node.rpc("dev_setFault", "stuck", {"mode": "hang"})
        address = node.ready["urls"]["stuck"].removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1]))) as client:
            body = b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'
            client.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            while not node.rpc("dev_stats")["calls"]["main"]:
                pass
            began = time.monotonic()
            assert node.stop(signal.SIGINT) == (0, "")
            assert time.monotonic() - began < 5


def test_equal_flags_and_requests_give_equal_blocks():
    chains = []
    for _ in range(2):
        with Node(*FIXED) as node:
            pay(node)
            node.mine(2)
            node.rpc("dev_reorg", {"depth": 1})
            pay(node, 2)
            node.mine()
            chains.append(all_blocks(node))
    assert chains[0] == chains[1]
    assert [int(block["timestamp"], 16) for block in chains[0][:3]] == [1700000000, 1700000012, 1700000013]


def test_blocks_come_by_the_clock():
    with Node("--interval", "0.1") as node:
        sent = pay(node)
        node.sender(0).wait(sent)
        stamps = [int(block["timestamp"], 16) for block in all_blocks(node)]
        assert stamps == sorted(set(stamps))
        node.rpc("evm_setIntervalMining", 0)
        head = node.head()
        time.sleep(0.3)
        assert node.head() == head


def test_a_restart_goes_on_with_the_same_chain(tmp_path: Path):
    flags = (*FIXED, "--data", str(tmp_path))
    with Node(*flags) as node:
        sent = pay(node)
        node.mine(2)
        orphan = node.rpc("eth_getBlockByNumber", "latest", False)["hash"]
        node.rpc("dev_reorg", {"depth": 1})
        before, waiting = all_blocks(node), pay(node)
        receipt = node.rpc("eth_getTransactionReceipt", sent)
        assert node.stop() == (0, "")
    for number in (signal.SIGKILL, signal.SIGTERM):
        with Node(*flags) as node:
            assert node.ready["head"] == 3 and node.ready["genesis"] == before[0]["hash"]
            assert all_blocks(node) == before
            assert node.rpc("eth_getTransactionReceipt", sent) == receipt
            assert node.rpc("eth_getBlockByHash", orphan, False)["hash"] == orphan
            assert node.rpc("eth_getTransactionByHash", waiting) is None  # the pool is not kept
            assert node.rpc("eth_getBalance", "0x" + SOMEBODY.hex()) == "0x1"
            node.stop(number)
    with Node(*flags) as node:
        pay(node)
        node.mine()
        assert node.rpc("eth_getBalance", "0x" + SOMEBODY.hex()) == "0x2"
        assert node.head() == 4


def test_a_killed_process_has_lost_no_block_it_told_of(tmp_path: Path):
    with Node("--no-automine", "--data", str(tmp_path)) as node:
        hashes = []
        for _ in range(20):
            pay(node)
            node.mine()
            hashes.append(node.rpc("eth_getBlockByNumber", "latest", False)["hash"])
        node.stop(signal.SIGKILL)
    with Node("--no-automine", "--data", str(tmp_path)) as node:
        assert [block["hash"] for block in all_blocks(node)][1:] == hashes


@pytest.mark.parametrize("flags", [("--no-automine",), ("--interval", "0.01")], ids=["asked", "by the clock"])
def test_a_disk_that_cannot_be_written_ends_the_process(tmp_path: Path, flags):
    with Node(*flags, "--data", str(tmp_path), largest_file=200_000) as node:
        told = 0
        try:
            while True:
                if "--no-automine" in flags:
                    node.mine()
                told = node.head()
        except (RpcFailure, Unreachable):
            pass
        status, errors = node.process.wait(timeout=10), node.process.stderr.read()
        assert status == 1 and "cannot go on" in errors and "Traceback" not in errors
    with Node("--no-automine", "--data", str(tmp_path)) as node:
        assert node.ready["head"] >= told > 0


def test_two_processes_do_not_share_a_directory(tmp_path: Path):
    with Node("--data", str(tmp_path)):
        assert "another development chain is running on it" in start_fails("--port", "0", "--data", str(tmp_path))


def test_a_directory_of_another_chain_is_refused(tmp_path: Path):
    with Node("--data", str(tmp_path)):
        pass
    said = start_fails("--port", "0", "--data", str(tmp_path), "--chain-id", "5", "--accounts", "7")
    assert "holds another chain: chain_id 31337 there, 5 asked for, accounts 10 there, 7 asked for" in said


def test_a_damaged_directory_is_refused(tmp_path: Path):
    with Node(*FIXED, "--data", str(tmp_path)) as node:
        node.mine(3)
    file = tmp_path / "chain.sqlite"
    intact = file.read_bytes()
    flags = ("--port", "0", *FIXED, "--data", str(tmp_path))

    def put(content: bytes) -> None:
        # A write-ahead log left by the start before would bring the last damage back.
        for suffix in ("-wal", "-shm", "-journal"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        file.write_bytes(content)

    def edit(statement: str) -> None:
        put(intact)
        with contextlib.closing(sqlite3.connect(file)) as connection, connection:
            assert connection.execute(statement).rowcount > 0, statement

    for statement in (
        "UPDATE blocks SET block = x'c0'",
        "UPDATE meta SET value = 'zz' WHERE name = 'head'",
        "UPDATE meta SET value = hex(zeroblob(32)) WHERE name = 'head'",
        "DELETE FROM nodes",
        "UPDATE nodes SET value = x'00'",
        "UPDATE blocks SET receipts = x'c0ff'",
        "UPDATE meta SET value = '{}' WHERE name = 'config'",
        "UPDATE meta SET value = '9' WHERE name = 'finalized'",
        "DELETE FROM meta WHERE name = 'head'",
        "UPDATE blocks SET hash = randomblob(32)",
    ):
        edit(statement)
        assert "damaged" in start_fails(*flags), statement
    for content in (b"not a database at all" * 100, intact[:5000], intact[:4096] + b"\xff" * 8000):
        put(content)
        assert "damaged" in start_fails(*flags)
    put(intact)
    with Node(*FIXED, "--data", str(tmp_path)) as node:
        assert node.ready["head"] == 3


def test_what_cannot_start_says_why(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"port {port} on 127.0.0.1 is in use" in start_fails("--port", port)
        assert f"port {port} on 127.0.0.1 is in use" in start_fails("--port", "0", "--replica", f"b:{port}:0")
    (tmp_path / "file").write_text("")
    (tmp_path / "alloc.json").write_text('{"0x12": {}}')
    for flags, words in (
        (("--replica", "x"), "expected NAME:PORT:LAG"),
        (("--replica", "main:0:0"), "one name"),
        (("--port", "70000"), "no port"),
        (("--chain-id", "0"), "--chain-id 0 is not within"),
        (("--data", str(tmp_path / "file")), "File exists"),
        (("--alloc", "/nowhere"), "No such file"),
        (("--alloc", str(tmp_path / "alloc.json")), "0x12 is no address"),
        (("--host", "192.0.2.1"), "cannot listen on 192.0.2.1"),
    ):
        assert words in start_fails("--port", "0", *flags) if "--port" not in flags else start_fails(*flags)


def test_the_clock_may_be_moved(node):
    head = int(node.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
    node.rpc("evm_setNextBlockTimestamp", head + 1000)
    node.mine()
    assert int(node.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16) == head + 1000
    node.rpc("evm_mine", {"timestamp": hex(head + 2000)})
    assert int(node.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16) == head + 2000
    assert "is not after the head's" in refusal(node.rpc, "evm_mine", head).message
    assert "is not after the head's" in refusal(node.rpc, "evm_setNextBlockTimestamp", head).message
    node.rpc("evm_increaseTime", 100_000)
    node.mine()
    assert int(node.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16) >= int(time.time()) + 99_000
