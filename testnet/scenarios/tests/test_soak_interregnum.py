"""The time without a leader."""

import pytest
from scenarios.soak.interregnum import Interregnum


def says(leader: int, view: int = 5, *, leads: bool = False, certified: int | None = None) -> dict:
    return {"view": view, "leader": leader, "isLeading": leads,
            "certificate": {"view": view if certified is None else certified, "leader": leader}}


WELL = {1: says(1, leads=True), 2: says(1), 3: says(1), 4: says(1)}
BETWEEN = {1: says(1), 2: says(1), 3: says(1), 4: says(1)}  # nobody leads


@pytest.fixture
def watch() -> Interregnum:
    return Interregnum(quorum=3)


def test_a_certified_leader_with_a_quorum_in_its_view_is_a_leader(watch):
    watch.look(0.0, WELL, set(), "")
    watch.look(1.0, {number: WELL[number] for number in (1, 2, 3)}, set(), "")
    assert (watch.looks, watch.with_leader, watch.longest.lasted) == (2, 2, 0.0)


@pytest.mark.parametrize("answers, troubled", [
    (BETWEEN, set()),
    ({number: WELL[number] for number in (1, 2)}, set()),
    ({number: WELL[number] for number in (2, 3, 4)}, set()),
    (WELL, {1}),
    (WELL | {2: says(2, view=6), 3: says(2, view=6)}, set()),
    ({number: answer | {"certificate": None} for number, answer in WELL.items()}, set()),
    ({number: answer | {"certificate": {"view": 4, "leader": 1}} for number, answer in WELL.items()}, set()),
], ids=["none leads", "no quorum", "the leader is silent", "the leader is cut off", "other views", "no certificate",
        "an old certificate"])
def test_anything_less_is_none(watch, answers, troubled):
    watch.look(0.0, answers, troubled, "trouble")
    watch.look(2.0, answers, troubled, "trouble")
    assert watch.with_leader == 0
    assert (watch.longest.lasted, watch.longest.at, watch.longest.during) == (2.0, 0.0, "trouble")


def test_a_time_in_which_there_is_no_quorum_counts_apart(watch):
    watch.look(0.0, WELL, set(), "")
    watch.look(1.0, BETWEEN, {1, 2}, "halves")
    watch.look(11.0, BETWEEN, {1, 2}, "halves")
    assert (watch.longest.lasted, watch.longest_within.lasted) == (10.0, 0.0)
    watch.look(12.0, BETWEEN, set(), "")
    watch.look(14.0, BETWEEN, set(), "")
    assert (watch.longest.lasted, watch.longest_within.lasted, watch.longest_within.at) == (13.0, 2.0, 12.0)


def test_who_is_in_no_view_yet_is_not_there(watch):
    starting = BETWEEN | {3: {"links": []}, 4: {"view": None}}
    watch.look(0.0, starting, set(), "killed")
    watch.look(9.0, starting, set(), "killed")
    assert watch.longest.lasted == 9.0
    assert watch.longest_within.lasted == 0.0


def test_a_leader_ends_the_time_and_the_longest_is_kept(watch):
    for now, answers in ((0.0, BETWEEN), (3.0, BETWEEN), (4.0, WELL), (5.0, BETWEEN), (6.0, BETWEEN)):
        watch.look(now, answers, set(), "")
    assert (watch.longest.lasted, watch.longest_within.lasted) == (3.0, 3.0)
