"""Nothing of the user's is touched: what is a testbed's folder, and what is removed of it."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from localstack_standalone.launcher import emulator, state_folder
from localstack_standalone.launcher.errors import StateFolderError
from targets import choose, earlier, embedded, state
from testbed import settings, waiting
from testbed.errors import EmulatorError


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", [*earlier.RECORDS, "emulator.log", "lock"])
def test_a_name_is_no_proof(tmp_path: Path, name: str) -> None:
    """Others have an emulator.log or an outputs.json beside a tmp, too."""
    (tmp_path / name).write_text("{}")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "thesis.txt").write_text("mine")
    before = contents(tmp_path)
    assert not state.is_ours(tmp_path)
    state_folder.forget_emulator(tmp_path)
    with pytest.raises(EmulatorError):
        state.remove(tmp_path)
    assert before == contents(tmp_path)


@pytest.mark.parametrize("name", ["lock", "emulator.log"])
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str) -> None:
    """A start would cut the file that it leads to."""
    mine, folder = tmp_path / "mine.txt", tmp_path / "state"
    mine.write_text("mine")
    state_folder.take(folder)
    (folder / name).symlink_to(mine)
    with contextlib.suppress(OSError), state_folder.exclusive(folder):
        pass
    emulator.begin_log(folder).close()
    assert "mine" == mine.read_text()


@pytest.fixture(params=["tmp/thesis.txt", "localstack/notes.txt", "src/a.py", ".git/config"])
def mine(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder of the user's, with a name in it that we might use, too."""
    file = tmp_path / "X" / request.param
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    return tmp_path / "X"


def start(folder: Path) -> None:
    choose.start(dataclasses.replace(settings.load({}), state_dir=folder))


def start_privately(folder: Path) -> None:
    with embedded.private(folder):
        pass


def use_aws(folder: Path) -> None:
    choose.running(dataclasses.replace(settings.load({}), state_dir=folder, target="aws"))


@pytest.mark.parametrize(
    "does", [start, start_privately, use_aws, state.refuse_foreign, state.remove]
)
def test_a_folder_of_the_users_is_refused_by_name(mine: Path, does: Callable[[Path], None]) -> None:
    """Before anything is written or removed; the message says what to do."""
    before = contents(mine)
    with pytest.raises(EmulatorError) as refused:
        does(mine)
    assert before == contents(mine)
    assert str(mine) in str(refused.value)
    assert "STATE_DIR" in str(refused.value)


def test_a_stop_removes_nothing_of_the_users(mine: Path) -> None:
    """`make down` on the wrong folder."""
    before = contents(mine)
    assert not emulator.stop(mine)
    assert emulator.status(mine) is None
    state_folder.forget_emulator(mine)
    assert before == contents(mine)


def test_a_folder_of_an_earlier_version_is_ours(tmp_path: Path) -> None:
    """It has no marker, but a log or a record, and nothing that is not ours."""
    (tmp_path / "tmp").mkdir()
    log = tmp_path / "emulator.log"
    log.write_text("\nLocalStack version: 4.14.0\n")
    assert state.is_ours(tmp_path)
    log.unlink()
    (tmp_path / "emulator.json").write_text('{"pid": 1, "created": 0.0, "port": 4566}')
    assert state.is_ours(tmp_path)
    (tmp_path / "mine.txt").write_text("mine")
    assert not state.is_ours(tmp_path)


def test_what_we_made_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """What somebody put beside it stays, and is named."""
    folder = tmp_path / "state"
    state_folder.take(folder)
    (folder / "emulator.log").write_text("")
    (folder / "tmp").mkdir()
    (folder / "tmp" / "object").write_text("")
    (folder / "mine.txt").write_text("mine")
    assert [folder / "mine.txt"] == state.remove(folder)
    assert {"mine.txt", state_folder.MARKER} == set(contents(folder))
    (folder / "mine.txt").unlink()
    assert [] == state.remove(folder)
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
    state.remove(folder)
    assert {"a.txt": "mine"} == contents(mine)


def test_who_waits_for_another_command_says_so(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start takes seconds, or minutes where an image is built: silence looks like a fault."""
    monkeypatch.setattr(state, "SILENCE_S", 0.05)
    state_folder.take(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        with state_folder.exclusive(tmp_path):
            held = pool.submit(lambda: state.held(tmp_path).__enter__())
            waiting.until(
                lambda: ("another command" in capfd.readouterr().err or None, "no word"),
                "a word about the wait",
                timeout_s=10,
            )
        assert held.result(10) is None
