"""`make lessons`: the states that the sessions of the course begin with, for `make load`.

They are made here, from what scripts/lesson_states.py says, in a testbed of their own: the one that
is up, if one is, goes on meanwhile. Nothing binary is in the repository, and each state is what
this version of the pipeline does.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from client import journey
from scripts.lesson_states import LESSONS, ended
from scripts.up import bring_up
from targets import choose, kept_state, state
from testbed import settings, terminal
from testbed.aws import Aws
from testbed.errors import EmulatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scripts.lesson_states import Lesson
    from testbed.outputs import Outputs

FOLDER: Final = ".testbed-lessons"


def main() -> None:
    """Make those that are not there.

    Raises:
        EmulatorError: a request ended otherwise than the course says.
    """
    into = settings.load().state_dir / state.SNAPSHOTS
    missing = absent(LESSONS, into)
    if missing:
        with private() as where:
            make(where, LESSONS, missing)
    for lesson in LESSONS:
        terminal.out.print(f"make load NAME={lesson.name}   {lesson.about}", markup=False)


def absent(lessons: Iterable[Lesson], into: Path) -> dict[str, Path]:
    """The files in the folder *into* that are to be made; what is there may be somebody's work."""
    files = {lesson.name: kept_state.in_folder(into, lesson.name) for lesson in lessons}
    for name, file in files.items():
        if file.exists():
            terminal.out.print(f"{name} is there already and stays; delete {file} for a new one")
    return {name: file for name, file in files.items() if not file.exists()}


@contextlib.contextmanager
def private() -> Iterator[Outputs]:
    """A testbed of its own, new and empty, that leaves nothing."""
    usual = settings.load()
    own = usual.state_dir.with_name(f"{FOLDER}-{os.getpid()}")
    wanted = dataclasses.replace(usual, target="embedded", port=None, state_dir=own)
    try:
        yield bring_up(wanted)
    finally:
        choose.down(own)
        state.remove(own)
        shutil.rmtree(own, ignore_errors=True)


def make(
    where: Outputs,
    lessons: Iterable[Lesson],
    missing: dict[str, Path],
    *,
    save: Callable[[str, str, Path], None] = kept_state.save,
) -> None:
    """Send what *lessons* say, one after the other, and save the state behind each of *missing*.

    Raises:
        EmulatorError: a request ended otherwise than its lesson says; that state is not saved.
    """
    aws = Aws(endpoint=where.endpoint)
    for lesson in lessons:
        with terminal.step(f"{lesson.name}: {lesson.about}"):
            for exercise in lesson.sent:
                how = ended(journey.send(aws, where, exercise.job))
                if how != exercise.ends:
                    raise EmulatorError(
                        f"{lesson.name} is to begin with {exercise.job.body} ending as "
                        f"{exercise.ends}, and it ended as {how}"
                    )
            if lesson.name in missing:
                save(where.endpoint or "", lesson.name, missing[lesson.name])


if __name__ == "__main__":
    terminal.run(main)
