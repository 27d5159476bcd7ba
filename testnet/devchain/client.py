"""A small JSON-RPC client and transaction sender, for the deployment and the tests."""

import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

import rlp
from eth_keys.datatypes import PrivateKey
from eth_utils import keccak, to_canonical_address, to_checksum_address

TIMEOUT = 30  # seconds a node has to answer
TIP = 10**9  # wei per gas


class RpcFailure(Exception):
    """The node has answered with an error."""

    def __init__(self, method: str, code: int, message: str, data: Any) -> None:
        super().__init__(f"{method}: [{code}] {message}")
        self.code = code
        self.message = message
        self.data = data


class Unreachable(Exception):
    """The node has not given a JSON-RPC answer."""


class Rpc:
    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        self.url = url
        self.timeout = timeout
        self._number = 0

    def __call__(self, method: str, *params: Any) -> Any:
        self._number += 1
        reply = self.post({"jsonrpc": "2.0", "id": self._number, "method": method, "params": list(params)})
        if not isinstance(reply, dict) or reply.get("id") != self._number:
            raise Unreachable(f"{self.url}: {method} was answered with something else")
        if "error" in reply:
            error = reply["error"]
            raise RpcFailure(method, error.get("code", 0), error.get("message", ""), error.get("data"))
        return reply["result"]

    def post(self, message: Any) -> Any:
        """Send any JSON, return the JSON that comes back."""
        request = urllib.request.Request(self.url, json.dumps(message).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                return json.loads(response.read())
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
            raise Unreachable(f"{self.url}: {error}") from error


@dataclass(frozen=True)
class SignedTransaction:
    raw: bytes
    hash: bytes


def sign_transaction(
    key: PrivateKey,
    *,
    chain_id: int,
    nonce: int,
    tip: int,
    max_fee: int,
    gas: int,
    to: bytes,
    value: int,
    data: bytes,
) -> SignedTransaction:
    """A type 2 transaction (EIP-1559); an empty `to` creates a contract."""
    fields: list[Any] = [chain_id, nonce, tip, max_fee, gas, to, value, data, []]
    signature = key.sign_msg_hash(keccak(b"\x02" + rlp.encode(fields)))
    raw = b"\x02" + rlp.encode([*fields, signature.v, signature.r, signature.s])
    return SignedTransaction(raw, keccak(raw))


class Sender:
    """Sends transactions of one account and waits for their receipts."""

    def __init__(self, rpc: Rpc, key: PrivateKey, patience: float = 120) -> None:
        self.rpc = rpc
        self.key = key
        self.patience = patience  # seconds to wait for a block
        self.address = key.public_key.to_canonical_address()
        self.chain_id = int(rpc("eth_chainId"), 16)

    def sign(
        self,
        to: bytes,
        data: bytes = b"",
        value: int = 0,
        gas: int | None = None,
        nonce: int | None = None,
        tip: int = TIP,
        max_fee: int | None = None,
    ) -> SignedTransaction:
        if nonce is None:
            nonce = int(self.rpc("eth_getTransactionCount", to_checksum_address(self.address), "pending"), 16)
        if max_fee is None:
            base_fee = int(self.rpc("eth_getBlockByNumber", "latest", False)["baseFeePerGas"], 16)
            max_fee = 2 * base_fee + tip
        if gas is None:
            gas = self._estimate(to, data, value) * 5 // 4
        return sign_transaction(
            self.key,
            chain_id=self.chain_id,
            nonce=nonce,
            tip=tip,
            max_fee=max_fee,
            gas=gas,
            to=to,
            value=value,
            data=data,
        )

    def _estimate(self, to: bytes, data: bytes, value: int) -> int:
        call = {"from": to_checksum_address(self.address), "data": "0x" + data.hex(), "value": hex(value)}
        if to:
            call["to"] = to_checksum_address(to)
        return int(self.rpc("eth_estimateGas", call), 16)

    def send(self, signed: SignedTransaction) -> str:
        return self.rpc("eth_sendRawTransaction", "0x" + signed.raw.hex())

    def wait(self, transaction_hash: str) -> dict[str, Any]:
        """The receipt, once there is one."""
        deadline = time.monotonic() + self.patience
        while True:
            receipt = self.rpc("eth_getTransactionReceipt", transaction_hash)
            if receipt is not None:
                return receipt
            if time.monotonic() > deadline:
                raise TimeoutError(f"transaction {transaction_hash} is in no block after {self.patience:.0f} s")
            time.sleep(0.1)

    def transact(self, to: bytes | str, data: bytes = b"", **options: Any) -> dict[str, Any]:
        """Sign, send, wait; the receipt may still say that the transaction was reverted."""
        target = to_canonical_address(to) if isinstance(to, str) else to
        return self.wait(self.send(self.sign(target, data, **options)))
