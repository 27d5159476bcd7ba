"""Validators' keys: made, shared anew and ended, while leaders and operators die."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from control.state import RUN
from control.waiting import LogReader

from .scenario import check, scenario, wait
from .world import World


@contextlib.contextmanager
def quiet_story(world: World) -> Iterator[Any]:
    """The testnet's story, which speaks to a file."""
    # What reads the chain is not there yet where scenarios are only listed.
    from control.validators import Story
    with open(RUN / "story.log", "a") as log, contextlib.redirect_stdout(log):
        yield Story(world.program, world.testnet, 3)


@scenario(operators=True)
def validators(world: World) -> str:
    """Three validators are made though the leader dies in the ceremony, their deposits are good, one is shared anew, one
    leaves by its operators' signature and one by the contract, and all files verify alone."""
    with quiet_story(world) as story:
        summary = story.tell()
    return f"{len(summary.lines)} chapters in {sum(line.seconds for line in summary.lines):.0f} s"


@scenario(operators=True)
def operator_dies_in_a_ceremony(world: World) -> str:
    """An operator that is killed in a ceremony, and comes back, goes on with it: the key is made in the first attempt."""
    with quiet_story(world) as story:
        story.settle()
        readers = [LogReader(node) for node in world.nodes]
        asked = story.governor.keygen([1, 2, 3, 4], 1)
    victim = world.testnet.operator(1)
    seen: list[str] = []

    def ordered() -> bool:
        seen.extend(line for reader in readers for line in reader.lines() if asked.short in line)
        return any("is ordered" in line for line in seen)

    wait("the ceremony is ordered", ordered, 60)
    world.kill(victim)
    check(story.contract.state(asked.id) == ("open", 0), "the ceremony was over before the operator was killed")
    time.sleep(2)
    world.start(victim)
    wait("the validator is made", lambda: story.contract.state(asked.id) == ("done", 1), 120,
         seen=lambda: story.contract.state(asked.id))
    ordered()
    attempts = {line.split("attempt ", 1)[1].split(" ")[0] for line in seen if "is ordered" in line}
    check(attempts == {"1"}, f"it took attempts {sorted(attempts)}")
    return f"operator {victim.number} was away for 2 s"
