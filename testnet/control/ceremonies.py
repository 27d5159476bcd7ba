"""How long it takes from a request for validators to their deposits, by the number of operators."""

import statistics
import time
from dataclasses import dataclass, field

from devchain.client import Rpc
from devchain.operations import ValidatorOperations

from . import failover, inspect, launch
from .governor import Governor
from .state import Testnet
from .terminal import TestnetError, bold, dim, note, say
from .waiting import LogReader, wait

SIZES = (4, 7, 13)
BATCH = 20
PATIENCE = 300.0
# What is seen in turn: the words of an oracle's log, and at the end the chain.
STAGES = {"ordered": "is ordered", "made": "all is signed and checked", "signed": "the group has signed a report"}
INCLUDED = "included"


@dataclass
class Ceremonies:
    """The figures of one kind of request."""

    operators: int
    validators: int
    # Seconds from the block of the request until each stage, a figure a request.
    stages: dict[str, list[float]] = field(default_factory=dict)


def measure(program: str, sizes: list[int], rounds: int, batch: int, block_time: float) -> list[Ceremonies]:
    """One testnet with as many operators as the largest size takes; requests one after the other."""
    count = rounds * len(sizes) + batch
    testnet = launch.bring_up(
        program, 4, None, block_time, beacon=True, staff=max([*sizes, 4]), ether=32 * count + 1)
    try:
        say("Waiting for the first anchored election and operators with links")
        failover.wait_until_settled(testnet)
        for one in testnet.operators:
            wait(f"operator {one.number} is ready", lambda: (inspect.status(one) or {}).get("isReady"), 60,
                 f"./testnet/logs operator-{one.number}")
        rows = [Ceremonies(size, 1) for size in sizes]
        for row in rows:
            say(f"{rounds} x one validator of {row.operators} operators")
            for _ in range(rounds):
                _once(program, testnet, row)
        if batch:
            say(f"{batch} validators of 4 operators at once")
            rows.append(Ceremonies(4, batch))
            _once(program, testnet, rows[-1])
        return rows
    finally:
        testnet.stop()


def _once(program: str, testnet: Testnet, row: Ceremonies) -> None:
    contract = ValidatorOperations(Rpc(testnet.rpc), testnet.operations["address"])
    readers = [LogReader(node) for node in testnet.nodes]
    asked = Governor(program, testnet).keygen(list(range(1, row.operators + 1)), row.validators)
    begun = time.monotonic()
    seen: dict[str, float] = {}
    looked = 0.0
    while True:
        now = time.monotonic()
        for reader in readers:
            for line in reader.lines():
                for stage, words in STAGES.items():
                    if words in line and asked.short in line:
                        # The first oracle's word, but for a batch's reports the last of them.
                        if stage == "signed" or stage not in seen:
                            seen[stage] = now - begun
        if now - looked > 0.1:
            looked = now
            state, done = contract.state(asked.id)
            if state == "done":
                seen[INCLUDED] = now - begun
                break
            if state == "failed":
                raise TestnetError(f"request {asked.short} has failed; look at ./testnet/logs 1")
        if now - begun > PATIENCE:
            raise TestnetError(f"request {asked.short} has {done} of {row.validators} validators after "
                               f"{PATIENCE:.0f} s; look at ./testnet/logs 1 and ./testnet/logs operator-1")
        time.sleep(0.005)
    missing = [stage for stage in STAGES if stage not in seen]
    if missing:
        raise TestnetError(f"no oracle's log tells that request {asked.short} was {missing[0]}")
    for stage, seconds in seen.items():
        row.stages.setdefault(stage, []).append(seconds)
    note("  ".join(f"{stage} {seen[stage]:6.2f} s" for stage in [*STAGES, INCLUDED]))


def show(rows: list[Ceremonies], block_time: float) -> None:
    """A line a kind of request: medians from stage to stage, and all of it."""
    print()
    print(bold(f"Ceremonies, 4 oracles, blocks every {block_time:g} s, medians: from the request's block until …"))
    print(dim(f"{'operators':<11}{'validators':<12}{'ordered':>10}{'+ made':>10}{'+ signed':>10}{'+ in a block':>14}"
              f"{'all':>10}{'max':>10}{'rounds':>8}"))
    for row in rows:
        names = [*STAGES, INCLUDED]
        steps = [row.stages[names[0]]] + [
            [late - early for early, late in zip(row.stages[before], row.stages[after])]
            for before, after in zip(names, names[1:])]
        ordered, made, signed, included = (statistics.median(step) for step in steps)
        total = row.stages[INCLUDED]
        print(f"{row.operators:<11}{row.validators:<12}{ordered:>8.2f} s{made:>8.2f} s{signed:>8.2f} s"
              f"{included:>12.2f} s{statistics.median(total):>8.2f} s{max(total):>8.2f} s{len(total):>8}")
    print(dim("'ordered' is mostly the chain's: a request counts when its block is final"))
