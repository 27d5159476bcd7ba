"""Reading what other programs log, and setting figures side by side."""

import time

import pytest

from control import terminal
from rivals.cluster import Cluster
from rivals.comparison import Row, show


def talker(cluster: Cluster, member: int, script: str) -> None:
    cluster.launch(member, ["sh", "-c", script])


def test_each_member_counts_from_its_own_first_line_after_the_mark():
    with Cluster("talkers") as cluster:
        talker(cluster, 0, "echo news; sleep 0.3; echo news; sleep 60")
        talker(cluster, 1, "sleep 0.2; echo other; echo news; sleep 60")
        times = cluster.each({0, 1}, "^news$", 0, 5)
        assert times[1] - times[0] > 0.1
        mark = cluster.mark
        assert cluster.each({0}, "^news$", mark, 5)[0] > times[0]


def test_who_says_nothing_is_named():
    with Cluster("talkers") as cluster:
        talker(cluster, 0, "echo news; sleep 60")
        talker(cluster, 1, "sleep 60")
        with pytest.raises(terminal.TestnetError, match="talkers: members 1 did not notice"):
            cluster.each({0, 1}, "news", 0, 0.5)


def test_a_cluster_leaves_no_process_behind():
    with Cluster("sleepers") as cluster:
        cluster.launch(0, ["sleep", "60"])
        cluster.launch(1, ["sleep", "60"])
        cluster.kill(0)
        cluster.children[0].wait()
        begun = time.monotonic()
    assert all(child.poll() is not None for child in cluster.children.values())
    assert time.monotonic() - begun < 5


def test_a_row_is_the_ratio_of_medians(capsys):
    row = Row("a question", "ms", [1.0, 2.0, 90.0], "other", [10.0, 20.0, 30.0], 0.5)
    assert row.ratio == pytest.approx(0.1)
    show([row, Row("another", "MiB", [3.0], "other", [2.0])])
    lines = capsys.readouterr().out.splitlines()
    assert "2.0 ms" in lines[-2] and "20.0 ms" in lines[-2] and "0.100" in lines[-2] and "≤ 0.5" in lines[-2]
    assert "1.500" in lines[-1] and "≤" not in lines[-1]
