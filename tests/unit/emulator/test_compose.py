from __future__ import annotations

from pathlib import Path

import pytest

from emulator import compose, compose_record
from emulator.compose_record import Record
from emulator.docker_cli import DockerError
from tests.unit.emulator.conftest import FakeDocker

RECORD = Record(project="image-pipeline-0", port=4600, image_tag="local", memory="1g")
RUNNING = '{"Status": "running", "OOMKilled": false, "Pid": 7, "Health": {"Status": "healthy"}} 2'


def test_every_state_folder_has_a_project_of_its_own() -> None:
    """Names differ, and are such as Compose takes."""
    first, second = (compose_record.project_name(Path(f"/a/{name}")) for name in "bc")
    assert first != second
    assert first == first.lower()
    assert first.replace("-", "").isalnum()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"project": "x"}'])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    """A half-written file does not stop anybody."""
    (tmp_path / compose_record.FILE_NAME).write_text(content, encoding="utf-8")
    assert compose_record.read(tmp_path) is None


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    """What one command writes, the next one finds."""
    compose_record.write(tmp_path, RECORD)
    assert RECORD == compose_record.read(tmp_path)
    assert "http://127.0.0.1:4600" == RECORD.endpoint
    compose_record.forget(tmp_path)
    assert compose_record.read(tmp_path) is None


def test_nothing_asks_docker_where_nothing_was_started(
    tmp_path: Path, fake_docker: FakeDocker
) -> None:
    """Without a record, status and stop do not even need Docker."""
    fake_docker("exit 99")
    assert compose.status(tmp_path) is None
    assert not compose.stop(tmp_path)


def test_a_running_container_is_a_testbed(tmp_path: Path, fake_docker: FakeDocker) -> None:
    """Status gives the record, and inspect what the engine says."""
    compose_record.write(tmp_path, RECORD)
    fake_docker(f"echo '{RUNNING}'")
    assert RECORD == compose.status(tmp_path)
    expected = compose.Container(
        state="running", health="healthy", restarts=2, out_of_memory=False, pid=7
    )
    assert expected == compose.inspect(RECORD)


def test_an_engine_that_is_gone_is_no_stopped_testbed(
    tmp_path: Path, fake_docker: FakeDocker
) -> None:
    """While Docker does not answer nobody knows whether the testbed is up: an error, no guess."""
    compose_record.write(tmp_path, RECORD)
    fake_docker("echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    with pytest.raises(DockerError, match="no Docker engine answers"):
        compose.status(tmp_path)
    assert RECORD == compose_record.read(tmp_path)
