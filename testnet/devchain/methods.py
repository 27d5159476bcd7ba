"""The table of JSON-RPC methods, and how one is called."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import RpcError

if TYPE_CHECKING:
    from .endpoint import Endpoint
    from .server import Server

Handler = Callable[..., Any]
METHODS: dict[str, Handler] = {}


@dataclass(frozen=True)
class Context:
    """What a method works on: the endpoint it was asked at, and the server for the methods that control it."""

    endpoint: "Endpoint"
    server: "Server"


def method(handler: Handler) -> Handler:
    """Serve a function under its own name. Its first parameter is the Context, the others are the request's."""
    METHODS[handler.__name__] = handler
    return handler


def invoke(context: Context, name: str, params: Any) -> Any:
    handler = METHODS.get(name)
    if handler is None:
        raise RpcError(-32601, f"the method {name} does not exist/is not available")
    params = [] if params is None else params
    if not isinstance(params, list):
        raise RpcError.invalid_params("non-array args")
    arity = list(inspect.signature(handler).parameters.values())[1:]
    required = sum(1 for parameter in arity if parameter.default is parameter.empty)
    if len(params) < required:
        raise RpcError.invalid_params(f"missing value for required argument {len(params)}")
    if len(params) > len(arity):
        raise RpcError.invalid_params(f"too many arguments, want at most {len(arity)}")
    return handler(context, *params)
