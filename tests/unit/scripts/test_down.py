"""Whom `make down` is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import destroy, down


def test_on_aws_the_pipeline_itself_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the status of that."""
    monkeypatch.setenv("TARGET", "aws")
    monkeypatch.setattr(destroy, "main", lambda: 1)
    assert 1 == down.main()


def test_elsewhere_nothing_that_runs_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing on AWS is touched."""
    monkeypatch.setenv("TARGET", "auto")
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    monkeypatch.setattr(destroy, "main", pytest.fail)
    assert 0 == down.main()
    assert "no testbed was up" in capsys.readouterr().out
