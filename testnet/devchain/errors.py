"""The errors a caller is meant to see."""

from typing import Any


class RpcError(Exception):
    """An error that a JSON-RPC request is answered with."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    @classmethod
    def invalid_params(cls, message: str) -> "RpcError":
        return cls(-32602, message)

    @classmethod
    def refused(cls, message: str) -> "RpcError":
        """The request is well formed, the chain says no (geth's catch-all code)."""
        return cls(-32000, message)

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.data is not None:
            body["data"] = self.data
        return body


class StartError(Exception):
    """The process cannot start; the message says what to change."""


class StoreFailure(Exception):
    """The data directory cannot be written; memory is ahead of the disk, so the process must end."""
