"""Committees of several sizes, set one below the other."""

from rivals.sizes import Size, show


def test_a_table_has_a_line_a_committee_with_medians(capsys):
    show([Size(5, 4.2, [1.0, 3.0, 2.0], [10, 12, 14], [5, 6, 7], 8.4, [40.0, 20.0, 90.0], [3.0]),
          Size(50, 60.0, [2.0], [8], [6], 20.1, [70.0], [30.0])])
    lines = capsys.readouterr().out.splitlines()
    first = next(line for line in lines if line.startswith("5 "))
    assert [word for word in first.split() if word[0].isdigit()] == [
        "5", "4.2", "2.00", "12.0", "6.0", "8.4", "40.0,", "90", "3.0"]
    assert sum(line.startswith("50 ") for line in lines) == 1
