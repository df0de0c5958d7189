from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.launcher.health import Health
from targets import health
from targets.docker import container_health

READY = Health(ready=True, seen="ready")
STARTING = Health(ready=False, seen="no answer")
WRONG = Health(ready=False, seen="provisioning failed", hopeless=True)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container_health, "POLL_S", 0.0)


@pytest.mark.parametrize(
    ("answers", "status", "told"),
    [([STARTING, STARTING, READY], 0, "ready\n"), ([STARTING, WRONG], 1, "provisioning failed\n")],
)
def test_it_waits_until_it_is_well_or_never_will_be(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answers: list[Health],
    status: int,
    told: str,
) -> None:
    """Docker gets one line and a status."""
    given = iter(answers)
    monkeypatch.setattr(container_health, "look", lambda: next(given))
    assert status == container_health.main()
    assert told == capsys.readouterr().out


def test_at_its_patience_s_end_it_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker asks again."""
    monkeypatch.setattr(container_health, "PATIENCE_S", 0.0)
    monkeypatch.setattr(container_health, "look", lambda: STARTING)
    assert 1 == container_health.main()


def test_the_whole_question_is_asked_until_the_pipeline_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Then the one that leaves no line in a log."""
    monkeypatch.setattr(health, "check_provisioned", lambda _endpoint: STARTING)
    monkeypatch.setattr(health, "check_services", lambda _endpoint: READY)
    monkeypatch.setattr(container_health, "PROVISIONED", tmp_path / "outputs.json")
    assert STARTING == container_health.look()
    (tmp_path / "outputs.json").touch()
    assert READY == container_health.look()
