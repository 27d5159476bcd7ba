"""The chain on disk: one file, replaced whole."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .chain import BeaconChain
from .errors import StartError
from .network import spec

FILE = "beacon.state"


@dataclass(frozen=True)
class Cursor:
    """The newest block of the execution chain whose requests were taken."""

    number: int
    hash: str


class Store:
    """Keeps the chain in a directory, for one configuration on one execution chain."""

    def __init__(self, directory: Path, identity: dict[str, Any]) -> None:
        self.path = directory / FILE
        self.identity = identity
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StartError(f"--data {directory}: {error.strerror}") from error

    def save(self, chain: BeaconChain, cursor: Cursor) -> None:
        parts = [chain.state.encode_bytes(), chain.final.encode_bytes()]
        parts += [signed.encode_bytes() for signed in chain.pool.values()]
        header = {
            "identity": self.identity,
            "cursor": {"number": cursor.number, "hash": cursor.hash},
            "sizes": [len(part) for part in parts],
        }
        temporary = self.path.with_suffix(".tmp")
        with open(temporary, "wb") as file:
            file.write(json.dumps(header).encode() + b"\n" + b"".join(parts))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)

    def load(self) -> tuple[BeaconChain, Cursor] | None:
        if not self.path.exists():
            return None
        try:
            line, _, rest = self.path.read_bytes().partition(b"\n")
            header = json.loads(line)
            parts = []
            for size in header["sizes"]:
                parts.append(rest[:size])
                rest = rest[size:]
            if header["identity"] != self.identity:
                raise StartError(f"{self.path} is of another chain or of other settings; give another --data")
            state, final = (spec.BeaconState.decode_bytes(part) for part in parts[:2])
            pool = [spec.SignedVoluntaryExit.decode_bytes(part) for part in parts[2:]]
            return BeaconChain(state, final, pool), Cursor(header["cursor"]["number"], header["cursor"]["hash"])
        except StartError:
            raise
        except Exception as error:  # whatever bytes make of the decoders
            raise StartError(f"{self.path} cannot be read: {error}") from error
