"""Whether a bundle fits a machine and a lock, and what is installed from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from testbed import bundled

LOCK = "requirements/tools.lock"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout that came as a bundle."""
    lock = tmp_path / LOCK
    lock.parent.mkdir()
    lock.write_text("boto3==1 --hash=sha256:00\n")
    (tmp_path / ".bundle").mkdir()
    says = {
        "format": 1,
        "commit": "c0ffee",
        "system": "Linux",
        "machine": "x86_64",
        "python": "3.13",
        "glibc": "2.34",
        "locks": {LOCK: bundled.digest(lock)},
    }
    (tmp_path / ".bundle" / "bundle.json").write_text(json.dumps(says))
    return tmp_path


def _bundle(root: Path) -> bundled.Bundle:
    found = bundled.find(root)
    assert found is not None
    return found


def test_a_clone_is_none(tmp_path: Path) -> None:
    """What was cloned installs from an index, as its locks say."""
    assert bundled.find(tmp_path) is None
    assert ["-r", str(tmp_path / LOCK)] == bundled.requirements(tmp_path / LOCK, tmp_path)


def test_a_bundle_installs_from_itself_alone(root: Path) -> None:
    """No index is asked, and only its own files are taken."""
    assert [
        *("--no-index", "--find-links", str(root / ".bundle" / "wheels")),
        *("-r", str(root / ".bundle" / "locks" / LOCK)),
    ] == bundled.requirements(root / LOCK, root)


def test_a_lock_that_has_changed_since_is_not_in_it(root: Path) -> None:
    """After a `git pull` with other packages, these come from the index as everywhere."""
    (root / LOCK).write_text("boto3==2 --hash=sha256:01\n")
    assert ["-r", str(root / LOCK)] == bundled.requirements(root / LOCK, root)


def test_a_lock_of_another_place_is_not_in_it(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A function elsewhere has requirements of its own."""
    other = tmp_path_factory.mktemp("other") / "requirements.txt"
    other.write_text("boto3==1 --hash=sha256:00\n")
    assert ["-r", str(other)] == bundled.requirements(other, root)


def test_a_bundle_of_another_format_is_none(root: Path) -> None:
    """What cannot be read is not guessed at."""
    (root / ".bundle" / "bundle.json").write_text('{"format": 2}')
    assert bundled.find(root) is None


@pytest.mark.parametrize(
    ("system", "machine", "glibc", "why"),
    [
        ("Linux", "x86_64", "2.34", ""),
        ("Linux", "x86_64", "2.41", ""),
        ("Linux", "x86_64", "2.9", "this machine has glibc 2.9"),
        ("Linux", "x86_64", "", "this machine has no glibc"),
        ("Linux", "aarch64", "2.41", "this machine is Linux aarch64"),
        ("Darwin", "x86_64", "", "this machine is Darwin x86_64"),
    ],
)
def test_a_machine_it_is_not_for_is_told_why(
    root: Path, system: str, machine: str, glibc: str, why: str
) -> None:
    """With what it is for, and what to do."""
    said = _bundle(root).misfit(system, machine, glibc)
    assert why in said
    if why:
        assert "for Linux x86_64 with glibc 2.34 or newer" in said
        assert "`make bundle`" in said
    else:
        assert "" == said


def test_a_python_may_have_come_along(root: Path) -> None:
    """In its folder; else the machine has to have one."""
    assert _bundle(root).python is None
    python = root / ".bundle" / "python" / "bin" / "python3.13"
    python.parent.mkdir(parents=True)
    python.write_text("")
    assert python == _bundle(root).python
