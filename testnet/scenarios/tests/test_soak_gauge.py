"""What a process takes."""

import os
import subprocess
import sys

import pytest
from control.process import Process
from control.state import Node
from scenarios.soak import gauge


class Placed(Node):
    """A node with a directory of the test's."""

    def __init__(self, directory, process):
        super().__init__(1, process)
        self._directory = directory

    @property
    def directory(self):
        return self._directory


def test_the_slope_is_that_of_the_line_through_the_points():
    assert gauge.slope([(0.0, 10.0), (1.0, 12.0), (2.0, 14.0)]) == pytest.approx(2.0)
    assert gauge.slope([(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)]) == pytest.approx(0.5)


def test_few_points_have_no_slope():
    assert gauge.slope([]) == gauge.slope([(3.0, 7.0)]) == gauge.slope([(3.0, 7.0), (3.0, 8.0)]) == 0.0


def test_a_living_process_is_read(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "oracle.sqlite").write_bytes(bytes(10_240))
    reading = gauge.read(Placed(tmp_path, Process(os.getpid(), 0)), 3.0)
    assert reading.minute == 3.0
    assert 0 < reading.own < reading.resident
    assert reading.descriptors >= 3
    assert reading.threads >= 1
    assert reading.disk == 10


def test_of_a_dead_process_nothing_is_read(tmp_path):
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert gauge.read(Placed(tmp_path, Process(child.pid, 0)), 0.0) is None
    assert gauge.read(Placed(tmp_path, None), 0.0) is None
