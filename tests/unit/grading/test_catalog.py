from __future__ import annotations

from pathlib import Path

import pytest

from grading import catalog
from grading.catalog import LabError

CHECKS = """
from grading.criteria import Checks, Criterion
LAB = Checks("T", 30, ("a.json",), (Criterion("one", "t", 1, "e", "h", lambda _: ""),))
"""
HIDDEN = """
from grading.criteria import Criterion
CRITERIA = (Criterion("secret", "t", 2, "e", "h", lambda _: ""),)
"""


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    for name in ("2-b", "10-c", "1-a", "template", "3-without"):
        (tmp_path / "labs" / name).mkdir(parents=True)
        if name != "3-without":
            (tmp_path / "labs" / name / "checks.py").write_text(CHECKS)
    return tmp_path / "labs"


def test_labs_are_in_order_of_their_numbers(labs: Path) -> None:
    """Folders without a number, or without checks, are none."""
    assert [1, 2, 10] == list(catalog.folders(labs))


@pytest.mark.parametrize("number", ["12", "", "x", "-1", "1 2", "²", "../1"])
def test_another_number_is_told_what_there_is(number: str, labs: Path) -> None:
    """By number and name."""
    with pytest.raises(LabError, match=r"LAB=1 {2}1-a\n {2}LAB=2 {2}2-b\n {2}LAB=10 {2}10-c"):
        catalog.find(number, where=labs)


def test_a_folder_without_labs_says_so(tmp_path: Path) -> None:
    """And not an empty list."""
    with pytest.raises(LabError, match=f"none in {tmp_path}"):
        catalog.find("1", where=tmp_path)


def test_a_lab_has_its_checks(labs: Path) -> None:
    """And no hidden criteria, unless there are."""
    found = catalog.find("2", where=labs)
    assert (2, "2-b", 1, ()) == (found.number, found.folder.name, found.points, found.hidden)


@pytest.mark.parametrize("place", ["", "2-b"])
def test_hidden_criteria_are_added(place: str, labs: Path, tmp_path: Path) -> None:
    """For one lab, or for several in folders of their names."""
    hidden = tmp_path / "hidden" / place
    hidden.mkdir(parents=True)
    (hidden / "checks.py").write_text(HIDDEN)
    found = catalog.find("2", tmp_path / "hidden", where=labs)
    assert (["one", "secret"], 3) == ([each.id for each in found.criteria], found.points)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "has no tests for this lab"),
        ("CRITERIA = ()", "must be a tuple"),
        ("CRITERIA = (1,)", "must be a tuple"),
        ("", "must have CRITERIA"),
        ("1 / 0", "ZeroDivisionError"),
        (HIDDEN.replace("secret", "one"), "of these names already"),
    ],
)
def test_hidden_criteria_that_are_none(
    text: str | None, words: str, labs: Path, tmp_path: Path
) -> None:
    """Are told, not passed over: marks without them would be wrong."""
    (tmp_path / "hidden").mkdir()
    if text is not None:
        (tmp_path / "hidden" / "checks.py").write_text(text)
    with pytest.raises(LabError, match=words):
        catalog.find("2", tmp_path / "hidden", where=labs)


def test_criteria_have_names_of_their_own() -> None:
    """In every lab that is here: tables and files are by them."""
    for number in catalog.folders():
        names = [each.id for each in catalog.find(str(number)).criteria]
        assert len(names) == len(set(names)), number
