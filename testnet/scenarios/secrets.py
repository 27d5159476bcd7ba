"""Secrets stay in the locked memory of the process that they belong to, and under seal on its disk."""

import base64
import ctypes
import ctypes.util
import re
import sqlite3
from pathlib import Path

from control import inspect
from control.state import RUN, Node

from .scenario import check, scenario
from .world import World

HEADER, TAG = 64, 16
# Under which names the kinds of sealed secrets go here; the numbers are those of the format.
KINDS = {1: "identity seed", 2: "account key", 3: "share of the group key", 4: "encryption key"}


def unseal(sealed: bytes, key: bytes, context: bytes = b"") -> bytes:
    """The secret under a key file or the master key; the format is that of SealedSecret.swift."""
    sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
    secret = ctypes.create_string_buffer(len(sealed) - HEADER - TAG)
    known = sealed[:HEADER] + context
    failed = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        secret, None, None, sealed[HEADER:], ctypes.c_ulonglong(len(sealed) - HEADER), known,
        ctypes.c_ulonglong(len(known)), sealed[36:60], key)
    check(not failed, f"a sealed secret of kind {sealed[9]} does not open")
    return secret.raw


def secrets_of(node: Node) -> dict[str, bytes]:
    """The keys that an oracle keeps under seal, and the key file that opens them."""
    keys = node.directory / "data" / "keys"
    key_file = (node.directory / "seal.key").read_bytes()
    master = unseal((keys / "master.sealed").read_bytes(), key_file)
    found = {"key file": key_file, "master key": master}
    for file in keys.glob("*.sealed"):
        sealed = file.read_bytes()
        if file.name != "master.sealed":
            context = bytes.fromhex(file.stem.removeprefix("encryption-")) if sealed[9] == 4 else b""
            found[KINDS[sealed[9]]] = unseal(sealed, master, context)
    return found


def share_of(node: Node, master: bytes) -> dict[str, bytes]:
    with sqlite3.connect(f"file:{node.directory / 'data' / 'oracle.sqlite'}?mode=ro", uri=True) as database:
        rows = [row for (row,) in database.execute("SELECT sealed FROM secrets")]
    # Before the seal stands the transcript of the key that it is a share of.
    return {KINDS[row[32 + 9]]: unseal(row[32:], master, row[:32]) for row in rows}


def forms(secret: bytes) -> list[bytes]:
    """A secret as logs, replies or files would show it, whole or a half of it, from either end."""
    found = []
    for turned in (secret, secret[::-1]):
        found.append(turned)
        found += [turned[:16].hex().encode(), turned[16:].hex().encode()]
        found += [", ".join(map(str, turned[:8])).encode(), " ".join(map(str, turned[:8])).encode()]
        for offset in range(3):
            # The first and the last letters depend on what stands beside the secret.
            text = base64.b64encode(bytes(offset) + turned)[4:-4]
            found += [text[:20], text[:20].replace(b"+", b"-").replace(b"/", b"_")]
    return found


def places(content: bytes, secret: bytes) -> list[bytes]:
    lowered = content.lower()
    return [form for form in forms(secret)
            if form in content or re.fullmatch(rb"[0-9a-f]{32}", form) and form in lowered]


def locked_parts(node: Node) -> list[tuple[int, int, bool]]:
    """What the process may write to: from, to, and whether it is kept out of swap."""
    parts, here = [], None
    for line in Path(f"/proc/{node.process.pid}/smaps").read_text().splitlines():
        words = line.split()
        if re.fullmatch(r"[0-9a-f]+-[0-9a-f]+", words[0]):
            low, high = (int(bound, 16) for bound in words[0].split("-"))
            here = (low, high) if words[1].startswith("rw") and high - low <= 1 << 30 else None
        elif words[0] == "VmFlags:" and here:
            parts.append((*here, "lo" in words))
    return parts


def search_memory(node: Node, secrets: dict[str, bytes]) -> int | None:
    """How many copies lie in locked memory; fails at one elsewhere. None where even the memory's owner may not look."""
    hits = 0
    try:
        memory = open(f"/proc/{node.process.pid}/mem", "rb", buffering=0)
        parts = locked_parts(node)
    except PermissionError:
        return None
    with memory:
        for low, high, is_locked in parts:
            try:
                memory.seek(low)
                content = memory.read(high - low) or b""
            except (OSError, ValueError):
                continue
            for name, secret in secrets.items():
                found = content.count(secret) + content.count(secret[::-1])
                check(is_locked or not found, f"oracle {node.number} has its {name} in memory that is not locked")
                hits += found
    return hits


def check_hardening(node: Node) -> None:
    limits = Path(f"/proc/{node.process.pid}/limits").read_text()
    check(re.search(r"Max core file size +0 +0 ", limits), f"oracle {node.number} may leave a core file")


@scenario(further="log:\n  level: trace\n")
def secrets_stay_inside(world: World) -> str:
    """No key, passphrase or share stands in a log of any level or form, in a reply or in a file, whole or in part, nor
    in memory that is not locked; and no oracle may leave a core file."""
    said = []
    # Now, because an oracle erases its encryption key as soon as it has its share.
    secrets = {node.number: secrets_of(node) for node in world.nodes}

    def live() -> None:
        world.settle()
        view, leader = world.view(), world.leader()
        world.kill(leader)
        world.wait_for_next(world.others(leader), view)
        world.start(leader)
        world.settle(above=view)
        for node in world.nodes:
            said.append(world.oracle("status", "--why", "--socket", str(node.socket)).stdout.encode())
            said.append(repr(world.status(node)).encode() + inspect.metrics(node).encode())

    live()
    for node in world.nodes:
        file = node.directory / "oracle.yaml"
        file.write_text(file.read_text().replace("level: trace\n", "level: trace\n  format: json\n"))
    world.kill(*world.nodes)
    world.start(*world.nodes)
    live()
    copies = 0
    for node in world.nodes:
        secrets[node.number] |= share_of(node, secrets[node.number]["master key"])
        check(len(secrets[node.number]) >= 5, f"oracle {node.number} keeps only {', '.join(secrets[node.number])}")
        check_hardening(node)
        hits = search_memory(node, secrets[node.number])
        check(hits != 0, f"the search did not find the keys that oracle {node.number} must have in its memory")
        copies += hits or 0
    searched = 0
    files = [file for file in RUN.rglob("*") if file.is_file() and file.name != "seal.key"]
    contents = {str(file.relative_to(RUN)): file.read_bytes() for file in files}
    for number, text in enumerate(said):
        contents[f"reply {number}"] = text
    for name, content in contents.items():
        searched += len(content)
        for number, kept in secrets.items():
            for what, secret in kept.items():
                check(not places(content, secret), f"{name} shows the {what} of oracle {number}")
    identity = bytes.fromhex(world.status(world.nodes[0])["identity"].removeprefix("0x"))
    logs = b"".join(content for name, content in contents.items() if name.endswith("oracle.log"))
    check(places(logs, identity), "the search does not find in the logs what stands there")
    kinds = {name for kept in secrets.values() for name in kept}
    return f"{len(kinds)} kinds of secrets; {len(contents)} files and replies, {searched >> 10} KiB; {copies} copies in locked memory"
