from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from grading import catalog, emulators, runner
from grading.emulators import Emulators
from grading.marks import Grade
from testbed.settings import ROOT

SOLUTIONS = ROOT / "tests" / "labs" / "solutions"


class GradeFolder(Protocol):
    """Grades a folder."""

    def __call__(self, lab: str, folder: Path, **how: object) -> Grade: ...


@pytest.fixture(scope="session")
def graders() -> Iterator[Emulators]:
    """One emulator for all gradings: each is in a fork of it, as in `make grade-all`."""
    with emulators.opened((SOLUTIONS,)) as made:
        yield made


@pytest.fixture(scope="session")
def grade(graders: Emulators) -> GradeFolder:
    def graded(lab: str, folder: Path, **how: object) -> Grade:
        return runner.grade(catalog.find(lab), folder, graders, **how)  # type: ignore[arg-type]

    return graded
