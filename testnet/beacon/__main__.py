"""`python -m beacon`: one beacon chain until SIGTERM or SIGINT, or until the input ends."""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from . import formats, network
from .errors import ChainReplaced, ExecutionUnavailable, StartError
from .requests import Contracts
from .service import Service, Settings

ENDS = (signal.SIGTERM, signal.SIGINT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m beacon", description=__doc__, allow_abbrev=False)
    parser.add_argument("--rpc", required=True, metavar="URL", help="the execution chain's JSON-RPC")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=5052, help="0 for a free one (5052)")
    parser.add_argument("--epoch", type=float, default=2.0, metavar="S", help="seconds from epoch to epoch (2)")
    parser.add_argument(
        "--follow",
        choices=("latest", "safe", "finalized"),
        default="finalized",
        help="up to which block of the execution chain requests are taken (finalized)",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the chain there, and go on from what is there")
    parser.add_argument("--until-eof", action="store_true", help="end with standard input: outlive nobody who holds it")
    parser.add_argument("--deposit-contract", type=_address, default=network.DEPOSIT_CONTRACT, metavar="ADDRESS")
    parser.add_argument("--withdrawal-contract", type=_address, default=network.WITHDRAWAL_CONTRACT, metavar="ADDRESS")
    return parser


def _address(text: str) -> bytes:
    value = bytes.fromhex(text.removeprefix("0x"))
    if len(value) != 20:
        raise ValueError(f"{text} is no address")
    return value


async def _serve(arguments: argparse.Namespace) -> None:
    if not 0.1 <= arguments.epoch <= 3_600:
        raise StartError(f"--epoch {arguments.epoch} is not within 0.1 and 3600")
    settings = Settings(
        rpc=arguments.rpc,
        follow=arguments.follow,
        slot=arguments.epoch / int(network.spec.SLOTS_PER_EPOCH),
        contracts=Contracts(arguments.deposit_contract, arguments.withdrawal_contract),
        data=arguments.data,
    )
    service = await Service.open(settings)
    stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    try:
        url = await service.server.listen(arguments.host, arguments.port)
        for number in ENDS:
            asyncio.get_running_loop().add_signal_handler(number, _finish, stopped)
        # Blocked signals are inherited: a process that was started from a thread that takes none would hear nothing.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
        if arguments.until_eof:
            threading.Thread(target=_drain, args=(asyncio.get_running_loop(), stopped), daemon=True).start()
        state = service.chain.state
        ready = {"ready": True, "url": url, "slot": int(state.slot), **formats.genesis(state)}
        ready["capella_fork_version"] = formats.data(network.spec.config.CAPELLA_FORK_VERSION)
        print(json.dumps(ready), flush=True)
        running = asyncio.ensure_future(service.run())
        await asyncio.wait([stopped, running], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    finally:
        await service.close()


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


def main(arguments: list[str] | None = None) -> int:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="beacon: %(message)s")
    logging.getLogger("aiohttp").setLevel(logging.WARNING)
    try:
        asyncio.run(_serve(_parser().parse_args(arguments)))
    except (StartError, ExecutionUnavailable) as error:
        print(f"beacon: {error}", file=sys.stderr)
        return 2
    except (ChainReplaced, OSError) as error:
        print(f"beacon: cannot go on: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
