from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

from localstack_standalone.launcher import record, state_folder
from localstack_standalone.launcher.health import EXECUTOR
from localstack_standalone.launcher.record import Record
from scripts import status
from testbed import outputs as kept
from testbed import settings
from testbed.outputs import Outputs
from tests.support import fake_emulator

UP = {
    "health": {"services": {"s3": "available"}},
    "standalone": {"executor": EXECUTOR},
}
BUSY = {
    "waiting": 0,
    "running": 2,
    "starting": 1,
    "idle": 4,
    "longest_wait_s": 0.5,
    "bounds": {"at_work": 8},
}
Started = Callable[[str, Mapping[str, str]], None]


@pytest.fixture
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setattr(settings, "DOTENV", tmp_path / "none")
    monkeypatch.setenv("STATE_DIR", str(folder))
    return folder


@pytest.fixture
def started(state_dir: Path) -> Started:
    """Keeps a record of an emulator at an endpoint, whose process is this one."""

    def keep(endpoint: str, given: Mapping[str, str]) -> None:
        me = psutil.Process()
        identity = {"pid": os.getpid(), "created": me.create_time()}
        state_folder.take(state_dir)
        port = int(endpoint.rpartition(":")[2])
        record.write(state_dir, Record("embedded", port, identity, given))

    return keep


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The table: a name and what stands beside it."""
    rows = [line.strip().split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    return {row[0]: row[1] for row in rows}


@pytest.mark.usefixtures("state_dir")
def test_none_is_up(capsys: pytest.CaptureFixture[str]) -> None:
    """A status of its own, and what to do."""
    assert 3 == status.main()
    assert "no testbed is up" in (said := capsys.readouterr().out)
    assert "`make up`" in said


def test_one_that_is_ready(
    started: Started, state_dir: Path, outputs: Outputs, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it is, what it was started with, what it does, and where to send a request."""
    lambda_ = {"environments": BUSY, "runtimes": {"python3.13": "/py", "nodejs22.x": "/node"}}
    ready = {**UP, "standalone": {"executor": EXECUTOR, **lambda_}}
    with fake_emulator.saying(ready) as endpoint:
        started(endpoint, {"TUNING": "off", "LAMBDA_RUNTIME_ENVIRONMENT": "[red]"})
        kept.write(state_dir, outputs)
        assert 0 == status.main()
    table = told(capsys)
    assert ("ready", "embedded", endpoint) == (
        table["LocalStack"],
        table["target"],
        table["endpoint"],
    )
    assert ("off", "[red]") == (table["TUNING"], table["LAMBDA_RUNTIME_ENVIRONMENT"])
    assert ("3 at work, 4 idle", outputs.api_url) == (table["invocations"], table["API"])
    assert "nodejs22.x, python3.13" == table["runtimes"]
    assert table["process"].startswith(f"{os.getpid()}, ")


def test_what_is_kept(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    """How much, since when, where; and what could not be read or kept."""
    state = {
        "kept": {"where": "/x/kept", "since": "2026-01-01", "bytes": 2048, "counts": {}},
        "set_aside": [{"where": "/x/[aside]", "why": "damaged", "now": False}],
        "unkept": ["s3:PutObject"],
        "facts": {},
    }
    with fake_emulator.saying({**UP, "standalone/state": state}) as endpoint:
        started(endpoint, {})
        assert 0 == status.main()
    said = capsys.readouterr().out
    for words in (
        "nothing yet (2 kB) since 2026-01-01",
        "/x/kept",
        "/x/[aside]: damaged",
        "what s3:PutObject changed",
    ):
        assert words in said


def test_one_that_is_not_well(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    """What was seen stands there, and the status is an error's; what is not known is left out."""
    with fake_emulator.saying({"health": {"services": {"s3": "starting"}}}) as endpoint:
        started(endpoint, {})
        assert 1 == status.main()
    table = told(capsys)
    assert "services not available: s3" == table["LocalStack"]
    assert "invocations" not in table


def test_one_without_the_pipeline(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    """It is up and well, and no request would succeed: what does it is named."""
    with fake_emulator.saying(UP) as endpoint:
        started(endpoint, {})
        assert 0 == status.main()
    assert "not provisioned; `make up` does it" == told(capsys)["API"]


@pytest.mark.parametrize("name", ["[red]bed", "bed[/]"])
def test_a_folder_is_named_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Whatever a terminal's markup would make of its name."""
    monkeypatch.setattr(settings, "DOTENV", tmp_path / "none")
    monkeypatch.setenv("STATE_DIR", str(tmp_path / name))
    assert 3 == status.main()
    assert f"(state folder {tmp_path / name})" in capsys.readouterr().out
