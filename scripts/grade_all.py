"""`make grade-all LAB=3 FOLDER=submissions`: every folder in FOLDER, as a table, CSV and pages.

HIDDEN=, LABS= and GRADE_SECONDS= are as for `make grade`. What one submission does, or breaks, or
never ends, costs its own time and nobody else's marks. Each grade is kept as soon as it is made:
RESUME=1 goes on where a run was broken off.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from client import fetch
from grading import batch, catalog, emulators, kept, show
from grading.marks import Met, in_a_line
from grading.submission import SubmissionError
from scripts import grade as single
from scripts.trace import write
from testbed import setting_table, settings, terminal
from testbed.errors import SettingError

if TYPE_CHECKING:
    from grading.criteria import Lab
    from grading.marks import Grade

TABLE: Final = "grades.csv"
MACHINES: Final = "grades.json"
INDEX: Final = "grades.html"


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
    report = ClassReport(
        lab, single.REPORTS / "grades" / f"lab-{lab.number}", folders, given.limit_s
    )
    if setting_table.is_on(os.environ, "RESUME"):
        report.go_on()
    others = None if settings.ROOT.is_relative_to(folder.resolve()) else folder
    try:
        with (
            terminal.step(f"grading {len(folders)} submissions") as note,
            emulators.opened(single.secrets(hidden, others)) as place,
        ):

            def told(grade: Grade) -> None:
                words = report.add(grade)
                note(words)
                if not terminal.out.is_terminal:  # where no line is drawn anew
                    terminal.out.print(words, markup=False)

            grades = batch.grade_all(
                lab, folders, place, limit_s=given.limit_s, told=told, known=report.known
            )
    except KeyboardInterrupt:
        terminal.err.print(
            f"{report.count} of {len(folders)} are graded, and kept in {report.into}; "
            "the same command with RESUME=1 goes on",
            markup=False,
        )
        raise
    single.told_of_secrets(place, hidden)
    terminal.wide().print(show.overview(grades))
    terminal.out.print(f"table, CSV and a page each: {report.into / INDEX}", markup=False)
    return int(any(mark.met is Met.UNCLEAR for each in grades for mark in each.marks))


@dataclasses.dataclass
class ClassReport:
    """What is known of a class so far, on disk after each grade.

    Attributes:
        lab: for which lab.
        into: the folder for all of it.
        folders: of the submissions.
        limit_s: how long one may take.
    """

    lab: Lab
    into: Path
    folders: list[Path]
    limit_s: float

    def __post_init__(self) -> None:
        self._grades: list[tuple[Grade, str]] = []
        self._sources = {folder.name: self._made_from(folder) for folder in self.folders}
        self._kept: dict[str, tuple[str, Grade]] = {}
        self._began_s = time.monotonic()
        self._spent = 0

    @property
    def count(self) -> int:
        """How many are graded."""
        return len(self._grades)

    def go_on(self) -> None:
        """Take what an earlier run has kept.

        Raises:
            TestbedError: there are grades that cannot be read.
        """
        file = self.into / MACHINES
        if file.is_file():
            self._kept = kept.read(file.read_text(encoding="utf-8"), self.lab)

    def known(self, folder: Path) -> Grade | None:
        """The kept grade of *folder*, if nothing that it was made from has changed."""
        source, grade = self._kept.get(folder.name, ("", None))
        return grade if source and source == self._sources[folder.name] else None

    def add(self, grade: Grade) -> str:
        """Keep a grade, with all the files that tell of it; in words, how far it is.

        Raises:
            TestbedError: one cannot be written.
        """
        self._grades.append((grade, self._sources[grade.name]))
        self._spent += self._kept.get(grade.name, ("", None))[1] is not grade
        grades = [each for each, _ in self._grades]
        write(self.into / page_of(grade), show.page(grade))
        write(self.into / TABLE, batch.as_csv(self.lab, grades))
        write(self.into / MACHINES, kept.as_json(self._grades))
        write(self.into / INDEX, show.index(self.lab, grades, len(self.folders), page_of))
        left = len(self.folders) - self.count
        each_s = (time.monotonic() - self._began_s) / max(1, self._spent)
        ahead = f", about {left * each_s / 60:.0f} min to go" if left and self._spent else ""
        last = f"{in_a_line(grade.name)}: {grade.points} of {grade.most}"
        return f"{self.count} of {len(self.folders)} graded{ahead}, last {last}"

    def _made_from(self, folder: Path) -> str:
        """Nothing for what cannot be read: it is graded each time."""
        try:
            return kept.made_from(self.lab, batch.place(self.lab, folder), limit_s=self.limit_s)
        except SubmissionError:
            return ""


def page_of(grade: Grade) -> str:
    """The name of a submission's own page; one that is called as ours is has another."""
    name = f"{fetch.file_name(grade.name)}.html"
    return f"submission-{name}" if name == INDEX else name


if __name__ == "__main__":
    terminal.run(main)
