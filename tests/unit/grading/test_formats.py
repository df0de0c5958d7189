from __future__ import annotations

from grading import formats
from tests.unit.grading.examples import ALTERED, FULL, GRADE


def test_gradescope_has_its_fields() -> None:
    """As its specification names them; hidden tests wait for the grades to be published."""
    told = formats.gradescope(GRADE)
    assert (3, 1.5, "hidden") == (told["score"], told["execution_time"], told["stdout_visibility"])
    assert [("passed", 3, 3), ("failed", 0, 2), ("failed", 0, 4)] == [
        (test["status"], test["score"], test["max_score"]) for test in told["tests"]
    ]
    assert ["visible", "visible", "after_published"] == [t["visibility"] for t in told["tests"]]
    assert "hint: Look at bad." in told["tests"][1]["output"]
    assert "hint" not in told["tests"][0]["output"]


def test_classroom_has_its_fields() -> None:
    """As its reporter reads them; students see all of it, so of hidden tests there is no word."""
    told = formats.classroom(GRADE)
    assert (1, "fail", 9) == (told["version"], told["status"], told["max_score"])
    assert [("pass", 3), ("fail", 0), ("fail", 0)] == [
        (test["status"], test["score"]) for test in told["tests"]
    ]
    assert told["tests"][0]["message"] is None
    assert ("A hidden test", "not met") == (told["tests"][2]["name"], told["tests"][2]["message"])
    assert "secret" not in str(told)
    assert "pass" == formats.classroom(FULL)["status"]


def test_who_altered_what_was_graded_has_nothing_anywhere() -> None:
    """Not in any format."""
    scope, room = formats.gradescope(ALTERED), formats.classroom(ALTERED)
    assert (0, 0) == (scope["score"], sum(test["score"] for test in scope["tests"]))
    assert "changed while it was graded" in scope["output"]
    assert ("fail", 0) == (room["status"], sum(test["score"] for test in room["tests"]))
