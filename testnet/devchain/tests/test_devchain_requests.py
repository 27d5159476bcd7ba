"""JSON-RPC's forms, answered as geth answers them, and the limits of what is read."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from devchain.server import MAX_BATCH, MAX_BODY

from node import Node, refusal


def post(node: Node, body: bytes, headers: dict[str, str] | None = None, verb: str = "POST"):
    connection = http.client.HTTPConnection(urlsplit(node.rpc.url).netloc, timeout=10)
    try:
        connection.request(verb, "/", body, {"Content-Type": "application/json", **(headers or {})})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def ask(node: Node, message) -> dict:
    return json.loads(post(node, json.dumps(message).encode())[1])


def request(method: str, *params, identifier=1) -> dict:
    return {"jsonrpc": "2.0", "id": identifier, "method": method, "params": list(params)}


def test_a_request_is_answered_under_its_own_identifier(node):
    for identifier in (1, "a string", None, 2**60):
        reply = ask(node, request("eth_chainId", identifier=identifier))
        assert reply == {"jsonrpc": "2.0", "id": identifier, "result": "0x7a69"}


def test_params_may_be_left_out(node):
    assert ask(node, {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"})["result"] == "0x7a69"


def test_a_notification_is_not_answered(node):
    assert post(node, b'{"jsonrpc":"2.0","method":"eth_chainId","params":[]}') == (200, b"")


def test_a_batch_is_answered_in_its_order(node):
    replies = ask(node, [request("eth_chainId", identifier=5), request("eth_nothing", identifier=6), {"id": 7}])
    assert [reply["id"] for reply in replies] == [5, 6, None]
    assert replies[0]["result"] == "0x7a69"
    assert [reply["error"]["code"] for reply in replies[1:]] == [-32601, -32600]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"nonsense", -32700),
        (b"\xff\xfe", -32700),
        (b"[]", -32600),
        (b"{}", -32600),
        (b"1", -32600),
        (b"null", -32600),
        (b'{"id":1,"method":3}', -32600),
        (b"[" * 100_000, -32700),
    ],
)
def test_what_is_no_request_is_refused(node, body, code):
    status, answer = post(node, body)
    assert status == 200
    assert json.loads(answer)["error"]["code"] == code


def test_a_batch_beyond_the_limit_is_refused_whole(node):
    assert len(ask(node, [request("eth_chainId")] * MAX_BATCH)) == MAX_BATCH
    assert ask(node, [request("eth_chainId")] * (MAX_BATCH + 1))["error"]["message"] == "batch too large"


def test_a_body_beyond_the_limit_is_refused(node):
    assert post(node, b" " * (MAX_BODY + 1))[0] == 413
    assert post(node, json.dumps(request("eth_chainId")).encode() + b" " * (MAX_BODY - 100))[0] == 200


def test_only_json_posted_is_read(node):
    """A web page can make a browser post text, not JSON."""
    assert post(node, b"{}", {"Content-Type": "text/plain"})[0] == 415
    assert post(node, b"", verb="GET")[0] == 405


def test_an_unknown_method_says_so(node):
    failure = refusal(node.rpc, "eth_nothing")
    assert (failure.code, failure.message) == (-32601, "the method eth_nothing does not exist/is not available")


def test_arguments_are_counted(node):
    assert refusal(node.rpc, "eth_getBalance").message == "missing value for required argument 0"
    assert refusal(node.rpc, "eth_chainId", 1).message == "too many arguments, want at most 0"
    reply = ask(node, {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": {}})
    assert reply["error"] == {"code": -32602, "message": "non-array args"}


@pytest.mark.parametrize(
    ("number", "complaint"),
    [
        ("0x01", "leading zero"),
        ("0x", '"0x"'),
        ("1", "without 0x prefix"),
        (1, "a quantity is a string"),
        ("", "without 0x"),
        ("0x1g", "invalid hex"),
        ("0x1ffffffffffffffff", "> 64 bits"),
        ("newest", "without 0x prefix"),
        ("0x-1", "invalid hex"),
    ],
)
def test_quantities_are_read_strictly(node, number, complaint):
    failure = refusal(node.rpc, "eth_getBlockByNumber", number, False)
    assert failure.code == -32602 and complaint in failure.message


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("0x" + "1" * 39, "odd length"),
        ("0x" + "1" * 38, "has length 38, want 40"),
        ("1" * 40, "without 0x prefix"),
        ("0x" + "g" * 40, "invalid hex"),
        (None, "bytes are a string"),
        ("0x" + "1" * 42, "want 40"),
    ],
)
def test_addresses_are_read_strictly(node, address, complaint):
    failure = refusal(node.rpc, "eth_getBalance", address)
    assert failure.code == -32602 and complaint in failure.message


def test_a_broken_call_object_is_refused(node):
    for body in (None, [], "0x", {"to": "0x12"}, {"data": "0x1"}, {"value": "0x00"}, {"gas": "x"}):
        assert refusal(node.rpc, "eth_call", body, "latest").code == -32602


def test_no_request_ends_the_server(node):
    for method in (
        "evm_mine",
        "evm_revert",
        "evm_increaseTime",
        "dev_reorg",
        "dev_setFault",
        "dev_setView",
        "eth_getLogs",
        "eth_feeHistory",
        "evm_setIntervalMining",
        "evm_setNextBlockTimestamp",
    ):
        for argument in ({"a": 1}, [], "x", -1, 2**300, 1.5, True and {"depth": "0x0"}):
            refusal(node.rpc, method, argument, argument, argument, argument)
            try:
                node.rpc(method, argument)
            except Exception as failure:
                assert getattr(failure, "code", 0) in (-32602, -32000, -32601), failure
    assert node.rpc("eth_chainId") == "0x7a69"
