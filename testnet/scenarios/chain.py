"""The chain goes away, comes back, and takes back what it has shown."""

import signal
import time

from .scenario import check, scenario, wait
from .world import World, brief


@scenario
def chain_restarted(world: World) -> str:
    """While the chain is away the oracles elect and certify; when it is back they go on and anchor."""
    before, leader = world.settle(), world.leader()
    for number, away in ((signal.SIGTERM, 1.0), (signal.SIGKILL, 6.0)):
        shown = world.elections()
        world.stop_chain(number)
        dead, rest = leader, world.others(leader)
        world.kill(dead)
        certified = wait(
            "a leader is certified without a chain",
            lambda: next((answer for answer in [world.status(rest[0])]
                          if (answer.get("certificate") or {}).get("view", 0) > before["view"]), None),
            seen=lambda: [brief(world.status(node)) for node in rest])
        time.sleep(away)
        check(all(world.status(node) for node in rest), "an oracle has ended because the chain is away")
        world.start_chain()
        check(world.elections() == shown, "the chain came back with other elections")
        world.start(dead)
        before = world.settle(above=certified["certificate"]["view"] - 1)
        leader = world.leader()
    return f"anchored view {before['view']} after two restarts of the chain"


@scenario
def chain_away_for_oracles_that_start(world: World) -> str:
    """Members that are killed and started while the chain is away elect and certify; all is anchored once it is back."""
    before, shown = world.settle(), world.elections()
    world.stop_chain(signal.SIGKILL)
    world.kill(*world.nodes)
    world.start(*world.nodes)
    # One more is killed, so that what they had certified before does not suffice.
    wait("the oracles find each other without a chain",
         lambda: all(world.status(node).get("isReady") for node in world.nodes), 60,
         seen=lambda: [brief(world.status(node)) for node in world.nodes])
    leader = world.leader()
    rest = world.others(leader)
    view = world.view()
    world.kill(leader)
    wait("the rest certify the next one",
         lambda: all((world.status(node).get("certificate") or {}).get("view", 0) > view for node in rest), 60,
         seen=lambda: [brief(world.status(node)) for node in rest])
    world.start(leader)
    wait("the last one comes back without a chain", lambda: world.status(leader).get("isReady"), 60)
    for node in world.nodes:
        answer = world.status(node)
        check(answer["chain"].get("recalledFromBlock"), f"oracle {node.number} does not say that it began from its disk")
        why = world.oracle("status", "--why", "--socket", str(node.socket)).stdout
        check("The chain has been silent since this node started" in why, f"oracle {node.number} says only: {why}")
        check(answer["groupKey"]["key"] == before["groupKey"]["key"], "the group key is another one")
    view = world.view()
    marks = [world.mark(node) for node in world.nodes]
    world.start_chain()
    check(world.elections() == shown, "the chain came back with other elections")
    after = world.settle(above=view - 1)
    for node, mark in zip(world.nodes, marks, strict=True):
        check(not world.status(node)["chain"].get("recalledFromBlock"), f"oracle {node.number} did not hear the chain")
        check("the chain answers, and names epoch 1" in world.log(node, mark), f"oracle {node.number} compared nothing")
    return f"view {before['view']}, then {view} without a chain, {after['view']} anchored after it"


@scenario
def disk_of_another_registry(world: World) -> str:
    """A member whose data directory belongs to another registry says so, and does not start."""
    world.settle()
    node = world.follower()
    world.stop(node)
    configuration = node.directory / "oracle.yaml"
    text = configuration.read_text()
    registry = world.testnet.registry["registry"]
    configuration.write_text(text.replace(registry, "0x" + "11" * 20))
    ended = world.oracle("run", "--config", str(configuration))
    configuration.write_text(text)
    check(ended.returncode not in (0, None), "the oracle runs on another registry's data")
    said = ended.stderr + ended.stdout
    check("this data directory belongs to the registry" in said, f"the oracle said only: {said[-400:]}")
    world.start(node)
    world.settle()
    return "refused"


def _elect_freshly(world: World) -> dict:
    """Kills the leader so that there is a young LeaderElected; returns it as the chain shows it."""
    view, leader = world.settle()["view"], world.leader()
    world.kill(leader)
    answer = world.wait_for_next(world.others(leader), view)
    world.start(leader)
    return world.check_on_chain(answer)


def _take_back(world: World, election: dict, drop: list[str]) -> None:
    depth = int(world.rpc("eth_blockNumber"), 16) - election["block"] + 1
    removed = world.rpc("dev_reorg", {"depth": depth, "drop": drop})["removed"]
    check(election["blockHash"] in removed, "the reorganisation left the election's block alone")


@scenario
def reorg_of_the_anchor(world: World) -> str:
    """When the chain takes back LeaderElected and forgets its transaction, the oracles see it and anchor it again."""
    election = _elect_freshly(world)
    marks = [world.mark(node) for node in world.nodes]
    _take_back(world, election, [election["transaction"]])

    def again() -> dict | None:
        return next((found for found in world.elections()
                     if found["view"] >= election["view"] and found["blockHash"] != election["blockHash"]), None)

    found = wait("an election is on the chain again", again, 40)
    settled = world.settle(above=election["view"] - 1)
    told = [node.number for node, mark in zip(world.nodes, marks, strict=True)
            if f"LeaderElected of view {election['view']} was taken back" in world.log(node, mark)]
    check(len(told) >= 3, f"only oracles {told} tell in their logs that the election was taken back")
    return f"view {election['view']} of block {election['block']}, again in block {found['block']}, now {settled['view']}"


@scenario
def reorg_that_keeps_the_transaction(world: World) -> str:
    """When the anchor's transaction returns to the pool and comes in another block, nothing is anchored twice."""
    election = _elect_freshly(world)
    _take_back(world, election, [])
    wait("the election is on the chain again",
         lambda: any(found["view"] == election["view"] and found["blockHash"] != election["blockHash"]
                     for found in world.elections()), 30)
    world.settle(above=election["view"] - 1)
    views = [found["view"] for found in world.elections()]
    check(len(views) == len(set(views)), f"an election is on the chain twice: {views}")
    return f"view {election['view']} moved to another block"
