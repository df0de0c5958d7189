"""`make grade-all LAB=3 FOLDER=submissions`: every folder in FOLDER, as a table, CSV and pages.

HIDDEN=, LABS= and GRADE_SECONDS= are as for `make grade`. What one submission does, or breaks, or
never ends, costs its own time and nobody else's marks.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from client import fetch
from grading import batch, catalog, emulators, show
from grading.marks import Met
from scripts import grade as single
from scripts.trace import write
from testbed import settings, terminal
from testbed.errors import SettingError

if TYPE_CHECKING:
    from grading.marks import Grade


def main() -> int:
    """Grade all; 0 whatever they got, 1 where one could not be graded.

    Raises:
        LabError: there is no such lab.
        SubmissionError: FOLDER has no submissions.
        TestbedError: no emulator can be had, or a file cannot be written.
    """
    given = single.read_arguments(sys.argv[1:], os.environ)
    if not given.folder:
        raise SettingError("FOLDER", "", "the folder with a folder for each submission")
    hidden = single.folder_of("HIDDEN", given.hidden) if given.hidden else None
    lab = catalog.find(given.lab, hidden, single.labs_of(given.labs))
    folder = settings.path_of("FOLDER", given.folder)
    folders = batch.submissions(folder)
    into = single.REPORTS / "grades" / f"lab-{lab.number}"
    others = None if settings.ROOT.is_relative_to(folder.resolve()) else folder
    with terminal.step(f"grading {len(folders)} submissions") as note:
        done: list[Grade] = []

        def told(grade: Grade) -> None:
            done.append(grade)
            keep(grade, into)
            note(f"{len(done)} of {len(folders)} graded, last {grade.name}")

        with emulators.opened(single.secrets(hidden, others)) as place:
            grades = batch.grade_all(lab, folders, place, limit_s=given.limit_s, told=told)
    single.told_of_secrets(place, hidden)
    write(into / "grades.csv", batch.as_csv(lab, grades))
    write(into / "grades.json", json.dumps([each.as_json() for each in grades], indent=2))
    terminal.wide().print(show.overview(grades))
    terminal.out.print(f"table, CSV and a page each: {into}", markup=False)
    return int(any(mark.met is Met.UNCLEAR for each in grades for mark in each.marks))


def keep(grade: Grade, into: Path) -> None:
    """Write the page of one submission."""
    write(into / f"{fetch.file_name(grade.name)}.html", show.page(grade))


if __name__ == "__main__":
    terminal.run(main)
