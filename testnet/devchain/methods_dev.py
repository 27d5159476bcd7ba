"""The methods that steer the chain and its endpoints: evm_ as other development chains name them, dev_ our own."""

import resource
from typing import Any

from .chain import MAX_BLOCKS_AT_ONCE
from .endpoint import Endpoint
from .errors import RpcError
from .faults import Fault
from .hexadecimal import data, parse_hash, parse_quantity, quantity
from .methods import Context, method

MAX_JUMP = 10 * 365 * 86400  # seconds


def _number(value: Any, name: str, low: int, high: int) -> int:
    """Numbers here may be JSON numbers or quantities."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else parse_quantity(value, name)
    if not low <= number <= high:
        raise RpcError.invalid_params(f"{name} is not within {low} and {high}")
    return number


def _object(value: Any, allowed: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) - allowed:
        raise RpcError.invalid_params(f"expected an object with the fields {', '.join(sorted(allowed))}")
    return value


def _endpoint(context: Context, name: Any) -> Endpoint:
    if not isinstance(name, str) or name not in context.server.endpoints:
        raise RpcError.invalid_params(f"no endpoint {name!r}; there are {', '.join(context.server.endpoints)}")
    return context.server.endpoints[name]


@method
def evm_mine(context: Context, options: Any = None) -> str:
    """One block, or {"blocks": n, "timestamp": seconds of the first}."""
    plain = {} if options is None else options if isinstance(options, dict) else {"timestamp": options}
    fields = _object(plain, {"blocks", "timestamp"})
    chain = context.endpoint.chain
    first = None if fields.get("timestamp") is None else _number(fields["timestamp"], "timestamp", 0, 2**62)
    for position in range(_number(fields.get("blocks", 1), "blocks", 1, MAX_BLOCKS_AT_ONCE)):
        chain.mine(first if position == 0 else None)
    return "0x0"


@method
def evm_snapshot(context: Context) -> str:
    return quantity(context.endpoint.chain.snapshot())


@method
def evm_revert(context: Context, number: Any) -> bool:
    return context.endpoint.chain.revert(_number(number, "snapshot", 0, 2**62))


@method
def evm_increaseTime(context: Context, seconds: Any) -> str:
    context.endpoint.chain.clock.offset += _number(seconds, "seconds", 0, MAX_JUMP)
    return quantity(context.endpoint.chain.clock.offset)


@method
def evm_setNextBlockTimestamp(context: Context, timestamp: Any) -> bool:
    chain = context.endpoint.chain
    chosen = _number(timestamp, "timestamp", 0, 2**62)
    if chosen <= chain.head.header.timestamp:
        raise RpcError.invalid_params(f"timestamp {chosen} is not after the head's, {chain.head.header.timestamp}")
    chain.clock.next = chosen
    return True


@method
def evm_setAutomine(context: Context, on: Any) -> bool:
    if not isinstance(on, bool):
        raise RpcError.invalid_params("expected true or false")
    context.server.producer.automine = on
    return True


@method
def evm_setIntervalMining(context: Context, milliseconds: Any) -> bool:
    context.server.producer.set_interval(_number(milliseconds, "milliseconds", 0, 3_600_000) / 1000)
    return True


@method
def dev_reorg(context: Context, options: Any) -> Any:
    """{"depth": blocks to replace, "length": of the new branch, "keepTxs": bool, "drop": [hashes]}"""
    fields = _object(options, {"depth", "length", "keepTxs", "drop"})
    if "depth" not in fields:
        raise RpcError.invalid_params("a reorganisation has a depth")
    change = context.endpoint.chain.reorganise(
        _number(fields["depth"], "depth", 0, 2**62),
        None if fields.get("length") is None else _number(fields["length"], "length", 1, MAX_BLOCKS_AT_ONCE),
        bool(fields.get("keepTxs", False)),
        frozenset(parse_hash(item, "drop") for item in fields.get("drop", [])),
    )
    return {
        "removed": [data(block.hash) for block in change.removed],
        "added": [data(block.hash) for block in change.added],
    }


@method
def dev_setFault(context: Context, name: Any, options: Any = None) -> bool:
    """Make the named endpoint fail as faults.py describes; null ends it."""
    _endpoint(context, name).fault = Fault.from_json(options)
    return True


@method
def dev_setView(context: Context, name: Any, options: Any) -> bool:
    """Change what the named endpoint sees: {"lag", "frozen", "maxLogRange", "maxLogs"}; frozen true stops it here."""
    endpoint = _endpoint(context, name)
    fields = _object(options, {"lag", "frozen", "maxLogRange", "maxLogs"})
    if "lag" in fields:
        endpoint.lag = _number(fields["lag"], "lag", 0, 2**31)
    if "maxLogRange" in fields:
        endpoint.max_log_range = _number(fields["maxLogRange"], "maxLogRange", 1, 2**31)
    if "maxLogs" in fields:
        endpoint.max_logs = _number(fields["maxLogs"], "maxLogs", 1, 2**31)
    if "frozen" in fields:
        frozen = fields["frozen"]
        endpoint.frozen = (
            None
            if frozen in (None, False)
            else (endpoint.height if frozen is True else _number(frozen, "frozen", 0, 2**62))
        )
    return True


@method
def dev_stats(context: Context) -> Any:
    """Counters for tests: blocks, transactions that wait, peak memory in MiB, requests by endpoint and method."""
    chain = context.endpoint.chain
    return {
        "blocks": len(chain.canonical),
        "sealed": len(chain.blocks),
        "pool": len(chain.pool),
        "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "calls": {name: dict(sorted(endpoint.calls.items())) for name, endpoint in context.server.endpoints.items()},
    }
