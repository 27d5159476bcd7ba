"""Leaders and followers die, hang, hand over and come back."""

import signal

from control import inspect

from .scenario import check, scenario, stays, wait
from .world import World, brief, is_linked


@scenario
def elect(world: World) -> str:
    """From nothing the members make a group key, elect a leader, certify it, and the chain shows it."""
    answer = world.settle()
    keys = {world.status(node)["groupKey"]["key"] for node in world.nodes}
    check(len(keys) == 1, f"the oracles have different group keys: {keys}")
    check(all(world.status(node)["groupKey"]["hasShare"] for node in world.nodes), "an oracle has no share of the key")
    leading = [node.number for node in world.nodes if world.status(node)["isLeading"]]
    check(leading == [answer["leader"]], f"oracles {leading} act as leader, {answer['leader']} is elected")
    shown = world.command("status")
    check(shown.count("running") >= len(world.nodes), f"./testnet/status does not show all running: {shown}")
    return f"view {answer['view']}, key {answer['groupKey']['key'][:12]}…"


@scenario
def kill_leader_three_times(world: World) -> str:
    """Each time the leader is killed the others certify and anchor another one, and it rejoins and catches up."""
    dead = []
    for _ in range(3):
        view, leader = world.settle()["view"], world.leader()
        said = world.command("kill-leader")
        check(f"Killed oracle {leader.number}," in said, f"kill-leader did not name oracle {leader.number}: {said}")
        answer = world.wait_for_next(world.others(leader), view)
        check(answer["leader"] != leader.number, f"the dead oracle {leader.number} leads view {answer['view']}")
        world.command("restart", str(leader.number))
        world.settle(above=view)
        dead.append(leader.number)
    return f"killed {dead}, now view {world.view()}"


@scenario
def pause_leader(world: World) -> str:
    """A leader that hangs with its sockets open is deposed; when it goes on it follows the new one."""
    view, leader = world.settle()["view"], world.leader()
    world.command("pause-leader")
    answer = world.wait_for_next(world.others(leader), view)
    check(answer["leader"] != leader.number, f"the hanging oracle {leader.number} leads view {answer['view']}")
    world.command("restart", str(leader.number))
    wait(f"oracle {leader.number} is in the view of the others",
         lambda: world.status(leader).get("view") == world.view() > view, seen=lambda: brief(world.status(leader)))
    settled = world.settle(above=view)
    check(settled["view"] >= answer["view"], f"the view fell from {answer['view']} to {settled['view']}")
    check(world.status(leader)["isLeading"] == (settled["leader"] == leader.number),
          f"oracle {leader.number} acts as leader of view {settled['view']}, which {settled['leader']} leads")
    return f"view {view} to {settled['view']}"


@scenario
def hand_over(world: World) -> str:
    """A leader that is drained hands over to another and takes no view until it may again."""
    view, leader = world.settle()["view"], world.leader()
    ended = world.oracle("drain", "--socket", str(leader.socket))
    check(ended.returncode == 0, f"oracle drain ended with {ended.returncode}: {ended.stderr}")
    answer = world.wait_for_next(world.nodes, view)
    check(answer["leader"] != leader.number, f"the drained oracle {leader.number} leads view {answer['view']}")
    inspect.drain(leader, False)
    return f"view {view} to {answer['view']}"


@scenario
def told_to_end(world: World) -> str:
    """An oracle that is told to end, by SIGTERM or SIGINT, ends at once with 0, also while it is still starting; when it
    comes back it stands where the others stand and knows what is anchored, though no new election tells it."""
    view = world.settle()["view"]
    node = world.follower()
    world.kill(node)
    world.start(node)
    for number in (signal.SIGTERM, signal.SIGINT):
        world.settle(above=view - 1)
        # Of an election that is final no log is read again.
        wait("the election is final", lambda: f"LeaderElected of view {world.view()} is final" in world.log(node), 60)
        world.stop(node, number)
        world.start(node)
    world.settle(above=view - 1)
    for _ in range(12):
        world.stop(node)
        world.start(node)
    world.settle(above=view - 1)
    return f"view {view} to {world.view()}"


@scenario
def rejoin_of_a_follower(world: World) -> str:
    """A follower that was dead during two elections comes back and stands where the others stand."""
    view = world.settle()["view"]
    dead = world.follower()
    world.kill(dead)
    rest, drained = world.others(dead), []
    for _ in range(2):
        view = world.wait_for_next(rest, view - 1)["view"]
        drained.append(world.leader())
        inspect.drain(drained[-1], True)
        view = world.wait_for_next(rest, view)["view"]
        inspect.drain(drained[-1], False)
    world.start(dead)
    settled = world.settle(above=view - 1)
    names = ("epoch", "view", "leader", "certificate", "anchoredView", "quorum", "committeeSize")
    for node in world.nodes:
        for name in names:
            found = world.status(node).get(name)
            check(found == settled[name], f"oracle {node.number} has {name} {found}, the others {settled[name]}")
        check(world.status(node)["groupKey"]["hasShare"], f"oracle {node.number} has no share of the group key")
    return f"oracle {dead.number} missed the elections by {[node.number for node in drained]}, now view {settled['view']}"


@scenario
def all_killed_at_once(world: World) -> str:
    """When all members die at once and start again, they go on with the same group key where they stood, at once or
    slowly, and still elect."""
    before = world.settle()
    world.kill(*world.nodes)
    world.start(*world.nodes)
    after = world.settle(above=before["view"] - 1)
    check(after["groupKey"] == before["groupKey"], f"the group key is {after['groupKey']}, it was {before['groupKey']}")
    # Again, with a leader that comes so late that the others replace it.
    leader = world.leader()
    world.kill(*world.nodes)
    world.start(*world.others(leader))
    world.wait_for_next(world.others(leader), after["view"])
    world.start(leader)
    last = world.settle(above=after["view"])
    check(last["groupKey"]["key"] == before["groupKey"]["key"], "the group key is another one")
    check(all(world.status(node)["groupKey"]["hasShare"] for node in world.nodes), "a share of the group key is lost")
    return f"view {before['view']}, {after['view']}, {last['view']}"


@scenario
def no_quorum(world: World) -> str:
    """With two of four members dead no election is certified, and the others say why; when the two are back it goes on."""
    before, leader = world.settle(), world.leader()
    dead = [leader, world.follower()]
    rest = world.others(*dead)
    world.kill(*dead)
    stays("no election is certified without a quorum",
          lambda: all(world.status(node)["certificate"]["view"] == before["view"] for node in rest), 3.0,
          seen=lambda: [brief(world.status(node)) for node in rest])
    for node in rest:
        said = world.oracle("status", "--why", "--socket", str(node.socket))
        check("quorum" in said.stdout or "linked" in said.stdout, f"status --why does not say it: {said.stdout}")
    world.start(*dead)
    after = world.settle(above=before["view"] - 1)
    check(all(is_linked(world.status(node)) for node in world.nodes), "not all links are up")
    return f"view {before['view']} to {after['view']}"
