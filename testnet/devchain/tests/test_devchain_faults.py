"""Every fault as a client sees it, and that it strikes what it was told to."""

import http.client
import json
import time
from urllib.parse import urlsplit

import pytest

from devchain.faults import MODES

from node import Node, refusal


def raw(node: Node, method: str = "eth_blockNumber", timeout: float = 3, body=None):
    """Status, headers and body of one request at the endpoint `flaky`."""
    connection = http.client.HTTPConnection(urlsplit(node.ready["urls"]["flaky"]).netloc, timeout=timeout)
    message = body or {"jsonrpc": "2.0", "id": 1, "method": method, "params": []}
    try:
        connection.request("POST", "/", json.dumps(message), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def fault(node: Node, **options) -> None:
    node.rpc("dev_setFault", "flaky", options)


def test_server_errors(node):
    fault(node, mode="http500")
    assert raw(node)[0] == 500
    fault(node, mode="http429")
    status, headers, _ = raw(node)
    assert (status, headers["Retry-After"]) == (429, "1")
    fault(node, mode="garbage")
    status, headers, body = raw(node)
    assert status == 200 and body.startswith(b"<html>") and headers["Content-Type"].startswith("text/html")


def test_broken_connections(node):
    fault(node, mode="drop")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        raw(node)
    fault(node, mode="truncated")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        raw(node)
    fault(node, mode="hang")
    with pytest.raises(TimeoutError):
        raw(node, timeout=0.3)


def test_a_slow_answer_is_an_answer(node):
    fault(node, mode="slow", delay=0.2)
    began = time.monotonic()
    assert json.loads(raw(node)[2])["result"]
    assert time.monotonic() - began >= 0.2


def test_a_lost_reply_was_executed_and_a_dropped_request_was_not(node):
    for mode, executed in (("lost_reply", 1), ("drop", 0)):
        fault(node, mode=mode, methods=["web3_sha3"])
        before = node.rpc("dev_stats")["calls"]["flaky"].get("web3_sha3", 0)
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            raw(node, "web3_sha3")
        assert node.rpc("dev_stats")["calls"]["flaky"].get("web3_sha3", 0) == before + executed


def test_a_lie_about_the_chain(node):
    fault(node, mode="wrong_chain", chainId=5)
    flaky = node.endpoint("flaky")
    assert (flaky("eth_chainId"), flaky("net_version")) == ("0x5", "5")
    assert flaky("eth_blockNumber") == node.rpc("eth_blockNumber")
    assert node.rpc("eth_chainId") == "0x7a69"


def test_any_answer_and_any_error_may_be_put_in_a_methods_mouth(node):
    flaky = node.endpoint("flaky")
    fault(node, mode="lie", methods=["eth_getLogs"], result=[])
    assert flaky("eth_getLogs", {"fromBlock": "nonsense"}) == []
    assert flaky("eth_chainId") == "0x7a69"
    fault(node, mode="error", methods=["eth_call"], code=-32011, message="no backend is currently healthy")
    failure = refusal(flaky, "eth_call", {}, "latest")
    assert (failure.code, failure.message) == (-32011, "no backend is currently healthy")


def test_a_fault_strikes_the_methods_it_names_as_often_as_it_is_told(node):
    fault(node, mode="http500", methods=["eth_chainId"], left=2)
    assert raw(node)[0] == 200
    assert [raw(node, "eth_chainId")[0] for _ in range(4)] == [500, 500, 200, 200]


def test_a_batch_is_struck_when_one_of_its_requests_is(node):
    fault(node, mode="http500", methods=["eth_chainId"])
    batch = [
        {"jsonrpc": "2.0", "id": i, "method": m, "params": []} for i, m in enumerate(("net_version", "eth_chainId"))
    ]
    assert raw(node, body=batch)[0] == 500
    fault(node, mode="lie", methods=["eth_chainId"], result="0x1")
    assert [reply["result"] for reply in json.loads(raw(node, body=batch)[2])] == ["31337", "0x1"]


def test_control_methods_are_never_struck(node):
    fault(node, mode="http500")
    assert raw(node, "dev_stats")[0] == 200
    assert node.endpoint("flaky")("dev_setFault", "flaky", None) is True
    assert raw(node)[0] == 200


@pytest.mark.parametrize(
    "options",
    [
        {"mode": "nothing"},
        {"left": 1},
        {"mode": "http500", "left": -1},
        [1],
        "http500",
        {"mode": "http500", "methods": "eth_call"},
        {"mode": "slow", "delay": "x"},
        {"mode": "http500", "more": 1},
        {"mode": "slow", "delay": 1e9},
    ],
    ids=str,
)
def test_an_unclear_fault_is_refused(node, options):
    assert refusal(node.rpc, "dev_setFault", "flaky", options).code == -32602


def test_the_endpoint_must_exist(node):
    assert (
        "no endpoint 'other'; there are main, lagging, flaky" in refusal(node.rpc, "dev_setFault", "other", {}).message
    )
    assert refusal(node.rpc, "dev_setView", "flaky", {"nothing": 1}).code == -32602


def test_every_mode_has_a_test():
    text = open(__file__).read()
    assert all(f'mode="{mode}"' in text or f'("{mode}"' in text for mode in MODES)
