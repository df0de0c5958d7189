"""Reference solutions get all points, starting points few, and wrong ones just what they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading import catalog
from grading.marks import Grade, Met
from tests.labs import solutions
from tests.labs.conftest import GradeFolder

LEAST_WRONG = 10


def points(grade: Grade) -> dict[str, int]:
    return {mark.criterion.id: mark.points for mark in grade.marks}


def seen(grade: Grade) -> str:
    return "\n".join(f"{mark.criterion.id}: {mark.met}, {mark.seen}" for mark in grade.marks)


@pytest.mark.parametrize("lab", solutions.labs())
def test_a_reference_solution_gets_all_points(lab: str, grade: GradeFolder, tmp_path: Path) -> None:
    """And no note."""
    given = grade(lab, solutions.lay_out(lab, tmp_path / "reference"))
    assert (given.most, ()) == (given.points, given.notes), seen(given)


@pytest.mark.parametrize("lab", solutions.labs())
def test_a_starting_point_can_be_graded(lab: str, grade: GradeFolder) -> None:
    """Nothing in it is broken; most of the points are still to be had."""
    given = grade(lab, catalog.find(lab).folder)
    assert () == given.problems
    assert given.points < given.most / 2, seen(given)


@pytest.mark.parametrize(("lab", "name"), solutions.share(solutions.wrong()))
def test_a_wrong_solution_gets_what_it_should(
    lab: str, name: str, grade: GradeFolder, tmp_path: Path
) -> None:
    """To the point, criterion by criterion; and none of them is unclear to the grader."""
    given = grade(lab, solutions.lay_out(lab, tmp_path / name, name))
    assert solutions.expected(lab, name) == points(given), seen(given)
    assert Met.UNCLEAR not in {mark.met for mark in given.marks}, seen(given)


@pytest.mark.parametrize("lab", solutions.labs())
def test_each_criterion_is_missed_by_a_wrong_solution(lab: str) -> None:
    """A check that cannot fail is none; there are ten wrong solutions at least."""
    names = [name for each, name in solutions.wrong() if each == lab]
    missed = {
        criterion
        for name in names
        for criterion, got in solutions.expected(lab, name).items()
        if got == 0
    }
    assert {each.id for each in catalog.find(lab).criteria} == missed
    assert len(names) >= LEAST_WRONG
