"""A development chain as a process of its own, and what the tests do over its RPC."""

import contextlib
import io
import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from eth_abi import decode, encode
from eth_utils import to_canonical_address

from devchain.__main__ import main
from devchain.accounts import dev_key
from devchain.client import Rpc, RpcFailure, Sender, SignedTransaction

from frost import GroupKey
from registry import ARTEFACT, FUNCTIONS, abi_type, approve, cards, digest, group, members_hash, people, threshold_of

TESTNET = Path(__file__).resolve().parents[2]
TRANSCRIPT = b"\x07" * 32


class Node:
    """`python -m devchain` on free ports, stopped with the block."""

    def __init__(self, *flags: str, largest_file: int | None = None, blocks_signals: bool = False) -> None:
        def limit() -> None:
            if largest_file is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
            if blocks_signals:
                signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())

        self.process = subprocess.Popen(
            [sys.executable, "-m", "devchain", "--port", "0", *flags],
            cwd=TESTNET,
            stdin=subprocess.PIPE if "--until-eof" in flags else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit,
        )
        assert self.process.stdout is not None and self.process.stderr is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("no ready line: " + self.process.stderr.read())
        self.ready: dict[str, Any] = json.loads(line)
        self.rpc = Rpc(self.ready["urls"]["main"], timeout=20)

    def endpoint(self, name: str, timeout: float = 20) -> Rpc:
        return Rpc(self.ready["urls"][name], timeout)

    def sender(self, index: int, rpc: Rpc | None = None) -> Sender:
        return Sender(rpc or self.rpc, dev_key(index), patience=10)

    def mine(self, blocks: int = 1) -> None:
        self.rpc("evm_mine", {"blocks": blocks})

    def head(self) -> int:
        return int(self.rpc("eth_blockNumber"), 16)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """The exit status, and what was written to standard error."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            _, errors = self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return self.process.returncode, errors

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()


def start_fails(*flags: str) -> str:
    """What a start with these flags says when it refuses."""
    said, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(told):
        status = main(list(flags))
    assert (status, told.getvalue()) == (2, "")
    return said.getvalue()


def refusal(call: Any, *arguments: Any, **options: Any) -> RpcFailure:
    """The error that a call is answered with."""
    try:
        result = call(*arguments, **options)
    except RpcFailure as failure:
        return failure
    raise AssertionError(f"was answered with {result}")


class RemoteRegistry:
    """A registry with an active committee of four, over RPC, on a chain that mines on request."""

    def __init__(self, node: Node) -> None:
        self.node = node
        governor = node.sender(0)
        creation = bytes.fromhex(ARTEFACT["bytecode"][2:]) + encode(
            ["address", "uint64"], [governor.key.public_key.to_checksum_address(), 1000]
        )
        self.address: str = self._mined(governor, b"", creation)["contractAddress"]
        self.members, self.key = people(4), group(4, "remote")
        self._mined(governor, self.address, self.data("proposeCommittee", cards(self.members)))
        self._mined(node.sender(1), self.address, self.data("registerGroupKey", *self._registration()))
        node.mine(3)  # so that the endpoint that lags sees the committee

    def _mined(self, sender: Sender, to: bytes | str, data: bytes) -> dict[str, Any]:
        sent = sender.send(sender.sign(to if isinstance(to, bytes) else to_canonical_address(to), data))
        self.node.mine()
        receipt = sender.wait(sent)
        assert receipt["status"] == "0x1"
        return receipt

    def _registration(self) -> list[Any]:
        listed = cards(self.members)
        message = digest(
            "GroupKey",
            31337,
            self.address,
            {
                "epoch": 1,
                "groupKeyX": self.key.x,
                "parity": self.key.parity,
                "threshold": threshold_of(4),
                "size": 4,
                "membersHash": members_hash(listed),
                "transcript": TRANSCRIPT,
            },
        )
        approvals = [approve(member.key, message, place) for place, member in enumerate(self.members[:3], 1)]
        return [1, self.key.x, self.key.parity, TRANSCRIPT, listed, self.key.sign(message).as_abi(), approvals]

    @staticmethod
    def data(function: str, *arguments: Any) -> bytes:
        types = [abi_type(item) for item in FUNCTIONS[function]["inputs"]]
        return bytes.fromhex(ARTEFACT["selectors"][f"{function}({','.join(types)})"][2:]) + encode(types, arguments)

    def election(self, view: int, key: GroupKey | None = None) -> bytes:
        """The call data of a valid election of the first member."""
        leader = self.members[0].account
        message = digest("Election", 31337, self.address, {"epoch": 1, "viewNumber": view, "leader": leader})
        return self.data("elect", 1, view, leader, (key or self.key).sign(message).as_abi())

    def signed(self, sender: Sender, view: int, **options: Any) -> SignedTransaction:
        return sender.sign(to_canonical_address(self.address), self.election(view), gas=60_000, **options)

    def elect(self, sender: Sender, view: int, **options: Any) -> str:
        return sender.send(self.signed(sender, view, **options))

    def call(self, data: bytes, rpc: Rpc | None = None, tag: Any = "latest") -> bytes:
        return bytes.fromhex(
            (rpc or self.node.rpc)("eth_call", {"to": self.address, "data": "0x" + data.hex()}, tag)[2:]
        )

    def view(self, rpc: Rpc | None = None, tag: Any = "latest") -> int:
        return decode(["uint64"], self.call(self.data("currentView"), rpc, tag))[0]

    def elections(self, **query: Any) -> list[dict[str, Any]]:
        topic = next(t for s, t in ARTEFACT["topics"].items() if s.startswith("LeaderElected("))
        return self.node.rpc("eth_getLogs", {"address": self.address, "topics": [topic], **query})
