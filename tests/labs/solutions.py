"""Solutions as they lie in ``solutions/<lab>``: the reference, and wrong ones laid over it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from grading import catalog
from testbed import settings
from testbed.settings import ROOT

FOLDER = ROOT / "tests" / "labs" / "solutions"


def labs() -> list[str]:
    return [str(number) for number in catalog.folders()]


def wrong() -> list[tuple[str, str]]:
    """Each lab's number with the name of each of its wrong solutions."""
    return [
        (lab, folder.name)
        for lab in labs()
        for folder in sorted((FOLDER / lab / "wrong").iterdir())
    ]


def share[T](items: Sequence[T]) -> list[T]:
    """Those that are to be tested now, one at least: for all one run of CI has not the time."""
    number, _, shares = settings.value(os.environ, "SHARE", "1/1").partition("/")
    first, step = int(number) - 1, int(shares)
    return list(items[first % len(items) :: step])


def lay_out(lab: str, into: Path, name: str | None = None) -> Path:
    """The lab's starting point, the reference over it, and the wrong solution *name* over that."""
    start = catalog.find(lab).folder
    shutil.copytree(start, into, ignore=shutil.ignore_patterns("checks.py", "README.md"))
    shutil.copytree(FOLDER / lab / "reference", into, dirs_exist_ok=True)
    if name is not None:
        source = FOLDER / lab / "wrong" / name
        ignored = shutil.ignore_patterns("expected.json")
        shutil.copytree(source, into, dirs_exist_ok=True, ignore=ignored)
    return into


def expected(lab: str, name: str) -> dict[str, int]:
    """Points by criterion that a wrong solution is to get."""
    text = (FOLDER / lab / "wrong" / name / "expected.json").read_text(encoding="utf-8")
    points: dict[str, int] = json.loads(text)
    return points
