from __future__ import annotations

from grading.marks import in_a_line
from tests.unit.grading.examples import ALTERED, FULL, GRADE


def test_points_are_those_that_are_met() -> None:
    """Of all that there are."""
    assert (3, 9, False) == (GRADE.points, GRADE.most, GRADE.full)
    assert (3, 3, True) == (FULL.points, FULL.most, FULL.full)
    assert (0, False) == (ALTERED.points, ALTERED.full)


def test_json_has_all_of_it() -> None:
    """Points by criterion add up to the points."""
    for grade in (GRADE, FULL, ALTERED):
        told = grade.as_json()
        assert told["points"] == sum(each["points"] for each in told["criteria"])
    first, second, third = GRADE.as_json()["criteria"]
    assert ("", "Look at bad.", True) == (first["hint"], second["hint"], third["hidden"])


def test_whatever_is_seen_is_one_line_without_controls() -> None:
    """A terminal obeys escape sequences."""
    assert "a b [2J c" == in_a_line("a\n b\x1b[2J\r\tc\x00")
    assert 400 == len(in_a_line("x" * 1000))
