"""The template of a lab works as it stands, under whatever number it is copied to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from grading import catalog, runner
from grading.criteria import Lab
from grading.emulators import Emulators
from grading.marks import Met

SOLUTION = "{% $merge([$states.input, {'n': $states.input.n * 2}]) %}"
WRONG = {
    "{% {'n': $states.input.n * 2} %}": (3, 1, 0, 1),
    "{% {'n': 42} %}": (3, 0, 0, 0),
    "{% $merge([$states.input, {'n': 42}]) %}": (3, 0, 2, 0),
    "{% $merge([$states.input, {'n': $states.input.n + 21}]) %}": (3, 0, 2, 1),
    "{% $merge([$states.input, {'n': $states.input.n * $states.input.n}]) %}": (0, 1, 2, 1),
    "{% $merge([$states.input, {'n': $states.input.n & $states.input.n}]) %}": (0, 0, 2, 0),
    "{% $merge([$states.input, {'n': $string($states.input.n * 2)}]) %}": (0, 0, 2, 1),
    "{% $merge([{'n': $states.input.n * 2}, $states.input]) %}": (0, 1, 2, 1),
    "{% $merge([$states.input, {'n': $states.input.n < 0 ? 0 : 42}]) %}": (3, 0, 2, 1),
    "{% $states.input.n * 2 %}": (0, 0, 0, 1),
    "$merge([$states.input, {'n': $states.input.n * 2}])": (0, 0, 0, 0),
}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    shutil.copytree(catalog.FOLDER / "template", tmp_path / "labs" / "20-twice-as-much")
    return catalog.find("20", where=tmp_path / "labs")


def with_output(lab: Lab, output: str, into: Path) -> Path:
    """The lab's starting point, with *output* in its state."""
    definition = json.loads((lab.folder / "definition.asl.json").read_text(encoding="utf-8"))
    definition["States"]["Double"]["Output"] = output
    into.mkdir()
    (into / "definition.asl.json").write_text(json.dumps(definition), encoding="utf-8")
    return into


def test_the_template_is_no_lab_itself() -> None:
    """Students find the labs that are theirs, and nothing to fill in."""
    assert "template" not in {folder.name for folder in catalog.folders().values()}


def test_a_copy_can_be_graded_at_once(lab: Lab, graders: Emulators) -> None:
    """Its starting point runs, and most of the points are still to be had."""
    given = runner.grade(lab, lab.folder, graders)
    assert ((), ()) == (given.problems, given.altered)
    assert given.points < given.most / 2


def test_its_solution_gets_all_points(lab: Lab, graders: Emulators, tmp_path: Path) -> None:
    """As a reference solution should."""
    given = runner.grade(lab, with_output(lab, SOLUTION, tmp_path / "one"), graders)
    assert given.full, given.marks


@pytest.mark.parametrize("output", WRONG)
def test_a_mistake_costs_its_points(
    output: str, lab: Lab, graders: Emulators, tmp_path: Path
) -> None:
    """To the point, criterion by criterion."""
    given = runner.grade(lab, with_output(lab, output, tmp_path / "one"), graders)
    assert WRONG[output] == tuple(mark.points for mark in given.marks), given.marks
    assert Met.UNCLEAR not in {mark.met for mark in given.marks}
