"""JSON-RPC over HTTP: requests and batches, their limits, and the endpoints' faults."""

import asyncio
import errno
import json
import logging
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from . import logs, methods_dev, methods_eth  # noqa: F401  (they fill the table of methods)
from .chain import Chain
from .endpoint import Endpoint
from .errors import RpcError, StartError, StoreFailure
from .faults import Fault
from .methods import Context, invoke
from .producer import Producer

MAX_BODY = 2 * 1024 * 1024  # bytes
MAX_BATCH = 100  # requests
MAX_DEPTH = 64  # of lists and objects in one another
BRACKETS = re.compile(rb"[\[\]{}]")
HANG = 3600  # seconds
log = logging.getLogger("devchain")


@dataclass(frozen=True)
class Listener:
    """An address that an endpoint is served at; port 0 takes a free one."""

    name: str
    port: int
    lag: int = 0


class Server:
    def __init__(self, chain: Chain, automine: bool) -> None:
        self.chain = chain
        self.producer = Producer(chain, automine)
        self.endpoints: dict[str, Endpoint] = {}
        self._runners: list[web.AppRunner] = []

    async def listen(self, host: str, listener: Listener) -> str:
        """Serve one more endpoint; returns its URL."""
        endpoint = Endpoint(listener.name, self.chain, listener.lag)
        application = web.Application(client_max_size=MAX_BODY)

        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._answer(endpoint, request)

        application.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        self._runners.append(runner)
        try:
            await web.TCPSite(runner, host, listener.port).start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartError(
                    f"port {listener.port} on {host} is in use; give another, or 0 for a free one"
                ) from error
            raise StartError(f"cannot listen on {host}:{listener.port}: {error.strerror or error}") from error
        self.endpoints[listener.name] = endpoint
        port: int = runner.addresses[0][1]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def close(self) -> None:
        self.producer.set_interval(0)
        for runner in self._runners:
            await runner.cleanup()

    async def _answer(self, endpoint: Endpoint, request: web.Request) -> web.StreamResponse:
        if request.method != "POST":
            return web.Response(status=405, text="POST a JSON-RPC request", headers={"Allow": "POST"})
        if request.content_type != "application/json":
            return web.Response(status=415, text="invalid content type, only application/json is supported")
        body = await request.read()  # aiohttp answers 413 beyond MAX_BODY
        try:
            message = _parse(body)
        except ValueError:
            return web.json_response(_failure(None, RpcError(-32700, "parse error")))
        requests = message if isinstance(message, list) else [message]
        names = [str(item.get("method")) for item in requests if isinstance(item, dict)]
        fault = endpoint.fault
        if fault is not None and fault.strikes(names):
            struck = await self._strike(endpoint, request, message, fault)
            if struck is not None:
                return struck
        else:
            fault = None
        return self._reply(self._execute(endpoint, message, fault))

    async def _strike(
        self, endpoint: Endpoint, request: web.Request, message: Any, fault: Fault
    ) -> web.StreamResponse | None:
        """The faults of transport; None leaves the answer to be given, late or altered."""
        match fault.mode:
            case "http500":
                return web.Response(status=500, text="internal server error")
            case "http429":
                return web.Response(status=429, text="too many requests", headers={"Retry-After": "1"})
            case "garbage":
                return web.Response(text="<html><body>502 Bad Gateway</body></html>", content_type="text/html")
            case "hang":
                await asyncio.sleep(HANG)
            case "slow":
                await asyncio.sleep(fault.delay)
            case "drop":
                _reset(request)
                return web.Response()
            case "lost_reply":
                self._execute(endpoint, message, None)
                _reset(request)
                return web.Response()
            case "truncated":
                return await _truncate(request, json.dumps(self._execute(endpoint, message, None)).encode())
        return None

    def _execute(self, endpoint: Endpoint, message: Any, fault: Fault | None) -> Any:
        """The reply to a request or a batch; None where there is nothing to say."""
        if not isinstance(message, list):
            return self._single(endpoint, message, fault)
        if not message:
            return _failure(None, RpcError(-32600, "empty batch"))
        if len(message) > MAX_BATCH:
            return _failure(None, RpcError(-32600, "batch too large"))
        replies = [self._single(endpoint, item, fault) for item in message]
        return [reply for reply in replies if reply is not None] or None

    def _single(self, endpoint: Endpoint, request: Any, fault: Fault | None) -> Any:
        if not isinstance(request, dict) or not isinstance(request.get("method"), str):
            return _failure(None, RpcError(-32600, "invalid request"))
        name, identifier = request["method"], request.get("id")
        endpoint.count(name)
        try:
            result = self._result(endpoint, name, request.get("params"), fault)
        except RpcError as error:
            reply = _failure(identifier, error)
        except StoreFailure as error:
            self.producer.fail(error)
            reply = _failure(identifier, RpcError(-32603, str(error)))
        except Exception as error:
            # A fault of this program must not end it, nor pass for an answer of the chain.
            log.exception("%s failed", name)
            reply = _failure(identifier, RpcError(-32603, f"{type(error).__name__}: {error}"))
        else:
            reply = {"jsonrpc": "2.0", "id": identifier, "result": result}
        return reply if "id" in request else None

    def _result(self, endpoint: Endpoint, name: str, params: Any, fault: Fault | None) -> Any:
        if fault is not None:
            if fault.mode == "error" and (not fault.methods or name in fault.methods):
                raise RpcError(fault.code, fault.message)
            altered, value = fault.replacement(name)
            if altered:
                return value
        return invoke(Context(endpoint, self), name, params)

    @staticmethod
    def _reply(body: Any) -> web.Response:
        return web.Response() if body is None else web.json_response(body)


def _parse(body: bytes) -> Any:
    """The JSON of a body. py-evm lifts Python's limit on recursion, so that a deep nest would end the process."""
    depth = 0
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        for bracket in BRACKETS.finditer(body):
            depth += 1 if bracket[0] in b"[{" else -1
            if depth > MAX_DEPTH:
                raise ValueError("nested too deep")
    return json.loads(body)


def _failure(identifier: Any, error: RpcError) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identifier, "error": error.as_json()}


def _reset(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _truncate(request: web.Request, body: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    _reset(request)
    return response
