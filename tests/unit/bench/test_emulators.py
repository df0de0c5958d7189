from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from bench import emulators
from bench.load import Entry, LoadClient
from infra import stack
from infra.package import Package
from localstack_standalone.launcher.health import Health
from targets import choose, health
from testbed.aws import Aws
from testbed.errors import EmulatorError

CODE = Package(Path("function.zip"), "x86_64")


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose containers were stopped; nothing of Docker is really there."""
    stopped: list[Path] = []
    monkeypatch.setattr(choose, "down", stopped.append)
    monkeypatch.setattr(emulators, "_container_pid", lambda _folder: os.getpid())
    monkeypatch.setattr(emulators, "provision", lambda *_: "http://api")
    entry = Entry("http://127.0.0.1:9", "arn:m", None, os.getpid())
    monkeypatch.setattr(emulators, "client", lambda *_: LoadClient(entry, "a.png"))
    return stopped


def test_a_container_is_ready_before_it_has_provisioned(
    stopped: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its start returns when both are done, so it is watched from outside; then it is stopped."""
    provisioned = threading.Event()
    monkeypatch.setattr(emulators, "launch", lambda _wanted: provisioned.wait(10))
    monkeypatch.setattr(health, "check", lambda _: Health(ready=True, seen="ready"))
    with emulators.life("docker", tmp_path, CODE) as life:
        assert "docker" == life.emulator
        assert not provisioned.is_set()
        assert not stopped
        provisioned.set()
    assert [tmp_path] == stopped


def test_a_container_that_does_not_start_says_why_at_once(
    stopped: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody waits for the readiness of what will never be; its remains are stopped."""

    def launch(_wanted: object) -> None:
        raise EmulatorError("port 4566 is taken")

    monkeypatch.setattr(emulators, "launch", launch)
    monkeypatch.setattr(health, "check", lambda _: Health(ready=False, seen="silent"))
    with (
        pytest.raises(EmulatorError, match="is taken"),
        emulators.life("docker", tmp_path, CODE),
    ):
        pass
    assert [tmp_path] == stopped


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack whose API cannot be made."""

    def apply(*_: object, **__: object) -> None:
        raise ClientError({"Error": {"Code": "Unsupported"}}, "PutIntegration")

    monkeypatch.setattr(stack, "apply", apply)


@pytest.mark.usefixtures("refusing")
def test_ministack_is_measured_without_an_api(aws: Aws) -> None:
    """All but the API is there then."""
    assert emulators.provision("ministack", aws, CODE) is None


@pytest.mark.usefixtures("refusing")
def test_ours_is_not_measured_without_an_api(aws: Aws) -> None:
    """What it lacks is an error."""
    with pytest.raises(ClientError):
        emulators.provision("tuned", aws, CODE)
