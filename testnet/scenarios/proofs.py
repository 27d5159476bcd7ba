"""What members have said: published, anchored, handed on and checked, and saved from a damaged disk."""

import contextlib
import json
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

from control.state import Node

from .mistakes import FAILED, configuration, ends
from .scenario import check, scenario, wait
from .world import World


def publish(world: World, node: Node, text: str, title: str) -> str:
    """Has an oracle say something; returns what it is called."""
    said = ends(world, ["proof", "publish", text, "--title", title, "--json", "--data", str(node.directory / "data")], 0)
    return json.loads(said)["id"]


def anchored(world: World, node: Node, name: str) -> dict | None:
    """What an oracle lists of a publication once it is anchored."""
    listed = world.oracle("proof", "list", "--published", "--json", "--data", str(node.directory / "data"))
    if listed.returncode != 0:
        return None
    return next((item for item in json.loads(listed.stdout) if item["id"] == name and item.get("anchor")), None)


@scenario(alone=True)
def publication(world: World) -> str:
    """What an operator publishes on one oracle is anchored although the leader is killed; another oracle hands it on with its
    proof, which holds without any oracle, and does not once a byte of it is another."""
    before = world.settle()
    author = world.follower()
    witness = world.others(author, world.leader())[0]
    title, text = "who leads \x1b[2J", "first line\nVALID \u202e for all"
    name = publish(world, author, text, title)
    # Before the list that has it can be on the chain.
    leader = world.leader()
    world.kill(leader)
    world.wait_for_next(world.others(leader), above=before["view"])
    item = wait(f"{name} is anchored", lambda: anchored(world, witness, name), 120)
    check(item["title"] == "who leads \\u{1b}[2J", f"its title is listed as {item['title']!r}")
    bundle, record = witness.directory / "said.json", witness.directory / "committee.json"
    data = str(witness.directory / "data")
    ends(world, ["proof", "export", name, "-o", str(bundle), "--data", data], 0)
    ends(world, ["committee", "export", "-o", str(record), "--data", data], 0)
    with tempfile.TemporaryDirectory() as empty:
        copies = [shutil.copy(file, empty) for file in (bundle, record)]
        said = ends(world, ["proof", "verify", copies[0], "--committee", copies[1]], 0, "VALID", "  | first line", name)
        check("\x1b" not in said and "\u202e" not in said, "what a member has written reaches the terminal as it is")
        spoilt = Path(empty) / "spoilt.json"
        entry = json.loads(bundle.read_text())["entry"]
        changed = entry[:200] + ("0" if entry[200] != "0" else "1") + entry[201:]
        spoilt.write_text(bundle.read_text().replace(entry, changed))
        ends(world, ["proof", "verify", str(spoilt), "--committee", copies[1]], 1, "NOT VALID")
        logs = Path(empty) / "logs.bin"
        ends(world, ["log", "export", "-o", str(logs), "--data", data], 0)
        ends(world, ["log", "verify", str(logs), "--committee", copies[1]], 0, "VALID", "by list")
        whole = logs.read_bytes()
        logs.write_bytes(whole[:len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1:])
        check(world.oracle("log", "verify", str(logs)).returncode != 0, "a changed file of logs is taken")
    world.start(leader)
    world.settle()
    return f"{name} by anchor {item['anchor']}"


def _spoil(database: Path, table: str) -> None:
    """Overwrites the page on which a table begins."""
    with contextlib.closing(sqlite3.connect(database)) as reader:
        page, = reader.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        size, = reader.execute("PRAGMA page_size").fetchone()
    with open(database, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(os.urandom(size))


@scenario(alone=True)
def salvaged_database(world: World) -> str:
    """An oracle whose database has a damaged page goes on with what is whole, catches up and leads again; one whose votes are
    damaged is not brought back."""
    world.settle()
    node = world.follower()
    data = node.directory / "data"
    logs = ["log", "export", "-o", str(node.directory / "logs.bin"), "--data"]
    run = ["run", "--config", str(configuration(node))]
    saved = node.directory / "saved"
    node.process.stop(10)
    shutil.copytree(data, saved, ignore=shutil.ignore_patterns("*.sock"))
    _spoil(data / "oracle.sqlite", "states")
    ends(world, run, FAILED, "damaged", "oracle store salvage")
    ends(world, ["store", "check", "--data", str(data)], 1, "LOST", "the votes given")
    ends(world, ["store", "salvage", "--data", str(data)], 1, "the votes given", "have the committee replace this member")
    ends(world, run, FAILED, "damaged")
    shutil.rmtree(data)
    shutil.copytree(saved, data)
    _spoil(data / "oracle.sqlite", "certificates")
    ends(world, run, FAILED, "damaged")
    ends(world, ["store", "salvage", "--data", str(data)], 0, "A new database is in place")
    world.start(node)
    world.settle()

    def copies() -> set[str]:
        """What the logs come to at the oracles."""
        found = set()
        for one in world.nodes:
            ends(world, [*logs, str(one.directory / "data")], 0)
            report = json.loads(ends(world, ["log", "verify", logs[3], "--json"], 0))
            found.add(json.dumps(sorted((log["identity"], log["root"]) for log in report["logs"])))
        return found

    wait("all have the same logs", lambda: len(copies()) == 1, 60)
    for _ in range(12):
        before = world.settle()
        if world.leader() is node:
            return f"leads view {before['view']}"
        leader = world.leader()
        world.kill(leader)
        world.wait_for_next(world.others(leader), above=before["view"])
        world.start(leader)
    check(False, "it does not lead again")
    return ""
