from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from emulator import compose, compose_record, docker_cli, embedded
from emulator.docker_cli import DockerError
from emulator.record import Record
from scripts import targets
from testbed.errors import EmulatorError, NotRunningError
from testbed.settings import Settings

EMBEDDED = Record(pid=1, created=0.0, port=4700)
IN_DOCKER = compose_record.Record(project="p", port=4701, image_tag="local", memory="1g")
NO_ENGINE = DockerError(f"no engine; {docker_cli.EITHER_WAY}")


@pytest.fixture
def wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a folder in which nothing is up, on a machine whose Docker works."""
    monkeypatch.setattr(docker_cli, "versions", lambda: "Docker engine 1 with Compose 2")
    return Settings(state_dir=tmp_path, port=None)


def no_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise NO_ENGINE

    monkeypatch.setattr(docker_cli, "versions", refuse)


def is_up(monkeypatch: pytest.MonkeyPatch, found: targets.Found) -> None:
    module = embedded if isinstance(found, Record) else compose
    monkeypatch.setattr(module, "status", lambda _state_dir: found)


def test_auto_takes_docker_where_it_works(wanted: Settings) -> None:
    """The choice says which engine answers, and how to force the other target."""
    choice = targets.choose(wanted)
    assert "docker" == choice.target
    assert "engine 1" in choice.why
    assert "TARGET=embedded" in choice.why


def test_auto_is_embedded_where_docker_does_not_work(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The choice says what Docker lacks."""
    no_docker(monkeypatch)
    choice = targets.choose(wanted)
    assert "embedded" == choice.target
    assert "no engine" in choice.why
    assert "TARGET=docker" in choice.why


@pytest.mark.parametrize(("found", "target"), [(EMBEDDED, "embedded"), (IN_DOCKER, "docker")])
def test_auto_keeps_what_is_up(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch, found: targets.Found, target: str
) -> None:
    """A second `make up` is about the first one's testbed, whatever the machine has by now."""
    no_docker(monkeypatch)
    is_up(monkeypatch, found)
    assert target == targets.choose(wanted).target


def test_a_failing_image_falls_back_aloud(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody asked for Docker, its failure is told and the pipeline runs all the same."""
    _fail_to_build(monkeypatch)
    monkeypatch.setattr(embedded, "start", lambda _state_dir, _port: EMBEDDED)
    assert "embedded" == targets.start(wanted, targets.choose(wanted)).target
    told = capsys.readouterr().err
    assert "Docker could not be used: the image could not be built: [/bin/sh -c pip]" in told
    assert "embedded instead" in told


def test_docker_that_was_asked_for_fails(wanted: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """TARGET=docker means Docker or nothing."""
    _fail_to_build(monkeypatch)
    firm = dataclasses.replace(wanted, target="docker")
    with pytest.raises(DockerError, match="could not be built"):
        targets.start(firm, targets.choose(firm))


def test_two_targets_do_not_share_a_state_folder(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for the other target than the one that is up names both ways out."""
    is_up(monkeypatch, EMBEDDED)
    docker = dataclasses.replace(wanted, target="docker")
    with pytest.raises(EmulatorError, match=r"up with TARGET=embedded; `make down`.*STATE_DIR"):
        targets.start(docker, targets.choose(docker))
    with pytest.raises(NotRunningError, match="TARGET=embedded, not docker, is up"):
        targets.running(docker)


def test_the_running_one_is_found_by_its_folder(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands need no TARGET to find what is up."""
    is_up(monkeypatch, IN_DOCKER)
    running = targets.running(wanted)
    assert ("docker", "http://127.0.0.1:4701") == (running.target, running.aws.endpoint)


def test_nothing_up_is_said(wanted: Settings) -> None:
    """The message tells how to start one."""
    with pytest.raises(NotRunningError, match="make up"):
        targets.running(wanted)


def _fail_to_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_tag: str) -> None:
        raise DockerError("the image could not be built: [/bin/sh -c pip]")

    monkeypatch.setattr(compose, "build", fail)
