from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from dev import locks
from testbed import settings
from testbed.errors import TestbedError

UV = f"""#!{sys.executable}
import json, pathlib, sys
given = sys.argv[1:]
if "broken.in" in given:
    sys.exit("no such package: nonsense")
pathlib.Path(given[given.index("-o") + 1]).write_text(json.dumps(given))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the sources are, with an installer that writes down what it is asked."""
    uv = tmp_path / "uv"
    uv.write_text(UV, encoding="utf-8")
    uv.chmod(0o755)
    monkeypatch.setattr(settings, "uv", lambda: uv)
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setattr(locks, "FOLDERS", (tmp_path / "requirements",))
    (tmp_path / "lambda").mkdir()
    (tmp_path / "requirements").mkdir()
    return tmp_path / "requirements"


def asked(lock: Path) -> list[str]:
    given: list[str] = json.loads(lock.read_text(encoding="utf-8"))
    return given


def option(given: list[str], name: str) -> str | None:
    return given[given.index(name) + 1] if name in given else None


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("tools", "3.13"),
        ("lambda-runtime-3", "3.13"),
        ("lambda-runtime-python3.9", "3.9"),
        ("lambda-runtime-python3.10", "3.10"),
    ],
)
def test_a_lock_is_for_the_python_that_its_source_names(
    folder: Path, source: str, python: str
) -> None:
    """Else for the pipeline's own; it stands beside its source, with the packages' digests."""
    (folder / f"{source}.in").touch()
    locks.main()
    given = asked(folder / f"{source}.lock")
    assert python == option(given, "--python-version")
    assert "--generate-hashes" in given


def test_only_the_emulators_packages_are_as_old_as_it(folder: Path) -> None:
    """LocalStack does not behave as released with newer ones; else the newest are taken."""
    for name in ("emulator.in", "tools.in"):
        (folder / name).touch()
    locks.main()
    emulator, tools = asked(folder / "emulator.lock"), asked(folder / "tools.lock")
    assert locks.EMULATOR_RESOLVED_AS_OF == option(emulator, "--exclude-newer")
    assert locks.RELEASED_WITH == option(emulator, "--constraint")
    assert {"--exclude-newer", "--constraint"}.isdisjoint(tools)


def _pins(file: Path) -> dict[str, str]:
    """The version of each package that *file* names."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([a-z0-9-]+)(?:\[.*\])?==(\S+)", line) for line in lines)
    return {one[1]: one[2] for one in found if one}


def test_the_emulator_has_what_localstack_was_released_with() -> None:
    """Its lock is that file's, package by package, and so is what patches the same modules."""
    released = _pins(locks.FOLDERS[0] / locks.RELEASED_WITH)
    assert "1.7.0" == released["jsonpath-ng"]
    locked = _pins(locks.FOLDERS[0] / "emulator.lock")
    assert released == {name: locked.get(name) for name in released}
    assert released["wrapt"] == _pins(locks.FOLDERS[0] / "tools.lock")["wrapt"]


def test_another_version_than_the_releases_has_a_reason() -> None:
    """A security release, or one that was withdrawn; and it names the release's."""
    lines = (locks.FOLDERS[0] / locks.RELEASED_WITH).read_text(encoding="utf-8").splitlines()
    others = [line.partition("  # ")[2] for line in lines if "==" in line and "#" in line]
    assert others
    assert all(re.search(r"the release has [\d.]+", reason) for reason in others)
    assert all("CVE-" in reason or "withdrawn" in reason for reason in others)


def test_what_is_deployed_is_locked_under_the_name_that_aws_reads(folder: Path) -> None:
    """SAM takes a requirements.txt from beside the function."""
    locks.main()
    given = asked(folder.parent / "lambda" / "requirements.txt")
    assert ("requirements.in", "3.13") == (given[-3], option(given, "--python-version"))


def test_a_source_that_cannot_be_resolved_is_named(folder: Path) -> None:
    """With what the resolver says, and its older lock stays."""
    (folder / "broken.in").touch()
    (folder / "broken.lock").write_text("older", encoding="utf-8")
    with pytest.raises(TestbedError, match=r"broken\.in could not .*\n.*no such package: nonsense"):
        locks.main()
    assert "older" == (folder / "broken.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", locks.FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_source_has_its_lock(folder: Path) -> None:
    """And no lock is of a source that is gone."""
    sources, made = ({path.stem for path in folder.glob(f"*.{kind}")} for kind in ("in", "lock"))
    assert sources
    assert sources == made
