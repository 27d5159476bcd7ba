"""Where blocks and states are kept: in memory, or in one SQLite file that a restart goes on from."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import rlp
from eth.db.backends.base import BaseDB
from eth.db.backends.memory import MemoryDB
from eth.vm.forks import PragueVM
from eth_utils import keccak

from .block import SealedBlock
from .config import ChainConfig
from .errors import StartError, StoreFailure

FORMAT = "1"
FILE_NAME = "chain.sqlite"
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE nodes (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE blocks (hash BLOB PRIMARY KEY, block BLOB NOT NULL, receipts BLOB NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class StoredChain:
    """What a data directory held: every block ever sealed, orphans too, and the canonical head."""

    config: ChainConfig
    blocks: dict[bytes, SealedBlock]
    genesis: bytes
    head: bytes
    finalized: int  # number


class MemoryStore:
    """Forgets everything with the process."""

    def __init__(self) -> None:
        self.database: BaseDB = MemoryDB()

    def load(self) -> StoredChain | None:
        return None

    def commit(self, config: ChainConfig, added: list[SealedBlock], head: bytes, finalized: int) -> None:
        """Nothing to make durable."""

    def close(self) -> None:
        """Nothing to close."""


class NodeCache(BaseDB):
    """State by hash: written to memory at once, to the file with the next commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._cache: dict[bytes, bytes] = {}
        self._changed: dict[bytes, bytes | None] = {}

    def __getitem__(self, key: bytes) -> bytes:
        value = self._find(key)
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        if self._cache.get(key) != value:
            self._cache[key] = value
            self._changed[key] = value

    def __delitem__(self, key: bytes) -> None:
        if self._find(key) is None:
            raise KeyError(key)
        self._cache.pop(key, None)
        self._changed[key] = None

    def _exists(self, key: bytes) -> bool:
        return self._find(key) is not None

    def _find(self, key: bytes) -> bytes | None:
        if key in self._cache:
            return self._cache[key]
        if key in self._changed:
            return None  # deleted, the file does not know yet
        row = self._connection.execute("SELECT value FROM nodes WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        self._cache[key] = row[0]
        return self._cache[key]

    def flush(self) -> None:
        """Write the changes inside the transaction that the caller has opened."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO nodes VALUES (?, ?)",
            [(key, value) for key, value in self._changed.items() if value is not None],
        )
        self._connection.executemany(
            "DELETE FROM nodes WHERE key = ?", [(key,) for key, value in self._changed.items() if value is None]
        )
        self._changed.clear()


class FileStore:
    """One transaction per change of the head, on the disk before the change is told to anyone."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute("COMMIT")
        except OSError as error:
            raise StartError(f"--data {folder}: {error.strerror}") from error
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StartError(f"--data {folder}: another development chain is running on it") from error
            raise StartError(f"--data {folder}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise self._corrupt(str(error)) from error
        self._cache = NodeCache(self._connection)
        self.database: BaseDB = self._cache

    def _corrupt(self, why: str) -> StartError:
        return StartError(
            f"--data {self._path.parent}: {self._path.name} is damaged ({why}); "
            "remove the directory to begin a new chain"
        )

    def load(self) -> StoredChain | None:
        try:
            tables = self._connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()
            if tables[0] == 0:
                self._connection.executescript(SCHEMA)
            meta = dict(self._connection.execute("SELECT name, value FROM meta"))
            if not meta:
                return None
            if meta.get("format") != FORMAT:
                raise StartError(
                    f"--data {self._path.parent}: format {meta.get('format')} is not {FORMAT}; "
                    "remove the directory to begin a new chain"
                )
            blocks = {block.hash: block for block in self._blocks()}
            stored = StoredChain(
                ChainConfig.from_text(meta["config"]),
                blocks,
                bytes.fromhex(meta["genesis"]),
                bytes.fromhex(meta["head"]),
                int(meta["finalized"]),
            )
            self._check(stored)
            return stored
        except StartError:
            raise
        except (sqlite3.DatabaseError, rlp.RLPException, ValueError, KeyError, TypeError) as error:
            raise self._corrupt(f"{type(error).__name__}: {error}") from error

    def _blocks(self) -> Iterator[SealedBlock]:
        block_class = PragueVM.get_block_class()
        builder = PragueVM.get_receipt_builder()
        for block_hash, encoded, receipts in self._connection.execute("SELECT hash, block, receipts FROM blocks"):
            block = rlp.decode(encoded, sedes=block_class)
            if block.header.hash != block_hash:
                raise ValueError(f"the block stored as {block_hash.hex()} has another hash")
            yield SealedBlock(block, tuple(builder.decode(item) for item in rlp.decode(receipts)))

    def _check(self, stored: StoredChain) -> None:
        """Follow the canonical chain down to the genesis, and see that the head's state is there."""
        block = stored.blocks[stored.head]
        if not self._cache.exists(block.header.state_root):
            raise ValueError("the state of the head is missing")
        if keccak(self._cache[block.header.state_root]) != block.header.state_root:
            raise ValueError("the state of the head has another hash")
        if not 0 <= stored.finalized <= block.number:
            raise ValueError("the finalized block is above the head")
        while block.number:
            block = stored.blocks[block.header.parent_hash]
        if block.hash != stored.genesis:
            raise ValueError("the head descends from another genesis block")

    def commit(self, config: ChainConfig, added: list[SealedBlock], head: bytes, finalized: int) -> None:
        """Make new blocks, their state and the new head durable, all or nothing.

        Raises StoreFailure; the store is of no more use then, what it could not write is gone from it.
        """
        try:
            self._connection.execute("BEGIN")
            self._cache.flush()
            self._connection.executemany(
                "INSERT OR REPLACE INTO blocks VALUES (?, ?, ?)",
                [
                    (block.hash, block.encoded, rlp.encode([receipt.encode() for receipt in block.receipts]))
                    for block in added
                ],
            )
            meta = [("head", head.hex()), ("finalized", str(finalized))]
            if any(block.number == 0 for block in added):
                meta += [("format", FORMAT), ("config", config.as_text()), ("genesis", added[0].hash.hex())]
            self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            # SQLite undoes an open transaction when the file is opened next.
            raise StoreFailure(f"{self._path}: {error}") from error

    def close(self) -> None:
        self._connection.close()


Store = MemoryStore | FileStore
