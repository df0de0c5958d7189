"""An upgrade loses nothing that runs: what earlier versions wrote is found, and stopped."""

from __future__ import annotations

import json
import os
from pathlib import Path

import psutil
import pytest

from localstack_standalone.launcher import state_folder
from localstack_standalone.launcher.record import Record
from targets import choose, state

OWN = {"pid": os.getpid(), "created": psutil.Process().create_time()}
EMBEDDED = {**OWN, "port": 4600, "settings": {"TUNING": "off"}}
DOCKER = {"project": "p", "port": 4601, "image_tag": "local", "memory": "1g", "settings": {}}


def test_a_process_is_found(tmp_path: Path) -> None:
    """With what a person had set for it; the folder gets its marker."""
    (tmp_path / "emulator.json").write_text(json.dumps(EMBEDDED))
    up = choose.find(tmp_path)
    assert up is not None
    assert Record("embedded", 4600, OWN, {"TUNING": "off"}) == up.record
    assert state_folder.is_ours(tmp_path)


def test_a_container_is_found(tmp_path: Path) -> None:
    """In the one file that there is now; its memory and its image's tag are settings."""
    (tmp_path / "compose.json").write_text(json.dumps(DOCKER))
    known = state.known(tmp_path)
    assert Record("docker", 4601, {"project": "p"}, {"IMAGE_TAG": "local", "MEMORY": "1g"}) == known
    assert not (tmp_path / "compose.json").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"project": "x"}'])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    """A half-written file does not stop anybody."""
    state_folder.take(tmp_path)
    (tmp_path / "compose.json").write_text(content)
    (tmp_path / "emulator.json").write_text(content)
    assert choose.find(tmp_path) is None


def test_a_strangers_file_of_the_same_name_stays(tmp_path: Path) -> None:
    """Nothing is read into a folder, or written there, that is not ours."""
    (tmp_path / "compose.json").write_text(json.dumps(DOCKER))
    (tmp_path / "thesis.txt").write_text("mine")
    assert state.known(tmp_path) is None
    assert {"compose.json", "thesis.txt"} == {entry.name for entry in tmp_path.iterdir()}
