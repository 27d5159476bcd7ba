"""What a client of a real chain meets, each provoked once: races, lost and stuck transactions, stale nodes."""

import pytest
from eth_utils import to_canonical_address, to_checksum_address

from devchain.client import Rpc, RpcFailure, Unreachable

from node import Node, RemoteRegistry, refusal

GWEI = 10**9


def receipt(node: Node, sent: str):
    return node.rpc("eth_getTransactionReceipt", sent)


def nonce(sender, tag: str = "latest", rpc: Rpc | None = None) -> int:
    return int((rpc or sender.rpc)("eth_getTransactionCount", to_checksum_address(sender.address), tag), 16)


def test_two_submit_one_view_and_the_higher_tip_wins(remote: RemoteRegistry):
    node, call = remote.node, remote.election(1)
    first, second = remote.elect(node.sender(2), 1), remote.elect(node.sender(3), 1, tip=2 * GWEI)
    assert remote.call(call) == b""  # the check before sending passes for both
    node.mine()
    lost, won = receipt(node, first), receipt(node, second)
    assert (won["status"], lost["status"]) == ("0x1", "0x0")
    assert int(lost["gasUsed"], 16) < 28_000 and lost["logs"] == []
    assert refusal(remote.call, call).message == "execution reverted: STALE_VIEW"
    assert len(remote.elections(fromBlock="0x0")) == 1


def test_a_reorganisation_takes_an_election_back(remote: RemoteRegistry):
    node = remote.node
    sent = remote.elect(node.sender(2), 2)
    node.mine(2)
    was = receipt(node, sent)
    assert remote.view() == 2
    node.rpc("dev_reorg", {"depth": 2})
    assert receipt(node, sent) is None and remote.view() == 0
    assert node.rpc("eth_getTransactionByHash", sent)["blockNumber"] is None  # it waits again
    orphan = remote.elections(blockHash=was["blockHash"])
    assert len(orphan) == 1  # a node still answers for the orphan by its hash
    assert node.rpc("eth_getBlockByNumber", was["blockNumber"], False)["hash"] != was["blockHash"]
    assert remote.elections(fromBlock=was["blockNumber"]) == []
    node.mine()
    assert receipt(node, sent)["status"] == "0x1" and remote.view() == 2


def test_a_reorganisation_may_lose_the_transaction_for_good(remote: RemoteRegistry):
    node, sender = remote.node, remote.node.sender(2)
    before = nonce(sender)
    signed = remote.signed(sender, 3)
    sent = sender.send(signed)
    node.mine()
    node.rpc("dev_reorg", {"depth": 1, "drop": [sent]})
    node.mine()
    assert receipt(node, sent) is None and node.rpc("eth_getTransactionByHash", sent) is None
    assert nonce(sender) == before
    assert sender.send(signed) == sent  # the same bytes serve again
    node.mine()
    assert remote.view() == 3


def test_a_reorganisation_below_the_finalized_block_is_refused(remote: RemoteRegistry):
    node = remote.node
    node.mine(10)
    finalized = node.rpc("eth_getBlockByNumber", "finalized", False)
    assert "finalized" in refusal(node.rpc, "dev_reorg", {"depth": 9}).message
    node.rpc("dev_reorg", {"depth": 8})
    assert node.rpc("eth_getBlockByNumber", finalized["number"], False) == finalized


def test_a_stuck_transaction_blocks_the_nonces_behind_it(remote: RemoteRegistry):
    node, sender = remote.node, remote.node.sender(2)
    first = nonce(sender)
    base_fee = int(node.rpc("eth_getBlockByNumber", "latest", False)["baseFeePerGas"], 16)
    stuck = remote.elect(sender, 1, nonce=first, tip=1, max_fee=base_fee // 3)
    behind = remote.elect(sender, 2, nonce=first + 1)
    node.mine()
    assert receipt(node, stuck) is None and receipt(node, behind) is None
    assert (nonce(sender), nonce(sender, "pending")) == (first, first + 2)
    raised = base_fee // 3 * 2
    assert (
        refusal(lambda: remote.elect(sender, 1, nonce=first, tip=1, max_fee=raised)).message
        == "replacement transaction underpriced"
    )
    bumped = remote.elect(sender, 1, nonce=first, tip=GWEI, max_fee=3 * base_fee)
    node.mine()
    assert receipt(node, bumped)["status"] == "0x1" and receipt(node, stuck) is None
    assert receipt(node, behind)["status"] == "0x1" and remote.view() == 2


def test_a_nonce_gap_is_accepted_and_never_mined(remote: RemoteRegistry):
    node, sender = remote.node, remote.node.sender(2)
    first = nonce(sender)
    gap = sender.send(sender.sign(to_canonical_address(remote.address), gas=21_000, nonce=first + 3))
    node.mine(2)
    assert receipt(node, gap) is None
    assert nonce(sender, "pending") == first
    assert node.rpc("txpool_status") == {"pending": "0x0", "queued": "0x1"}


def test_a_lost_reply_is_found_out_by_the_hash(remote: RemoteRegistry):
    node = remote.node
    flaky = node.endpoint("flaky", timeout=3)
    node.rpc("dev_setFault", "flaky", {"mode": "lost_reply", "methods": ["eth_sendRawTransaction"], "left": 1})
    sender = node.sender(2)
    signed = remote.signed(sender, 5)
    with pytest.raises(Unreachable):
        flaky("eth_sendRawTransaction", "0x" + signed.raw.hex())
    assert refusal(sender.send, signed).message == "already known"
    node.mine()
    assert receipt(node, "0x" + signed.hash.hex())["status"] == "0x1"
    assert refusal(sender.send, signed).message.startswith("nonce too low: next nonce ")


def test_a_lagging_node_is_wrong_about_everything_recent(remote: RemoteRegistry):
    node, lagging = remote.node, remote.node.endpoint("lagging")
    sender = node.sender(2)
    before = nonce(sender)
    sent = remote.elect(sender, 6)
    assert nonce(sender, "pending", lagging) == before  # it does not see the pool
    assert lagging("eth_getTransactionByHash", sent) is None
    node.mine()
    assert int(lagging("eth_blockNumber"), 16) == node.head() - 3
    assert nonce(sender) == before + 1 and nonce(sender, rpc=lagging) == before
    assert lagging("eth_getTransactionReceipt", sent) is None
    assert (remote.view(), remote.view(lagging)) == (6, 0)
    assert remote.call(remote.election(6), lagging) == b""  # it would elect the view again
    assert lagging("eth_getBlockByNumber", hex(node.head()), False) is None
    head = node.rpc("eth_getBlockByNumber", "latest", False)["hash"]
    assert lagging("eth_getBlockByHash", head, False) is None
    node.mine(3)
    assert lagging("eth_getTransactionReceipt", sent)["status"] == "0x1"


def test_a_node_may_stop_following(remote: RemoteRegistry):
    node, flaky = remote.node, remote.node.endpoint("flaky")
    node.rpc("dev_setView", "flaky", {"frozen": True})
    stopped = flaky("eth_blockNumber")
    node.mine(5)
    assert flaky("eth_blockNumber") == stopped != node.rpc("eth_blockNumber")
    assert flaky("eth_getBlockByNumber", "latest", False)["number"] == stopped
    node.rpc("dev_setView", "flaky", {"frozen": False})
    assert flaky("eth_blockNumber") == node.rpc("eth_blockNumber")


def test_logs_are_limited_and_halving_gets_through(remote: RemoteRegistry):
    node = remote.node
    for view in (1, 2, 3):
        remote.elect(node.sender(2), view)
        node.mine(4)
    node.rpc("dev_setView", "main", {"maxLogRange": 5})
    limit = refusal(remote.elections, fromBlock="0x0")
    assert (limit.code, limit.message) == (-32005, "query exceeds max block range 5")

    def halve(first: int, last: int) -> list:
        try:
            return remote.elections(fromBlock=hex(first), toBlock=hex(last))
        except RpcFailure as failure:
            assert failure.code == -32005 and first < last
            middle = (first + last) // 2
            return halve(first, middle) + halve(middle + 1, last)

    assert [int(log["topics"][2], 16) for log in halve(0, node.head())] == [1, 2, 3]
    node.rpc("dev_setView", "main", {"maxLogRange": 10_000, "maxLogs": 2})
    assert refusal(remote.elections, fromBlock="0x0").message == "query returned more than 2 results"
