"""The beacon API over HTTP: the part of it that whoever runs validators asks for."""

import errno
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from . import formats
from .chain import BeaconChain
from .errors import Refused, StartError
from .exits import read_exit
from .network import spec

MAX_BODY = 64 * 1024  # bytes
MAX_IDS = 64
VERSION = "fulu"
log = logging.getLogger("beacon")


class Server:
    """Answers from the chain that its owner keeps going. `accepted` is called before an exit is answered with 200."""

    def __init__(self, chain: BeaconChain, accepted: Callable[[], None]) -> None:
        self.chain = chain
        self.accepted = accepted
        self.is_execution_offline = False
        self._runner: web.AppRunner | None = None

    async def listen(self, host: str, port: int) -> str:
        application = web.Application(client_max_size=MAX_BODY, middlewares=[_errors])
        add = application.router
        add.add_get("/eth/v1/beacon/genesis", self._genesis)
        add.add_get("/eth/v1/config/spec", self._spec)
        add.add_get("/eth/v1/config/fork_schedule", self._forks)
        add.add_get("/eth/v1/config/deposit_contract", self._contract)
        add.add_get("/eth/v1/node/syncing", self._syncing)
        add.add_get("/eth/v1/node/version", self._version)
        add.add_get("/eth/v1/node/health", self._health)
        add.add_get("/eth/v1/beacon/states/{state}/finality_checkpoints", self._checkpoints)
        add.add_get("/eth/v1/beacon/states/{state}/validators", self._validators)
        add.add_get("/eth/v1/beacon/states/{state}/validators/{validator}", self._validator)
        add.add_get("/eth/v1/beacon/states/{state}/pending_deposits", self._pending)
        add.add_get("/eth/v1/beacon/pool/voluntary_exits", self._pool)
        add.add_post("/eth/v1/beacon/pool/voluntary_exits", self._submit)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartError(f"port {port} on {host} is in use; give another, or 0 for a free one") from error
            raise StartError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _genesis(self, _: web.Request) -> web.Response:
        return _answer(formats.genesis(self.chain.state))

    async def _spec(self, _: web.Request) -> web.Response:
        return _answer(formats.configuration())

    async def _forks(self, _: web.Request) -> web.Response:
        return _answer(formats.fork_schedule())

    async def _contract(self, _: web.Request) -> web.Response:
        config = spec.config
        address = formats.data(config.DEPOSIT_CONTRACT_ADDRESS)
        return _answer({"chain_id": str(int(config.DEPOSIT_CHAIN_ID)), "address": address})

    async def _syncing(self, _: web.Request) -> web.Response:
        return _answer(
            {
                "head_slot": str(self.chain.state.slot),
                "sync_distance": "0",
                "is_syncing": False,
                "is_optimistic": False,
                "el_offline": self.is_execution_offline,
            }
        )

    async def _version(self, _: web.Request) -> web.Response:
        return _answer({"version": "development/beacon"})

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response()

    async def _checkpoints(self, request: web.Request) -> web.Response:
        state, about = self._state(request)
        points = {
            "previous_justified": state.previous_justified_checkpoint,
            "current_justified": state.current_justified_checkpoint,
            "finalized": state.finalized_checkpoint,
        }
        body = {
            name: {"epoch": str(point.epoch), "root": formats.data(point.root)} for name, point in points.items()
        }
        return _answer(body, **about)

    async def _validator(self, request: web.Request) -> web.Response:
        state, about = self._state(request)
        index = _index(state, request.match_info["validator"])
        return _answer(formats.validator(state, index), **about)

    async def _validators(self, request: web.Request) -> web.Response:
        """Those of the filter `id` that exist, all without one; an unknown one is left out."""
        state, about = self._state(request)
        if not set(request.query) <= {"id"}:
            raise Refused(400, "Invalid query: only id is understood")
        names = [name for value in request.query.getall("id", []) for name in value.split(",")]
        if len(names) > MAX_IDS:
            raise Refused(414, f"Too many validator IDs: more than {MAX_IDS}")
        found = {_find(state, name) for name in names} if names else set(range(len(state.validators)))
        listed = [formats.validator(state, index) for index in sorted(found - {None})]
        return _answer(listed, **about)

    async def _pending(self, request: web.Request) -> web.Response:
        state, about = self._state(request)
        if request.headers.get("Accept", "").startswith("application/octet-stream"):
            return web.Response(
                body=state.pending_deposits.encode_bytes(),
                content_type="application/octet-stream",
                headers={"Eth-Consensus-Version": VERSION},
            )
        return _answer(
            [formats.pending_deposit(deposit) for deposit in state.pending_deposits], version=VERSION, **about
        )

    async def _pool(self, _: web.Request) -> web.Response:
        return _answer([formats.signed_exit(signed) for signed in self.chain.pool.values()])

    async def _submit(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise Refused(415, f"Unsupported Media Type: {request.content_type}")
        self.chain.submit(read_exit(await request.read()))
        self.accepted()
        return web.Response()

    def _state(self, request: web.Request) -> tuple[Any, formats.Json]:
        """The state that is meant, and what every answer from a state says about it."""
        name = request.match_info["state"]
        about = {"execution_optimistic": False, "finalized": name == "finalized"}
        if name == "head":
            return self.chain.state, about
        if name == "finalized":
            return self.chain.final, about
        if name in ("genesis", "justified") or re.fullmatch(r"[0-9]{1,20}|0x[0-9a-fA-F]{64}", name):
            raise Refused(404, "State not found: only head and finalized are kept")
        raise Refused(400, f"Invalid state ID: {name[:80]}")


def _index(state: Any, name: str) -> int:
    index = _find(state, name)
    if index is None:
        raise Refused(404, "Validator not found")
    return index


def _find(state: Any, name: str) -> int | None:
    if re.fullmatch(r"[0-9]{1,20}", name):
        return int(name) if int(name) < len(state.validators) else None
    if not re.fullmatch(r"0x[0-9a-fA-F]{96}", name):
        raise Refused(400, f"Invalid validator ID: {name[:120]}")
    wanted = bytes.fromhex(name[2:])
    keys = (bytes(validator.pubkey) for validator in state.validators)
    return next((index for index, key in enumerate(keys) if key == wanted), None)


def _answer(body: Any, **about: Any) -> web.Response:
    headers = {"Eth-Consensus-Version": about["version"]} if "version" in about else None
    return web.json_response({**about, "data": body}, headers=headers)


@web.middleware
async def _errors(request: web.Request, handler: Callable[[web.Request], Awaitable[Any]]) -> Any:
    """Every refusal has a body of one form."""
    try:
        return await handler(request)
    except Refused as error:
        return _failure(error.code, error.message)
    except web.HTTPException as error:
        return _failure(error.status, error.reason)
    except Exception as error:
        # A fault of this program must not pass for an answer of the chain.
        log.exception("%s failed", request.path)
        return _failure(500, f"{type(error).__name__}: {error}")


def _failure(code: int, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=code)
