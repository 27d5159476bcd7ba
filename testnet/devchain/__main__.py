"""`python -m devchain`: one development chain until SIGTERM or SIGINT, or until the input ends."""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from eth_utils import to_checksum_address

from .accounts import dev_keys
from .chain import Chain
from .clock import BlockClock
from .config import ChainConfig, read_alloc
from .errors import StartError, StoreFailure
from .server import Listener, Server
from .store import FileStore, MemoryStore, Store

ENDS = (signal.SIGTERM, signal.SIGINT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devchain", description=__doc__, allow_abbrev=False)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8545, help="port of the endpoint `main`, 0 for a free one (8545)")
    parser.add_argument(
        "--replica",
        action="append",
        default=[],
        metavar="NAME:PORT:LAG",
        help="a further endpoint that many blocks behind; may be repeated",
    )
    mining = parser.add_mutually_exclusive_group()
    mining.add_argument("--interval", type=float, metavar="S", help="a block every S seconds")
    mining.add_argument("--no-automine", action="store_true", help="a block only by evm_mine")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the chain there, and go on from what is there")
    parser.add_argument("--until-eof", action="store_true", help="end with standard input: outlive nobody who holds it")
    parser.add_argument("--chain-id", type=int, default=31337, help="(31337)")
    parser.add_argument("--accounts", type=int, default=10, help="funded accounts with published keys (10)")
    parser.add_argument("--genesis-time", type=int, metavar="S", help="timestamp of block 0 (now)")
    parser.add_argument("--time-step", type=int, metavar="S", help="timestamps S seconds apart, not by the wall clock")
    parser.add_argument(
        "--alloc", type=Path, metavar="FILE", help="further genesis accounts, as in geth's genesis.json"
    )
    parser.add_argument("--safe-depth", type=int, default=4, help="`safe` is so many blocks below the head (4)")
    parser.add_argument("--finality-depth", type=int, default=8, help="`finalized` likewise (8)")
    return parser


def _listener(text: str) -> Listener:
    try:
        name, port, lag = text.split(":")
        listener = Listener(name, int(port), int(lag))
    except ValueError:
        raise StartError(f"--replica {text}: expected NAME:PORT:LAG") from None
    if not name or listener.lag < 0:
        raise StartError(f"--replica {text}: expected NAME:PORT:LAG")
    return listener


def _check(arguments: argparse.Namespace, listeners: list[Listener]) -> None:
    if len({listener.name for listener in listeners}) != len(listeners):
        raise StartError("two endpoints have one name")
    for port in (listener.port for listener in listeners):
        if not 0 <= port <= 65535:
            raise StartError(f"{port} is no port")
    for value, low, high, name in (
        (arguments.chain_id, 1, 2**53 - 1, "--chain-id"),
        (arguments.accounts, 1, 1000, "--accounts"),
        (arguments.safe_depth, 0, 10**6, "--safe-depth"),
        (arguments.finality_depth, 0, 10**6, "--finality-depth"),
        (arguments.genesis_time or 0, 0, 2**40, "--genesis-time"),
        (arguments.time_step or 1, 1, 10**6, "--time-step"),
        (arguments.interval or 1, 0.01, 3600, "--interval"),
    ):
        if not low <= value <= high:
            raise StartError(f"{name} {value} is not within {low} and {high}")


def _open(arguments: argparse.Namespace) -> Chain:
    extra = read_alloc(arguments.alloc) if arguments.alloc else {}
    store: Store = FileStore(arguments.data) if arguments.data else MemoryStore()
    config = ChainConfig(
        chain_id=arguments.chain_id, genesis_time=arguments.genesis_time or 0, accounts=arguments.accounts, extra=extra
    )
    try:
        stored = store.load()
        if arguments.genesis_time is None:
            # Not asked for: what the directory has, or a second ago.
            chosen = int(time.time()) - 1 if stored is None else stored.config.genesis_time
            config = replace(config, genesis_time=chosen)
        return Chain(
            config, store, stored, BlockClock(arguments.time_step), arguments.safe_depth, arguments.finality_depth
        )
    except StartError:
        store.close()
        raise


async def _serve(arguments: argparse.Namespace) -> None:
    listeners = [Listener("main", arguments.port), *map(_listener, arguments.replica)]
    _check(arguments, listeners)
    chain = _open(arguments)
    server = Server(chain, automine=not arguments.no_automine)
    stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    server.producer.failure = stopped
    try:
        urls = {listener.name: await server.listen(arguments.host, listener) for listener in listeners}
        for number in ENDS:
            asyncio.get_running_loop().add_signal_handler(number, _finish, stopped)
        # Blocked signals are inherited: a process that was started from a thread that takes none would hear nothing.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
        if arguments.until_eof:
            threading.Thread(target=_drain, args=(asyncio.get_running_loop(), stopped), daemon=True).start()
        if arguments.interval:
            server.producer.set_interval(arguments.interval)
        print(json.dumps(_ready(chain, urls)), flush=True)
        await stopped
    finally:
        await server.close()
        chain.close()


def _drain(loop: asyncio.AbstractEventLoop, stopped: asyncio.Future[None]) -> None:
    """Read standard input to its end, in a thread of its own: an event loop cannot watch every kind of file."""
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass  # nobody holds an input that cannot be read
    with contextlib.suppress(RuntimeError):  # the loop has ended first
        loop.call_soon_threadsafe(_finish, stopped)


def _finish(stopped: asyncio.Future[None]) -> None:
    if not stopped.done():
        stopped.set_result(None)


def _ready(chain: Chain, urls: dict[str, str]) -> dict[str, object]:
    return {
        "ready": True,
        "urls": urls,
        "chainId": chain.config.chain_id,
        "genesis": "0x" + chain.genesis.hash.hex(),
        "head": chain.head.number,
        "accounts": [
            {"address": to_checksum_address(key.public_key.to_canonical_address()), "key": key.to_hex()}
            for key in dev_keys(chain.config.accounts)
        ],
    }


def main(arguments: list[str] | None = None) -> int:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="devchain: %(message)s")
    try:
        asyncio.run(_serve(_parser().parse_args(arguments)))
    except StartError as error:
        print(f"devchain: {error}", file=sys.stderr)
        return 2
    except StoreFailure as error:
        print(f"devchain: cannot go on: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
