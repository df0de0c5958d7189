from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from localstack_standalone.launcher import state_folder
from localstack_standalone.launcher.errors import StateFolderError


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


@pytest.mark.parametrize("does", [state_folder.take, state_folder.refuse_foreign])
def test_a_folder_of_somebodys_is_refused(tmp_path: Path, does: Callable[[Path], None]) -> None:
    """By name, with what is in it, and before anything is written."""
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StateFolderError, match=rf"{tmp_path} is no .*: in it is thesis\.txt"):
        does(tmp_path)
    assert ["thesis.txt"] == [entry.name for entry in tmp_path.iterdir()]
