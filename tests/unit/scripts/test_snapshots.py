from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from scripts import snapshots


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    (tmp_path / "snapshots").mkdir()
    return tmp_path / "snapshots"


@pytest.mark.usefixtures("folder")
def test_none_yet(capsys: pytest.CaptureFixture[str]) -> None:
    snapshots.main()
    assert "make save NAME=" in capsys.readouterr().out


def test_each_with_what_is_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(folder / "lesson-1.zip", "w") as packed:
        told = {"when": "2026-01-01T00:00:00+00:00", "counts": {"s3.object": 2}}
        packed.writestr("manifest.json", json.dumps(told))
    (folder / "[red]other.zip").write_bytes(b"no zip")
    snapshots.main()
    said = capsys.readouterr().out
    assert "lesson-1" in said
    assert "2026-01-01T00:00:00+00:00" in said
    assert "2 objects" in said
    assert "[red]other" in said
    assert "no snapshot" in said
