from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from localstack_standalone.launcher import record
from localstack_standalone.launcher.record import Record
from targets import choose, state
from targets.base import Running
from targets.docker import target
from targets.docker.cli import DockerError
from testbed.errors import EmulatorError, SettingError
from testbed.settings import Settings
from tests.unit.targets.docker.conftest import FakeDocker

RECORD = Record("docker", 4600, {"project": "p"}, {"IMAGE_TAG": "local", "MEMORY": "1g"})
RUNNING = '{"Status": "running", "OOMKilled": false, "Pid": 7, "Health": {"Status": "healthy"}} 0'


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """A state folder in which a container was started."""
    with state.held(tmp_path / "state"):
        record.write(tmp_path / "state", RECORD)
    return tmp_path / "state"


def test_every_state_folder_has_a_project_of_its_own() -> None:
    """Names differ, and are such as Compose takes."""
    first, second = (target.project_name(Path(f"/a/{name}")) for name in "bc")
    assert first != second
    assert first == first.lower()
    assert first.replace("-", "").isalnum()


def test_nothing_asks_docker_where_nothing_was_started(
    tmp_path: Path, fake_docker: FakeDocker
) -> None:
    """Without a record, status and stop do not even need Docker."""
    fake_docker("exit 99")
    assert choose.find(tmp_path) is None
    assert not choose.down(tmp_path)


def test_a_running_container_is_a_testbed(state_dir: Path, fake_docker: FakeDocker) -> None:
    """It is found by its record."""
    fake_docker(f"echo '{RUNNING}'")
    assert Running("docker", RECORD.endpoint, RECORD) == choose.find(state_dir)


def test_a_container_that_ended_is_cleared_and_its_log_kept(
    state_dir: Path, fake_docker: FakeDocker
) -> None:
    """What it printed is where `make logs` looks when nothing is up."""
    fake_docker(
        'case "$1" in container) exit=1; echo "no such container" >&2;; esac; echo "$1"; exit $exit'
    )
    assert choose.find(state_dir) is None
    assert record.read(state_dir) is None
    assert "logs\n" == "".join(choose.log(state_dir))


def test_an_engine_that_is_gone_is_no_stopped_testbed(
    state_dir: Path, fake_docker: FakeDocker
) -> None:
    """While Docker does not answer nobody knows whether the testbed is up: an error, no guess."""
    fake_docker("echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    with pytest.raises(DockerError, match="no Docker engine answers"):
        choose.find(state_dir)
    assert RECORD == record.read(state_dir)


def test_a_start_keeps_what_finds_it_again(tmp_path: Path, fake_docker: FakeDocker) -> None:
    """Project, port and settings; each is given to Compose, and to it alone."""
    fake_docker('echo "$@" "$PORT" "$MEMORY" >&2; exit 0')
    with state.held(tmp_path / "state"):
        started = target.launch(Settings(state_dir=tmp_path / "state", port=None, memory="1g"))
    assert started == record.read(tmp_path / "state")
    assert {"project": target.project_name(tmp_path / "state")} == started.identity
    assert {"IMAGE_TAG": "local", "MEMORY": "1g"} == started.settings


def test_a_start_that_fails_leaves_its_log_alone(tmp_path: Path, fake_docker: FakeDocker) -> None:
    """The error has the end of it; there is no record of a testbed."""
    fake_docker(
        'case "$*" in *" up "*) exit 1;; container*) '
        f"echo '{RUNNING}';; logs*) echo last words;; esac"
    )
    with (
        state.held(tmp_path / "state"),
        pytest.raises(EmulatorError, match=r"(?s)running and.*last words"),
    ):
        target.launch(Settings(state_dir=tmp_path / "state", port=None))
    assert record.read(tmp_path / "state") is None
    assert "last words\n" == "".join(choose.log(tmp_path / "state"))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"memory": "2g", "named": frozenset({"MEMORY"})}, "`make reset MEMORY=2g`"),
        ({"image_tag": "x", "named": frozenset({"IMAGE_TAG"})}, "`make reset IMAGE_TAG=x`"),
        ({"port": 4700, "named": frozenset({"PORT"})}, "up on port 4600 already; `make down`"),
    ],
)
def test_a_second_start_with_others_is_refused(
    state_dir: Path, fake_docker: FakeDocker, changed: dict[str, object], told: str
) -> None:
    """The container that is up keeps its own; what nobody named does not matter."""
    fake_docker("exit 0")
    wanted = Settings(state_dir=state_dir)
    assert RECORD == target.start(wanted, RECORD).record
    with pytest.raises(EmulatorError, match=told):
        target.start(dataclasses.replace(wanted, **changed), RECORD)  # type: ignore[arg-type]


def test_a_file_of_this_machine_is_not_for_a_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is built."""
    mocks = tmp_path / "mocks.json"
    mocks.write_text('{"StateMachines": {}, "MockedResponses": {}}', encoding="utf-8")
    monkeypatch.setenv("SFN_MOCK_CONFIG", str(mocks))
    with pytest.raises(SettingError, match="does not see this machine's files"):
        target.start(Settings(state_dir=tmp_path), None)


def test_another_engine_is_not_for_a_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The image has the usual one, which may be asked for by its name."""
    monkeypatch.setenv("ENGINE", "localemu")
    with pytest.raises(SettingError, match=r"ENGINE='localemu'.*localstack with TARGET=docker"):
        target.start(Settings(state_dir=tmp_path), None)
    monkeypatch.setenv("ENGINE", "localstack")
    assert "ENGINE" not in target.for_container(Settings(state_dir=tmp_path))


def test_what_a_container_has_kept_is_removed_once(tmp_path: Path, fake_docker: FakeDocker) -> None:
    """As long as Docker does not do it, it is known; where there is none, nobody asks Docker."""
    fake_docker("exit 1")
    target.forget_kept(tmp_path)
    (tmp_path / state.VOLUME).write_text("p\n")
    with pytest.raises(EmulatorError):
        target.forget_kept(tmp_path)
    assert (tmp_path / state.VOLUME).exists()
    fake_docker("exit 0")
    target.forget_kept(tmp_path)
    assert not (tmp_path / state.VOLUME).exists()
