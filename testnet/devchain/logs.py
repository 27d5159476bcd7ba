"""eth_getLogs: filters, the limits of an endpoint, and the search."""

from dataclasses import dataclass
from typing import Any

from . import formats
from .block import LogEntry, SealedBlock
from .endpoint import TAGS, Endpoint
from .errors import RpcError
from .hexadecimal import parse_address, parse_hash, parse_quantity
from .methods import Context, method

MAX_ADDRESSES = 1000
MAX_TOPICS = 4
MAX_ALTERNATIVES = 1000
LIMIT_EXCEEDED = -32005


@dataclass(frozen=True)
class LogFilter:
    addresses: frozenset[bytes]  # empty: any
    topics: tuple[frozenset[bytes] | None, ...]  # by position; None: any

    @classmethod
    def from_json(cls, query: dict[str, Any]) -> "LogFilter":
        addresses = query.get("address") or []
        addresses = [addresses] if isinstance(addresses, str) else addresses
        topics = query.get("topics") or []
        if not isinstance(addresses, list) or len(addresses) > MAX_ADDRESSES:
            raise RpcError.invalid_params(f"address is one address or a list of at most {MAX_ADDRESSES}")
        if not isinstance(topics, list) or len(topics) > MAX_TOPICS:
            raise RpcError.invalid_params(f"topics is a list of at most {MAX_TOPICS}")
        return cls(
            frozenset(parse_address(item) for item in addresses), tuple(_alternatives(topic) for topic in topics)
        )

    def matches(self, entry: LogEntry) -> bool:
        if self.addresses and entry.address not in self.addresses:
            return False
        if len(self.topics) > len(entry.topics):
            return False
        return all(wanted is None or found in wanted for wanted, found in zip(self.topics, entry.topics, strict=False))


def _alternatives(topic: Any) -> frozenset[bytes] | None:
    if topic is None or topic == []:
        return None
    items = topic if isinstance(topic, list) else [topic]
    if len(items) > MAX_ALTERNATIVES:
        raise RpcError.invalid_params(f"a topic has at most {MAX_ALTERNATIVES} alternatives")
    return frozenset(parse_hash(item, "topic") for item in items)


def _number(endpoint: Endpoint, tag: Any) -> int:
    if tag is None or tag in TAGS:
        return endpoint.resolve(tag or "latest").number
    return parse_quantity(tag, "block number", 64)


def _searched(endpoint: Endpoint, query: dict[str, Any]) -> list[SealedBlock]:
    if "blockHash" in query:
        if "fromBlock" in query or "toBlock" in query:
            raise RpcError.invalid_params(
                "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other"
            )
        block = endpoint.find_hash(query["blockHash"])
        if block is None:
            raise RpcError.refused("unknown block")
        return [block]
    first, last = _number(endpoint, query.get("fromBlock")), _number(endpoint, query.get("toBlock"))
    if first > last:
        raise RpcError.refused("invalid block range params")
    if last - first + 1 > endpoint.max_log_range:
        raise RpcError(LIMIT_EXCEEDED, f"query exceeds max block range {endpoint.max_log_range}")
    numbers = range(first, min(last, endpoint.height) + 1)
    return [block for number in numbers if (block := endpoint.chain.at(number)) is not None]


@method
def eth_getLogs(context: Context, query: Any) -> Any:
    if not isinstance(query, dict):
        raise RpcError.invalid_params("invalid argument 0: a filter is an object")
    endpoint = context.endpoint
    wanted = LogFilter.from_json(query)
    found = []
    for block in _searched(endpoint, query):
        found += [formats.log(block, entry) for entry in block.logs if wanted.matches(entry)]
        if len(found) > endpoint.max_logs:
            raise RpcError(LIMIT_EXCEEDED, f"query returned more than {endpoint.max_logs} results")
    return found
