"""A copy of the template is a lab: it grades, its README's commands work, its criteria can fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grading import catalog, runner
from grading.emulators import Emulators
from testbed.settings import ROOT
from tests.labs import solutions
from tests.labs.test_readmes import commands, shell

PLACE = "labs/9-twice-as-much"
SOLUTIONS = solutions.FOLDER / "template"
WRONG = sorted(folder.name for folder in (SOLUTIONS / "wrong").iterdir())


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    """A teacher's own folder of labs, with a copy of the template."""
    shutil.copytree(ROOT / "labs" / "template", tmp_path / PLACE)
    return tmp_path / "labs"


def test_the_page_s_commands_make_a_lab(tmp_path: Path) -> None:
    """As they stand in docs/labs.md: the copy is graded, and has the points that the page says."""
    (tmp_path / "labs").mkdir()
    script = commands(ROOT / "docs" / "labs.md").replace(PLACE, str(tmp_path / PLACE))
    given = {"LABS": str(tmp_path / "labs"), "HTML": str(tmp_path / "grade.html")}
    done = shell(script, given)
    assert 0 != done.returncode
    assert "1 of 6 points" in done.stdout, done.stdout
    assert "That tells 1 of 6 points" in (ROOT / "docs" / "labs.md").read_text(encoding="utf-8")


def test_the_readme_s_commands_work(labs: Path, tmp_path: Path) -> None:
    """In order, with the solution handed in."""
    state = tmp_path / "testbed"
    page = commands(labs / "9-twice-as-much" / "README.md")
    script = page.replace(".testbed/", f"{state}/").replace(PLACE, str(tmp_path / PLACE))
    given = {
        "LABS": str(labs),
        "STATE_DIR": str(state),
        "FOLDER": str(SOLUTIONS / "reference"),
        "HTML": str(tmp_path / "grade.html"),
    }
    try:
        done = shell(script, given)
    finally:
        shell("make down", given)
    assert 0 == done.returncode, done.stdout
    assert "6 of 6 points" in done.stdout


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_solution_gets_what_it_should(name: str, labs: Path, graders: Emulators) -> None:
    """So whoever copies the criteria copies some that hold."""
    lab = catalog.find("9", where=labs)
    given = runner.grade(lab, SOLUTIONS / "wrong" / name, graders)
    points = {mark.criterion.id: mark.points for mark in given.marks}
    assert solutions.expected("template", name) == points


def test_each_criterion_is_missed_by_one(labs: Path) -> None:
    """A check that cannot fail is none."""
    told = [solutions.expected("template", name) for name in WRONG]
    missed = {criterion for points in told for criterion, got in points.items() if got == 0}
    assert {each.id for each in catalog.find("9", where=labs).criteria} == missed


def test_the_template_itself_is_no_lab() -> None:
    """It has no number: nobody is given it to solve."""
    assert "template" not in {folder.name for folder in catalog.folders().values()}
