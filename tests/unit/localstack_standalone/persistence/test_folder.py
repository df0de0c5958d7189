"""What cannot be read is set aside and told of; what cannot be used stays where it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from localstack_standalone.persistence import folder
from localstack_standalone.persistence.errors import (
    DamagedStateError,
    ForeignStateError,
    OtherVersionError,
    PersistenceError,
)
from localstack_standalone.persistence.journal import FILE, Journal


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (DamagedStateError("a page"), "damaged"),
        (ForeignStateError("theirs"), "foreign"),
        (OtherVersionError(2, 1), "other-version"),
    ],
)
def test_it_says_what_and_why(tmp_path: Path, error: PersistenceError, word: str) -> None:
    (tmp_path / FILE).write_bytes(b"one")
    first = folder.set_aside(tmp_path, error)
    (tmp_path / FILE).write_bytes(b"two")
    second = folder.set_aside(tmp_path, error)
    assert word in first.path.name
    assert (first.path / FILE).read_bytes() == b"one"
    assert (second.path / FILE).read_bytes() == b"two"
    assert not (tmp_path / FILE).exists()
    assert folder.set_aside_before(tmp_path) == [first, second]
    assert first.why == str(error)


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    (tmp_path / FILE / "theirs").touch()
    with pytest.raises(ForeignStateError, match="a folder is where") as caught:
        Journal(tmp_path)
    aside = folder.set_aside(tmp_path, caught.value)
    assert (aside.path / FILE / "theirs").exists()
    Journal(tmp_path).close()


OPEN = """
import os, pathlib, sys
from localstack_standalone.persistence.errors import UnusableFolderError
from localstack_standalone.persistence.journal import Journal

if os.geteuid() == 0:
    os.seteuid(65534)
try:
    Journal(pathlib.Path(sys.argv[1]))
except UnusableFolderError as error:
    print(error)
"""


def refusal(state: Path) -> str:
    """What a user without privileges is told who opens it."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(state)], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize(
    ("file_mode", "folder_mode"),
    [(0o000, 0o777), (0o444, 0o555), (0o666, 0o555), (0o666, 0o000)],
    ids=["unreadable", "as on a read-only disk", "a folder without room", "a closed folder"],
)
def test_what_may_not_be_used_is_left_alone(
    tmp_path: Path, file_mode: int, folder_mode: int
) -> None:
    """That is nobody's damage: it is not set aside, and not begun anew."""
    state = tmp_path / "state"
    Journal(state).close()
    before = (state / FILE).read_bytes()
    for parent in (tmp_path, *tmp_path.parents[:2]):  # pytest's own
        parent.chmod(0o755)
    (state / FILE).chmod(file_mode)
    state.chmod(folder_mode)

    told = refusal(state)

    state.chmod(0o700)
    (state / FILE).chmod(0o600)
    assert "cannot be used" in told
    assert "Nothing of it was changed" in told
    assert (state / FILE).read_bytes() == before
    assert [path.name for path in state.iterdir()] == [FILE]
