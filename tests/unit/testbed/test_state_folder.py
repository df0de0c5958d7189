"""Nothing of the user's is touched: what is a testbed's folder, and what is removed of it."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator import compose, embedded, lock
from testbed import outputs, settings, state_folder
from testbed.errors import StateFolderError


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", [*state_folder.RECORDS, "lock"])
def test_a_name_is_no_proof(tmp_path: Path, name: str) -> None:
    """Others have an emulator.log or an outputs.json beside a tmp, too."""
    (tmp_path / name).write_text("{}")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "thesis.txt").write_text("mine")
    before = contents(tmp_path)
    assert not state_folder.is_ours(tmp_path)
    state_folder.forget_emulator(tmp_path)
    with pytest.raises(StateFolderError):
        state_folder.remove(tmp_path)
    assert before == contents(tmp_path)


@pytest.mark.parametrize("name", ["lock", "emulator.log"])
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str) -> None:
    """A start would cut the file that it leads to."""
    mine, folder = tmp_path / "mine.txt", tmp_path / "state"
    mine.write_text("mine")
    state_folder.take(folder)
    (folder / name).symlink_to(mine)
    with contextlib.suppress(OSError), lock.exclusive(folder):
        pass
    embedded.begin_log(folder).close()
    assert "mine" == mine.read_text()


@pytest.fixture(params=["tmp/thesis.txt", "localstack/notes.txt", "src/a.py", ".git/config"])
def mine(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder of the user's, with a name in it that we might use, too."""
    file = tmp_path / "X" / request.param
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    return tmp_path / "X"


def start_embedded(folder: Path) -> None:
    embedded.start(folder, None)


def start_docker(folder: Path) -> None:
    compose.start(dataclasses.replace(settings.load({}), state_dir=folder, target="docker"))


def keep_outputs(folder: Path) -> None:
    outputs.write(folder, outputs.Outputs("aws", None, "r", "u", "s", "f", "o", "z"))


@pytest.mark.parametrize(
    "does",
    [
        start_embedded,
        start_docker,
        keep_outputs,
        state_folder.take,
        state_folder.refuse_foreign,
        state_folder.remove,
    ],
)
def test_a_folder_of_the_users_is_refused_by_name(mine: Path, does: Callable[[Path], None]) -> None:
    """Before anything is written or removed; the message says what to do."""
    before = contents(mine)
    with pytest.raises(StateFolderError) as refused:
        does(mine)
    assert before == contents(mine)
    assert str(mine) in str(refused.value)
    assert "STATE_DIR" in str(refused.value)


def test_a_stop_removes_nothing_of_the_users(mine: Path) -> None:
    """`make down` on the wrong folder."""
    before = contents(mine)
    assert not embedded.stop(mine)
    assert embedded.status(mine) is None
    state_folder.forget_emulator(mine)
    assert before == contents(mine)


def test_a_new_or_empty_folder_is_taken(tmp_path: Path) -> None:
    """And is ours from then on, whatever is in it."""
    for folder in (tmp_path / "new" / "one", tmp_path / "empty"):
        if folder.name == "empty":
            folder.mkdir()
        assert not state_folder.is_ours(folder)
        state_folder.take(folder)
        (folder / "mine.txt").write_text("mine")
        state_folder.take(folder)
        assert state_folder.is_ours(folder)


def test_a_folder_of_an_earlier_version_is_ours(tmp_path: Path) -> None:
    """It has no marker, but a log or a record, and nothing that is not ours."""
    (tmp_path / "tmp").mkdir()
    log = tmp_path / "emulator.log"
    log.write_text("\nLocalStack version: 4.14.0\n")
    assert state_folder.is_ours(tmp_path)
    log.unlink()
    (tmp_path / "emulator.json").write_text('{"pid": 1, "created": 0.0, "port": 4566}')
    assert state_folder.is_ours(tmp_path)
    (tmp_path / "mine.txt").write_text("mine")
    assert not state_folder.is_ours(tmp_path)


def test_what_we_made_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """What somebody put beside it stays, and is named."""
    folder = tmp_path / "state"
    state_folder.take(folder)
    (folder / "emulator.log").write_text("")
    (folder / "tmp").mkdir()
    (folder / "tmp" / "object").write_text("")
    (folder / "mine.txt").write_text("mine")
    assert "mine.txt" == state_folder.remove(folder)
    assert {"mine.txt", state_folder.MARKER} == set(contents(folder))
    (folder / "mine.txt").unlink()
    assert state_folder.remove(folder) is None
    assert not folder.exists()


def test_nothing_is_removed_through_a_link(tmp_path: Path) -> None:
    """A link in our folder goes; what it leads to is the user's."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.txt").write_text("mine")
    folder = tmp_path / "state"
    state_folder.take(folder)
    (folder / "tmp").symlink_to(mine)
    with pytest.raises(StateFolderError, match="link"):
        state_folder.take(folder)
    state_folder.forget_emulator(folder)
    state_folder.remove(folder)
    assert {"a.txt": "mine"} == contents(mine)
