"""STANDALONE_ORIGIN_GUARD and ALLOWED_HOSTS."""

from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.launcher import emulator
from localstack_standalone.launcher.errors import LauncherError
from targets import embedded
from testbed.errors import TestbedError
from tests.support.raw_http import send

HEALTH = "/_localstack/health"


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "emulator"


def test_it_can_be_switched_off(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LocalStack is then as it comes, and says so in its log."""
    monkeypatch.setenv("STANDALONE_ORIGIN_GUARD", "off")
    record = emulator.start(state_dir, None, embedded.installed(), tied=True)
    try:
        answer = send(record.endpoint, "GET", HEALTH, host="evil.example")
        assert (200, None) == (answer.status, answer.headers["Content-Security-Policy"])
    finally:
        emulator.stop(state_dir)
    assert "any web page can use this emulator" in emulator.log_path(state_dir).read_text()


def test_names_can_be_allowed(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are listed, and no others; pages of theirs are judged like all."""
    monkeypatch.setenv("ALLOWED_HOSTS", "build.example,*.localhost.localstack.cloud")
    record = emulator.start(state_dir, None, embedded.installed(), tied=True)
    try:
        seen = [
            send(record.endpoint, "GET", HEALTH, host=host).status
            for host in ("build.example", "s3.localhost.localstack.cloud:4566", "a.build.example")
        ]
        page = ("Origin", "http://build.example")
        own = send(record.endpoint, "GET", HEALTH, page, host="build.example").status
    finally:
        emulator.stop(state_dir)
    assert ([200, 200, 421], 403) == (seen, own)


@pytest.mark.parametrize(
    ("name", "value"), [("STANDALONE_ORIGIN_GUARD", "no"), ("ALLOWED_HOSTS", "http://build")]
)
def test_a_bad_value_is_no_start(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """An emulator that does not know whom to let in lets nobody in; the message says why."""
    monkeypatch.setenv(name, value)
    with pytest.raises((TestbedError, LauncherError), match=f"{name}='{value}'"):
        emulator.start(state_dir, None, embedded.installed(), tied=True)
