"""What operators and their machines do wrong: each gets a message that says what to do, and an exit code."""

import contextlib
import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from control import inspect, launch
from control.process import Process
from control.state import RUN, Node

from .disk import fill, small_disk
from .scenario import check, scenario, wait
from .world import World, brief, private_file

FAILED, MISCONFIGURED, MISUSED = 2, 78, 64
PATIENCE = 20.0


def ends(world: World, words: list[str], status: int, *says: str) -> str:
    """The program ends with this status, and says all of this."""
    ended = world.oracle(*words, patience=PATIENCE)
    said = ended.stdout + ended.stderr
    what = f"oracle {' '.join(words)}"
    check(ended.returncode == status, f"{what} ended with {ended.returncode}, not {status}; it said: {said.strip()}")
    for word in says:
        check(word in said, f"{what} does not say '{word}', but: {said.strip()}")
    check("Fatal error" not in said and "Traceback" not in said, f"{what} crashed: {said.strip()}")
    return said


def single(world: World, name: str) -> Node:
    """An oracle of its own beside the testnet, no member, that listens at a free port."""
    node = _Extra(name)
    place = launch.loopback(1)[0]
    launch.make_keys(world.program, node, place.endpoint)
    launch.write_configuration(node, place.listen, world.testnet.rpc, world.testnet.registry, "250ms")
    return node


class _Extra(Node):
    def __init__(self, name: str):
        super().__init__(0)
        self.name = name

    @property
    def directory(self) -> Path:
        return RUN / self.name


def configuration(node: Node) -> Path:
    return node.directory / "oracle.yaml"


def edited(node: Node, pattern: str, replacement: str) -> Path:
    """Its configuration with one place changed, in another file."""
    text, count = re.subn(pattern, replacement, configuration(node).read_text())
    check(count == 1, f"the configuration has no single {pattern}")
    path = node.directory / "edited.yaml"
    path.write_text(text)
    return path


@contextlib.contextmanager
def running(world: World, config: Path, log: Path) -> Iterator[Process]:
    process = Process.launch([world.program, "run", "--config", str(config)], log)
    try:
        yield process
    finally:
        process.stop(10)


def tells(log: Path, *words: str, process: Process | None = None) -> None:
    """The log comes to say all of this."""
    def text() -> str:
        return log.read_text(errors="replace") if log.exists() else ""

    for word in words:
        # Addresses are written in mixed case.
        wait(f"the log says '{word}'", lambda w=word: w.lower() in text().lower(), PATIENCE,
             seen=lambda: text()[-600:])
    check(process is None or process.alive, f"the oracle has ended: {text()[-600:]}")


@scenario
def wrong_words(world: World) -> str:
    """A missing, broken or wrong configuration names the setting and the remedy and ends with 78, a wrong command with 64."""
    empty = world.nodes[0].directory / "edited.yaml"
    empty.write_text("chain:\n  id: 1\n  rcp: [x]\n")
    ends(world, ["run", "--config", "/nowhere/oracle.yaml"], MISCONFIGURED, "/nowhere/oracle.yaml")
    ends(world, ["run"], MISCONFIGURED, "data.directory is not set", "registry.address is not set")
    ends(world, ["run", "--config", str(empty)], MISCONFIGURED, "chain.rcp", "chain.rpc")
    empty.write_text("chain: [unclosed\n")
    ends(world, ["run", "--config", str(empty)], MISCONFIGURED, "is not understood")
    ends(world, ["run", "--config", str(edited(world.nodes[0], r"poll: \S+", "poll: soon")), "--check-config"],
         MISCONFIGURED, "chain.poll is 'soon'")
    ends(world, ["run", "--config", str(configuration(world.nodes[0])), "--set", "nonsense"], MISUSED, "key=value")
    ends(world, ["dance"], MISUSED, "dance")
    ends(world, ["status", "--socket", "/nowhere/oracle.sock"], 3, "no node answers")
    return "8 mistakes"


@scenario
def wrong_keys(world: World) -> str:
    """A wrong passphrase, a wrong or readable key file, keys that are there or missing: each is said, and ends with 2."""
    place = RUN / "keys"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    right = private_file(place / "right", b"correct horse battery staple\n")
    wrong = private_file(place / "wrong", b"incorrect horse\n")
    new = ["keys", "new", "--data", str(place / "data"), "--endpoint", "127.0.0.1:1", "--passphrase-file"]
    ends(world, [*new, str(right)], 0, '"identity"')
    ends(world, [*new, str(right)], FAILED, "there are keys at")
    node = world.nodes[0]
    with_passphrase = edited(node, r"directory: \S+\n(keys:\n)  keyFile: \S+",
                             rf"directory: {place / 'data'}\n\1  passphraseFile: {wrong}")
    ends(world, ["run", "--config", str(with_passphrase)], FAILED, "does not open", "passphrase")
    other = private_file(place / "other.key", os.urandom(32))
    ends(world, ["run", "--config", str(edited(single(world, "wrong-key"), r"keyFile: \S+", f"keyFile: {other}"))],
         FAILED, "does not open")
    other.chmod(0o644)
    ends(world, ["run", "--config", str(edited(single(world, "open-key"), r"keyFile: \S+", f"keyFile: {other}"))],
         FAILED, "chmod 600")
    (place / "nothing").mkdir(mode=0o700)
    ends(world, ["run", "--config", str(edited(node, r"directory: \S+", f"directory: {place / 'nothing'}"))],
         FAILED, "oracle keys new")
    return "6 mistakes"


@scenario
def port_in_use(world: World) -> str:
    """An oracle whose port another program has says so and ends with 2."""
    node = single(world, "port-in-use")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        config = edited(node, r"address: 127\S+", f"address: 127.0.0.1:{port}")
        ends(world, ["run", "--config", str(config)], FAILED, f"cannot listen on 127.0.0.1:{port}", "ss -ltnp")
    return f"port {port}"


@scenario
def wrong_chain(world: World) -> str:
    """With another chain id, genesis or contract an oracle says what does not fit, and takes part in nothing."""
    node = single(world, "wrong-chain")
    log = node.directory / "wrong.log"
    with running(world, edited(node, r"id: \d+", "id: 5"), log) as process:
        tells(log, "not the configured chain", process=process)
    config = edited(node, r"chain:\n", f"chain:\n  genesis: \"0x{'ab' * 32}\"\n")
    log = node.directory / "genesis.log"
    with running(world, config, log) as process:
        tells(log, "genesis", process=process)
    node = single(world, "wrong-contract")
    log = node.directory / "contract.log"
    with running(world, edited(node, r'address: "0x\w+"', f'address: "0x{"ab" * 20}"'), log) as process:
        tells(log, f"has no contract at 0x{'ab' * 20}", process=process)
    return "chain id, genesis, contract"


@scenario
def no_member(world: World) -> str:
    """An oracle that the committee does not name says so and what is to be done, and goes on."""
    node = single(world, "no-member")
    log = node.directory / "oracle.log"
    with running(world, configuration(node), log) as process:
        tells(log, "not a member of the committee", process=process)
        said = world.oracle("status", "--why", "--socket", str(node.socket)).stdout
        check("governor" in said, f"status --why does not say who can help: {said}")
    return "says that its governor has to propose one"


@scenario
def bad_endpoint(world: World) -> str:
    """While the chain's endpoint hangs, answers HTML, errors or lies, the oracles go on, say why, and then anchor."""
    done = []
    for fault in (
        {"mode": "hang"}, {"mode": "garbage"}, {"mode": "http500"}, {"mode": "truncated"},
        {"mode": "wrong_chain", "chainId": 7}, {"mode": "lie", "methods": ["eth_getLogs"], "result": [{"data": "0x"}]},
        {"mode": "lie", "result": "0xdeadbeef"},
    ):
        before, leader = world.settle(), world.leader()
        rest = world.others(leader)
        with world.fault(**fault):
            world.kill(leader)
            name = fault["mode"]
            wait(f"a leader is certified while the endpoint does {name}",
                 lambda: all((world.status(node).get("certificate") or {}).get("view", 0) > before["view"] for node in rest),
                 seen=lambda: [brief(world.status(node)) for node in rest])
            # A chain's id is asked for once, and a lie may be what an honest chain says.
            if name not in ("wrong_chain", "lie"):
                wait(f"the oracles say what is wrong with an endpoint that does {name}",
                     lambda: all(any(found["state"] != "ready" for found in world.status(node)["chain"]["endpoints"])
                                 for node in rest), 30,
                     seen=lambda: [world.status(node)["chain"]["endpoints"] for node in rest])
        world.start(leader)
        world.settle(above=before["view"])
        done.append(name)
    return ", ".join(done)


@scenario(alone=True)
def damaged_database(world: World) -> str:
    """A database that is truncated, overwritten or lost, or whose write-ahead log is lost, is told from a new one; the
    oracle ends with 2 and signs nothing on it."""
    world.settle()
    node = world.follower()
    data, saved = node.directory / "data", node.directory / "saved"
    database, log = data / "oracle.sqlite", data / "oracle.sqlite-wal"
    run = ["run", "--config", str(configuration(node))]

    def save() -> None:
        shutil.rmtree(saved, ignore_errors=True)
        shutil.copytree(data, saved, ignore=shutil.ignore_patterns("*.sock"))

    def restore() -> None:
        shutil.rmtree(data)
        shutil.copytree(saved, data)

    world.kill(node)
    save()
    check(log.exists(), "a killed oracle leaves no write-ahead log")
    log.unlink()
    ends(world, run, FAILED, "write-ahead log", "is gone", "oracle keys new")
    restore()
    world.start(node)
    world.settle()
    node.process.stop(10)
    save()
    os.truncate(database, database.stat().st_size // 2)
    ends(world, run, FAILED, "damaged", "oracle store check")
    restore()
    os.truncate(database, 2_000)
    ends(world, run, FAILED, "damaged")
    restore()
    with open(database, "r+b") as file:
        file.write(os.urandom(4096))
    ends(world, run, FAILED, "damaged")
    restore()
    database.unlink()
    ends(world, run, FAILED, "is gone, but this node has run before")
    restore()
    world.start(node)
    world.settle()
    return "5 kinds"


@scenario
def two_processes_on_one_directory(world: World) -> str:
    """A second process on a data directory that is in use says which process has it, and ends with 2."""
    before = world.settle()
    node = world.follower()
    ends(world, ["run", "--config", str(configuration(node))], FAILED, f"is in use by process {node.process.pid}")
    world.settle()
    check(world.view() == before["view"], "the members have noticed")
    return "the first goes on"


@scenario(alone=True)
def copied_directory(world: World) -> str:
    """When a copy of a member's data directory runs elsewhere, that is told, and no promise is broken: at most this
    member stops, the others elect."""
    before = world.settle()
    node = world.follower()
    twin = _Extra("twin")
    shutil.copytree(node.directory, twin.directory, ignore=shutil.ignore_patterns("*.sock", "oracle.log"))
    text = configuration(node).read_text().replace(str(node.directory), str(twin.directory))
    port = launch.free_ports(1)[0]
    configuration(twin).write_text(re.sub(r"address: 127\S+", f"address: 127.0.0.1:{port}", text))
    mark = world.mark(node)
    with running(world, configuration(twin), twin.log) as process:
        def told() -> list[str]:
            logs = {"the copy": twin.log.read_text(errors="replace") if twin.log.exists() else "",
                    "the original": world.log(node, mark)}
            return [who for who, log in logs.items() if "another process signs" in log]

        who = wait("one of the two says that another process signs with its identity", told, 30,
                   seen=lambda: (twin.log.read_text(errors="replace")[-500:], world.log(node, mark)[-500:]))
        wait("who says so stops", lambda: ("the copy" in who and not process.alive)
             or ("the original" in who and not node.alive), 10)
        stopped = f"{' and '.join(who)} stopped"
        # The one that is left is a member like any other.
        leader = world.leader()
        inspect.drain(leader, True)
        answer = world.wait_for_next(world.others(node), before["view"])
    return f"{stopped}; view {before['view']} to {answer['view']}"


@scenario(alone=True)
def full_disk(world: World) -> str:
    """An oracle whose disk is full says so and stops with 2 before it breaks a promise; the others go on; with room again
    it starts and catches up."""
    before = world.settle()
    node = world.follower()
    data = node.directory / "data"
    world.kill(node)
    with small_disk(data, megabytes=4):
        world.start(node)
        world.settle()
        filler = data / "filler"
        mark = world.mark(node)
        fill(filler)
        # An election makes every member write.
        leader = world.leader()
        inspect.drain(leader, True)
        wait("the oracle with the full disk stops", lambda: not node.alive, 60, seen=lambda: world.log(node, mark)[-600:])
        said = world.log(node, mark)
        check("no room left" in said and "Free space" in said, f"it does not say that the disk is full: {said[-600:]}")
        answer = world.wait_for_next(world.others(node), before["view"])
        filler.unlink()
        world.start(node)
        world.settle(above=answer["view"] - 1)
        world.kill(node)
    return f"view {before['view']} to {world.view()}"
