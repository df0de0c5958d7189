"""What `make grade-all` keeps of a class while it is graded."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from grading.marks import Grade, Mark, Met
from scripts.grade_all import INDEX, MACHINES, TABLE, ClassReport, page_of
from testbed.errors import TestbedError
from tests.unit.grading.examples import EVIL, LAB

NAMES = ("ann", "bob", EVIL.replace("/", "|"))


def grade(name: str, met: Met = Met.YES) -> Grade:
    return Grade(7, "An example", name, tuple(Mark(each, met, "seen") for each in LAB.criteria))


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "handed-in" / name for name in NAMES]
    for each in made:
        each.mkdir(parents=True)
        (each / "a.json").write_text("{}")
    return made


def report(folders: list[Path], *, resumed: bool = False) -> ClassReport:
    made = ClassReport(LAB, folders[0].parent.parent / "reports", folders, 60)
    if resumed:
        made.go_on()
    return made


def test_each_grade_is_kept_as_soon_as_it_is_made(folders: list[Path]) -> None:
    """Table, JSON, its page and the page of all: a run that is broken off has lost nothing."""
    made = report(folders)
    assert made.add(grade("ann")).endswith("min to go, last ann: 9 of 9")
    with (made.into / TABLE).open(encoding="utf-8") as file:
        assert ["ann"] == [row["submission"] for row in csv.DictReader(file)]
    assert ["ann"] == [one["submission"] for one in json.loads((made.into / MACHINES).read_text())]
    assert "9 of 9 points" in (made.into / "ann.html").read_text()
    assert "1 of 3 submissions are graded" in (made.into / INDEX).read_text()


def test_a_run_goes_on_where_it_was_broken_off(folders: list[Path]) -> None:
    """With what has not changed since; without RESUME=1 nothing is taken from before."""
    made = report(folders)
    for name in NAMES[:2]:
        made.add(grade(name))
    (folders[1] / "a.json").write_text("[]")
    again = report(folders, resumed=True)
    assert [grade("ann"), None, None] == [again.known(each) for each in folders]
    assert [None, None, None] == [report(folders).known(each) for each in folders]


def test_a_run_goes_on_where_there_is_nothing_yet(folders: list[Path]) -> None:
    """As any other."""
    assert report(folders, resumed=True).known(folders[0]) is None


def test_a_file_of_grades_that_is_broken_is_told(folders: list[Path]) -> None:
    """Rather than graded anew without a word."""
    made = report(folders)
    made.into.mkdir()
    (made.into / MACHINES).write_text("{")
    with pytest.raises(TestbedError, match="RESUME"):
        made.go_on()


def test_the_page_of_all_counts_and_links(folders: list[Path]) -> None:
    """Each criterion with how many met it; each submission's page by a link; names are text."""
    made = report(folders)
    made.add(grade("ann"))
    made.add(grade(NAMES[2], Met.NO))
    text = (made.into / INDEX).read_text()
    assert 3 == text.count('<td class="n">1 of 2</td>')
    assert '<a href="ann.html">ann</a>' in text
    assert "<script>" not in text
    assert (made.into / page_of(grade(NAMES[2]))).is_file()
    assert f'href="{page_of(grade(NAMES[2]))}"' in text


def test_a_submission_that_is_called_as_our_page_has_another() -> None:
    """One does not write over the other."""
    assert "submission-grades.html" == page_of(grade("grades"))


def test_names_are_printed_on_one_line(folders: list[Path], tmp_path: Path) -> None:
    """A folder's name may have what a terminal takes for a command."""
    odd = tmp_path / "handed-in" / "\x1b[31mred\n"
    odd.mkdir()
    assert "\x1b" not in report([*folders, odd]).add(grade(odd.name))


def test_a_folder_that_is_a_link_is_graded_each_time(folders: list[Path]) -> None:
    """It is refused, and nothing of it is read."""
    link = folders[0].parent / "eve"
    link.symlink_to(folders[0])
    made = report([link])
    made.add(grade("eve"))
    assert report([link], resumed=True).known(link) is None
