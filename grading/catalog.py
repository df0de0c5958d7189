"""The labs that there are, and their checks: Python of ours, or of the teacher's.

What a student hands in is never looked for here: a ``checks.py`` in it is a file like any other.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from grading.criteria import Checks, Criterion, Lab
from testbed import settings
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from types import ModuleType

FOLDER: Final = settings.ROOT / "labs"
CHECKS: Final = "checks.py"
_NAMED: Final = re.compile(r"([1-9]\d*)-[a-z0-9-]+")


class LabError(TestbedError):
    """There is no such lab, or its checks cannot be used."""


def folders(where: Path = FOLDER) -> dict[int, Path]:
    """Folders of labs by number, in order."""
    found = [(_NAMED.fullmatch(path.name), path) for path in where.iterdir()]
    numbered = {int(match[1]): path for match, path in found if match and (path / CHECKS).is_file()}
    return dict(sorted(numbered.items()))


def find(number: str, hidden: Path | None = None, where: Path = FOLDER) -> Lab:
    """The lab with *number*, and with the criteria that the folder *hidden* has for it.

    Raises:
        LabError: there is none, or its checks cannot be used.
    """
    known = folders(where)
    if not number.isdecimal() or int(number) not in known:
        listed = "\n".join(f"  LAB={each}  {path.name}" for each, path in known.items())
        listed = listed or f"  none in {where}; docs/labs.md says how a lab is made"
        words = f"there is no lab {number!r}" if number else "which lab? say LAB=<number>"
        raise LabError(f"{words}; there are:\n{listed}")
    folder = known[int(number)]
    checks = _declared(folder / CHECKS, "LAB", Checks)
    return Lab(int(number), folder, checks, _hidden(hidden, folder, checks) if hidden else ())


def _hidden(hidden: Path, folder: Path, checks: Checks) -> tuple[Criterion, ...]:
    places = (hidden / folder.name / CHECKS, hidden / CHECKS)
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise LabError(
            f"HIDDEN={str(hidden)!r} has no tests for this lab: neither {folder.name}/{CHECKS} nor "
            f"{CHECKS} is in it"
        )
    criteria = _declared(file, "CRITERIA", tuple)
    if not criteria or not all(isinstance(each, Criterion) for each in criteria):
        raise LabError(f"{file}: CRITERIA must be a tuple of grading.criteria.Criterion")
    twice = {each.id for each in criteria} & {each.id for each in checks.criteria}
    if twice:
        raise LabError(f"{file}: the lab has criteria of these names already: {sorted(twice)}")
    return criteria


def _declared[T](file: Path, name: str, kind: type[T]) -> T:
    module = _loaded(file)
    found = getattr(module, name, None)
    if not isinstance(found, kind):
        raise LabError(f"{file} must have {name}, a {kind.__name__}; docs/labs.md has an example")
    return found


def _loaded(file: Path) -> ModuleType:
    """The module in *file*.

    Raises:
        LabError: it cannot be loaded.
    """
    name = "checks_" + re.sub(r"\W", "_", str(file.resolve().parent))
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise LabError(f"{file} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise LabError(f"{file} cannot be loaded: {type(error).__name__}: {error}") from error
    return module
