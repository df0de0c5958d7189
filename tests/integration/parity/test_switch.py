from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from localstack_standalone.launcher import emulator
from localstack_standalone.launcher.errors import StartError
from targets import embedded
from testbed import settings
from testbed.aws import Aws
from tests.integration.parity.conftest import PASS, Machines

Start = Callable[[str], Machines]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts an emulator with a value of STANDALONE_PARITY."""

    def start(setting: str) -> Machines:
        monkeypatch.setenv("STANDALONE_PARITY", setting)
        record = emulator.start(tmp_path / "emulator", None, embedded.installed(), tied=True)
        return Machines(Aws(record.endpoint), record.endpoint)

    yield start
    emulator.stop(tmp_path / "emulator")


def _badly_named(machines: Machines) -> int:
    arn = machines.make(PASS)
    body = {"stateMachineArn": arn, "name": "a b"}
    return machines.call("StartExecution", body).status_code


@pytest.mark.parametrize(
    ("setting", "status", "redrive_count"),
    [("off", 200, None), ("all,-execution_name", 200, 0), ("execution_name", 400, None)],
)
def test_patches_can_be_left_out(
    start: Start, setting: str, status: int, redrive_count: int | None
) -> None:
    """Without its patch, a behaviour is LocalStack's; the others do not change with it."""
    machines = start(setting)
    assert status == _badly_named(machines)
    found = machines.run(machines.make(PASS), {})
    assert redrive_count == found.get("redriveCount")


def test_a_name_that_is_none_stops_the_start(start: Start) -> None:
    """The log names the variable, its value and what is allowed."""
    with pytest.raises(StartError, match=r"STANDALONE_PARITY='nope'.*allowed are off, all"):
        start("nope")


@pytest.mark.parametrize(("setting", "code"), [("all", 1), ("off", 0)])
def test_another_localstack_is_refused(setting: str, code: int) -> None:
    """Patches fit one version; with all of them off there is nothing to fit."""
    program = (
        "import localstack.version as known; known.version = '4.15.0'\n"
        "from localstack_standalone.parity import plugin; plugin.apply()"
    )
    ended = subprocess.run(
        [settings.ENVS / "emulator" / "bin" / "python", "-c", program],
        env={"STANDALONE_PARITY": setting, "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert code == ended.returncode, ended.stderr
    assert (code == 1) == ("this is LocalStack 4.15.0" in ended.stderr)
