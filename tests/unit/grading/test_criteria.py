from __future__ import annotations

import pytest

from grading.criteria import NotMetError, holds, member, same, shown
from tests.unit.grading.examples import LAB


def test_what_is_the_same_is_told() -> None:
    """As it was seen."""
    assert "the answer: 42" == same("the answer", 42, 42)


@pytest.mark.parametrize("seen", [41, "42", 42.0, None, [42]])
def test_what_is_another_is_not_met(seen: object) -> None:
    """Of another type, too: JSON's 42 and "42" are two answers."""
    with pytest.raises(NotMetError, match="the answer: "):
        same("the answer", 42, seen)


def test_true_is_no_one() -> None:
    """Python says they are equal."""
    with pytest.raises(NotMetError):
        same("the answer", 1, True)  # noqa: FBT003 - a value


def test_what_is_almost_true_does_not_hold() -> None:
    """A probe that forgets to compare gives no points."""
    with pytest.raises(NotMetError):
        holds("a text", "a text")


def test_a_long_value_is_cut() -> None:
    """What a submission made may be megabytes."""
    assert 200 == len(shown("x" * 10_000))
    assert "..." in shown(...) or "Ellipsis" in shown(...)


@pytest.mark.parametrize(
    ("found", "expected"),
    [({"a": [1, {"b": 2}]}, 2), ({"a": [1]}, None), ([], None), (None, None), ("text", None)],
)
def test_a_member_of_whatever_it_is(found: object, expected: object) -> None:
    """What is not there is None, in an answer of any form."""
    assert expected == member(found, "a", 1, "b")


def test_hidden_points_count() -> None:
    """All criteria together."""
    assert 9 == LAB.points
    assert ["good", "bad", "hidden"] == [each.id for each in LAB.criteria]
