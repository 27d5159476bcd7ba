"""The plan of a soak: what one seed decides."""

from itertools import pairwise
from random import Random

from scenarios.soak.plan import LEADER, PAUSES, Sort, draw

SORTS = [
    Sort("killed", "members", 3, (0.5, 8.0)),
    Sort("hanging", "members", 1, (0.2, 8.0)),
    Sort("loss", "weather", 1, (3.0, 15.0)),
    Sort("reorganised", "chain", 1, (0.1, 0.1)),
]


def test_a_seed_decides_all():
    assert draw(Random(7), SORTS, 4, 45.0) == draw(Random(7), SORTS, 4, 45.0)
    assert draw(Random(7), SORTS, 4, 45.0) != draw(Random(8), SORTS, 4, 45.0)


def test_of_one_slot_only_one_trouble_is_there_at_a_time_and_peace_lies_between():
    slots = {sort.name: sort.slot for sort in SORTS}
    for seed in range(200):
        troubles = draw(Random(seed), SORTS, 4, 45.0)
        for slot in PAUSES:
            for one, next_one in pairwise([trouble for trouble in troubles if slots[trouble.name] == slot]):
                assert next_one.at - one.end >= PAUSES[slot][0]


def test_all_is_over_when_the_round_is_and_comes_in_order():
    for seed in range(200):
        troubles = draw(Random(seed), SORTS, 4, 20.0)
        assert all(0.0 <= trouble.at and trouble.end <= 20.0 for trouble in troubles)
        assert [trouble.at for trouble in troubles] == sorted(trouble.at for trouble in troubles)


def test_every_member_every_sort_and_the_leader_have_their_turn():
    troubles = [trouble for seed in range(50) for trouble in draw(Random(seed), SORTS, 4, 45.0)]
    assert {trouble.member for trouble in troubles} == {LEADER, 1, 2, 3, 4}
    assert {trouble.name for trouble in troubles} == {sort.name for sort in SORTS}


def test_what_weighs_more_is_drawn_more_often():
    names = [trouble.name for seed in range(100) for trouble in draw(Random(seed), SORTS, 4, 45.0)]
    assert names.count("killed") > 2 * names.count("hanging")
