"""Whom `make down` is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import destroy, down
from targets import choose, kept_state
from targets.base import Running


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


def test_what_is_kept_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And how to have it otherwise."""
    monkeypatch.setenv("TARGET", "auto")
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    report = kept_state.KeptReport("/x", "", 0, {"s3.object": 12})
    monkeypatch.setattr(choose, "find", lambda _folder: Running("embedded", "http://127.0.0.1:9"))
    monkeypatch.setattr(choose, "down", lambda _folder: True)
    monkeypatch.setattr(kept_state, "fetch", lambda _endpoint: report)
    assert 0 == down.main()
    assert "kept: 12 objects; `make up` goes on" in capsys.readouterr().out
