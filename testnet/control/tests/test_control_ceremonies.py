"""The table of ceremonies."""

from control.ceremonies import Ceremonies, show


def test_a_table_has_a_line_a_kind_of_request_with_medians_from_stage_to_stage(capsys):
    stages = {"ordered": [9.0, 8.0, 10.0], "made": [10.0, 9.5, 11.0], "signed": [10.2, 9.6, 11.1], "included": [11.0, 10.0, 13.0]}
    show([Ceremonies(4, 1, stages), Ceremonies(13, 20, {name: [values[0]] for name, values in stages.items()})], 1)
    lines = capsys.readouterr().out.splitlines()
    four = next(line for line in lines if line.startswith("4 ")).split()
    assert [word for word in four if word != "s"] == ["4", "1", "9.00", "1.00", "0.10", "0.80", "11.00", "13.00", "3"]
    assert next(line for line in lines if line.startswith("13 ")).split()[-1] == "1"
