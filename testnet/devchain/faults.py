"""Ways in which an endpoint fails or lies, by method and for a number of requests."""

from dataclasses import dataclass
from typing import Any

from .errors import RpcError

MODES = {
    "http500": "answers status 500",
    "http429": "answers status 429 with Retry-After",
    "hang": "accepts the request and never answers",
    "drop": "resets the connection before executing",
    "lost_reply": "executes, then resets the connection",
    "garbage": "answers status 200 with HTML",
    "truncated": "announces the whole answer and stops in its middle",
    "slow": "answers after `delay` seconds",
    "wrong_chain": "claims to be on chain `chainId`",
    "error": "answers the JSON-RPC error `code`, `message`",
    "lie": "answers `result`, whatever was asked",
}
NETWORK_METHODS = ("eth_chainId", "net_version")


@dataclass
class Fault:
    """Struck requests count down `left`; None strikes for ever. Control methods (dev_, evm_) are never struck."""

    mode: str
    methods: tuple[str, ...] = ()  # empty: all
    left: int | None = None
    delay: float = 0
    chain_id: int = 1
    code: int = -32000
    message: str = "internal error"
    result: Any = None

    @classmethod
    def from_json(cls, options: Any) -> "Fault | None":
        """The fault that dev_setFault's object describes; null or {} is none."""
        if not options:
            return None
        known = {"mode", "methods", "left", "delay", "chainId", "code", "message", "result"}
        if not isinstance(options, dict) or set(options) - known:
            raise RpcError.invalid_params(f"a fault has the fields {', '.join(sorted(known))}")
        mode = options.get("mode")
        if mode not in MODES:
            raise RpcError.invalid_params(f"fault mode {mode!r} is not one of {', '.join(MODES)}")
        methods = options.get("methods", [])
        left = options.get("left")
        delay = options.get("delay", 0)
        if not isinstance(methods, list) or not all(isinstance(name, str) for name in methods):
            raise RpcError.invalid_params("methods is a list of names")
        if left is not None and (not isinstance(left, int) or left < 0):
            raise RpcError.invalid_params("left is a number of requests")
        if not isinstance(delay, int | float) or not 0 <= delay <= 3600:
            raise RpcError.invalid_params("delay is within 0 and 3600 seconds")
        return cls(
            mode,
            tuple(methods),
            left,
            float(delay),
            options.get("chainId", 1),
            options.get("code", -32000),
            str(options.get("message", "internal error")),
            options.get("result"),
        )

    def strikes(self, names: list[str]) -> bool:
        """Whether a request for these methods fails; if so it counts."""
        if self.left == 0 or not names or any(name.startswith(("dev_", "evm_")) for name in names):
            return False
        matches = self.methods or (NETWORK_METHODS if self.mode == "wrong_chain" else ())
        if matches and not any(name in matches for name in names):
            return False
        if self.left is not None:
            self.left -= 1
        return True

    def replacement(self, method: str) -> tuple[bool, Any]:
        """For the modes that alter one answer: whether this method's is, and to what."""
        if self.methods and method not in self.methods:
            return False, None
        if self.mode == "lie":
            return True, self.result
        if self.mode == "wrong_chain" and method in NETWORK_METHODS:
            return True, str(self.chain_id) if method == "net_version" else hex(self.chain_id)
        return False, None
