"""Draws which troubles befall a testnet, and when. One seed decides all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

# Of the troubles of one slot only one is there at a time, so no more than one member is down within the fault limit.
# Seconds of peace between one trouble and the next of its slot:
PAUSES = {"members": (0.5, 3.0), "weather": (2.0, 12.0), "chain": (2.0, 12.0), "strangers": (10.0, 40.0)}
LEADER = 0  # as a member: whoever leads when it begins


@dataclass(frozen=True)
class Sort:
    """What can be drawn: a name, its slot, how often it is drawn, and how many seconds it may last."""

    name: str
    slot: str
    weight: int
    lasts: tuple[float, float]


@dataclass(frozen=True)
class Trouble:
    """Something that begins `at` seconds after the round has begun."""

    at: float
    lasts: float
    name: str
    member: int
    # What its details are drawn from.
    seed: int

    @property
    def end(self) -> float:
        return self.at + self.lasts


def draw(random: Random, sorts: Sequence[Sort], members: int, length: float) -> list[Trouble]:
    """The troubles of one round in the order of their beginnings; all of them end within its length, in seconds."""
    troubles = []
    for slot in sorted({sort.slot for sort in sorts}):
        choices = [sort for sort in sorts if sort.slot == slot]
        weights = [sort.weight for sort in choices]
        at = random.uniform(0.0, PAUSES[slot][1])
        while True:
            sort = random.choices(choices, weights)[0]
            lasts = random.uniform(*sort.lasts)
            if at + lasts > length:
                break
            # The leader is the first suspect, and the first that is missed.
            member = LEADER if random.random() < 0.5 else random.randint(1, members)
            troubles.append(Trouble(at, lasts, sort.name, member, random.getrandbits(32)))
            at += lasts + random.uniform(*PAUSES[slot])
    return sorted(troubles, key=lambda trouble: (trouble.at, trouble.name))
