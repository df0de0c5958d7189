from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from localstack_standalone.launcher import record, state_folder
from localstack_standalone.launcher.record import Record
from targets import choose, embedded
from targets.base import Running
from targets.docker import cli, compose
from targets.docker.cli import DockerError
from testbed import outputs
from testbed.errors import EmulatorError, NotRunningError
from testbed.settings import Settings

EMBEDDED = Running("embedded", "http://127.0.0.1:4700", Record("embedded", 4700, {}))
IN_DOCKER = Running("docker", "http://127.0.0.1:4701", Record("docker", 4701, {"project": "p"}))
NO_ENGINE = DockerError(f"no engine; {cli.EITHER_WAY}")


@pytest.fixture
def wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a folder in which nothing is up, on a machine whose Docker works."""
    monkeypatch.setattr(cli, "versions", lambda: "Docker engine 1 with Compose 2")
    return Settings(state_dir=tmp_path, port=None)


def no_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise NO_ENGINE

    monkeypatch.setattr(cli, "versions", refuse)


def is_up(wanted: Settings, monkeypatch: pytest.MonkeyPatch, up: Running | None) -> None:
    """As if *up* had been started in the folder; None for one that is dead by now."""
    known = up.record if up else EMBEDDED.record
    assert known is not None
    state_folder.take(wanted.state_dir)
    record.write(wanted.state_dir, known)
    monkeypatch.setattr(choose.TARGETS[known.target], "status", lambda _known: up)


def test_auto_takes_docker_where_it_works(wanted: Settings) -> None:
    """The choice says which engine answers, and how to force the other target."""
    choice = choose.choose(wanted, None)
    assert "docker" == choice.target
    assert "engine 1" in choice.why
    assert "TARGET=embedded" in choice.why


def test_auto_is_embedded_where_docker_does_not_work(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The choice says what Docker lacks."""
    no_docker(monkeypatch)
    choice = choose.choose(wanted, None)
    assert "embedded" == choice.target
    assert "no engine" in choice.why
    assert "TARGET=docker" in choice.why


@pytest.mark.parametrize("up", [EMBEDDED, IN_DOCKER])
def test_auto_keeps_what_is_up(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch, up: Running
) -> None:
    """A second `make up` is about the first one's testbed, whatever the machine has by now."""
    no_docker(monkeypatch)
    assert up.target == choose.choose(wanted, up).target


def test_a_failing_image_falls_back_aloud(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody asked for Docker, its failure is told and the pipeline runs all the same."""
    _fail_to_build(monkeypatch)
    monkeypatch.setattr(embedded, "start", lambda _wanted, _known: EMBEDDED)
    assert "embedded" == choose.start(wanted).target
    told = capsys.readouterr().err
    assert "Docker could not be used: the image could not be built: [/bin/sh -c pip]" in told
    assert "embedded instead" in told


def test_docker_that_was_asked_for_fails(wanted: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """TARGET=docker means Docker or nothing."""
    _fail_to_build(monkeypatch)
    with pytest.raises(DockerError, match="could not be built"):
        choose.start(dataclasses.replace(wanted, target="docker"))


def test_a_start_asks_once_what_is_up(wanted: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """And gives the target that is started the record of it."""
    is_up(wanted, monkeypatch, EMBEDDED)
    asked: list[Record] = []

    def status(known: Record) -> Running:
        asked.append(known)
        return EMBEDDED

    monkeypatch.setattr(embedded, "status", status)
    monkeypatch.setattr(embedded, "start", lambda _wanted, known: Running("embedded", None, known))
    started = choose.start(dataclasses.replace(wanted, target="embedded"))
    assert [EMBEDDED.record] == asked
    assert EMBEDDED.record == started.record


def test_two_targets_do_not_share_a_state_folder(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for the other target than the one that is up names both ways out."""
    is_up(wanted, monkeypatch, EMBEDDED)
    docker = dataclasses.replace(wanted, target="docker")
    with pytest.raises(EmulatorError, match=r"up with TARGET=embedded; `make down`.*STATE_DIR"):
        choose.start(docker)
    with pytest.raises(NotRunningError, match="TARGET=embedded, not docker, is up"):
        choose.running(docker)


def test_the_running_one_is_found_by_its_folder(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands need no TARGET to find what is up."""
    is_up(wanted, monkeypatch, IN_DOCKER)
    assert IN_DOCKER == choose.running(wanted)


def test_nothing_up_is_said(wanted: Settings) -> None:
    """The message tells how to start one."""
    with pytest.raises(NotRunningError, match="make up"):
        choose.running(wanted)


def test_what_a_dead_one_left_is_cleared(wanted: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its record, and the addresses of the pipeline that was in it."""
    is_up(wanted, monkeypatch, None)
    monkeypatch.setattr(embedded, "stop", lambda folder, _known, **_: record.forget(folder))
    outputs.write(wanted.state_dir, outputs.Outputs("t", "e", "r", "u", "s", "f", "o", "z"))
    assert choose.find(wanted.state_dir) is None
    assert record.read(wanted.state_dir) is None
    with pytest.raises(NotRunningError):
        outputs.read(wanted.state_dir)


def _fail_to_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_tag: str) -> None:
        raise DockerError("the image could not be built: [/bin/sh -c pip]")

    monkeypatch.setattr(compose, "build", fail)


def test_another_engine_runs_as_a_process(
    wanted: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not Docker answers."""
    monkeypatch.setenv("ENGINE", "localemu")
    assert "embedded" == choose.choose(wanted, None).target
