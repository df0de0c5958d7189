"""`make grade LAB=3`: what a lab's files do, criterion by criterion, with points and hints.

FOLDER= names another folder than the lab's own, HIDDEN= one with tests that students do not have,
LABS= one with labs of your own.
GRADESCOPE= and CLASSROOM= are files to write for these, HTML= the page to hand in; JSON=1 prints
all of it for machines.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from grading import catalog, emulators, formats, runner, show
from scripts.trace import write
from testbed import setting_table, settings, terminal
from testbed.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grading.criteria import Lab
    from grading.marks import Grade

REPORTS: Final = settings.ROOT / "reports"
# What no function in the emulator is to see: marks, and what has the answers.
SECRETS: Final = (REPORTS, settings.ROOT / "tests" / "labs")


def main() -> int:
    """Grade one folder, show it and keep it; 0 where it got all points, else 1.

    Raises:
        LabError: there is no such lab.
        SubmissionError: the folder is none.
        TestbedError: no emulator can be had, or a file cannot be written.
    """
    given = read_arguments(sys.argv[1:], os.environ)
    hidden = folder_of("HIDDEN", given.hidden) if given.hidden else None
    lab = catalog.find(given.lab, hidden, labs_of(given.labs))
    folder = settings.path_of("FOLDER", given.folder) if given.folder else lab.folder
    runner.opened(folder)
    grade = _graded(lab, folder, given, hidden)
    _keep(grade, given)
    if given.json:
        sys.stdout.write(json.dumps(grade.as_json(), indent=2) + "\n")
    return 0 if grade.full else 1


def read_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """What is asked for in *arguments*, or else in *environ*, where make puts its variables."""
    parser = argparse.ArgumentParser(prog="make grade", description=__doc__)
    parser.add_argument("lab", nargs="?", default=environ.get("LAB") or "")
    for name in ("labs", "folder", "hidden", "gradescope", "classroom", "html"):
        parser.add_argument(f"--{name}", default=environ.get(name.upper()) or None)
    parser.add_argument("--json", action="store_true", default=setting_table.is_on(environ, "JSON"))
    parser.add_argument("--limit-s", type=int, default=limit_s(environ))
    return parser.parse_args(arguments)


def limit_s(environ: Mapping[str, str]) -> int:
    """How long one submission may take.

    Raises:
        SettingError: it is not usable.
    """
    return int(settings.value(environ, "GRADE_SECONDS", str(runner.USUAL_LIMIT_S)))


def labs_of(text: str | None) -> Path:
    """The folder with labs that *text* names; this checkout's where it is empty.

    Raises:
        SettingError: it is none.
    """
    folder = settings.path_of("LABS", text) if text else catalog.FOLDER
    if not folder.is_dir():
        raise SettingError("LABS", text or "", "a folder that is there")
    return folder


def folder_of(name: str, text: str) -> Path:
    """The folder that the setting *name* means.

    Raises:
        SettingError: it is none, or one that the emulator itself is in.
    """
    folder = settings.path_of(name, text).resolve()
    if not folder.is_dir():
        raise SettingError(name, text, "a folder that is there")
    if settings.ROOT.is_relative_to(folder):
        raise SettingError(name, text, "a folder of its own: functions are kept from all of it")
    return folder


def secrets(*more: Path | None) -> tuple[Path, ...]:
    """Folders that functions in the emulator are kept from: the usual ones, and *more*."""
    REPORTS.mkdir(exist_ok=True)
    return (*SECRETS, *(each.resolve() for each in more if each is not None))


def told_of_secrets(place: emulators.Emulators, hidden: Path | None) -> None:
    """Say where hidden tests are not safe from what is graded."""
    if hidden is not None and not place.hidden:
        terminal.err.print(
            "note: functions that are graded could read HIDDEN here; as root on Linux, where "
            "mounts are allowed, they cannot (docs/labs.md)"
        )


def _graded(lab: Lab, folder: Path, given: argparse.Namespace, hidden: Path | None) -> Grade:
    if given.json:
        with emulators.opened(secrets(hidden)) as place:
            told_of_secrets(place, hidden)
            return runner.grade(lab, folder, place, limit_s=given.limit_s)
    with terminal.step(f"grading lab {lab.number}") as note:
        with emulators.opened(secrets(hidden)) as place:
            note(f"grading {folder}")
            grade = runner.grade(lab, folder, place, limit_s=given.limit_s)
        note(f"lab {lab.number} is graded")
    told_of_secrets(place, hidden)
    for words in grade.notes:
        terminal.out.print("[red]note:[/] ", end="")
        terminal.out.print(words, markup=False)
    terminal.wide().print(show.table(grade))
    terminal.wide().print(show.summary(grade))
    return grade


def _keep(grade: Grade, given: argparse.Namespace) -> None:
    page = settings.path_of("HTML", given.html) if given.html else _own(grade)
    write(page, show.page(grade))
    if not given.json:
        terminal.out.print(f"as a page to hand in: {page}", markup=False)
    if given.gradescope:
        told = json.dumps(formats.gradescope(grade), indent=2)
        write(settings.path_of("GRADESCOPE", given.gradescope), told)
    if given.classroom:
        told = json.dumps(formats.classroom(grade), indent=2)
        write(settings.path_of("CLASSROOM", given.classroom), told)


def _own(grade: Grade) -> Path:
    return REPORTS / "grades" / f"lab-{grade.lab}.html"


if __name__ == "__main__":
    terminal.run(main)
