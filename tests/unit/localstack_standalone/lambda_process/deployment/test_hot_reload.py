"""A folder's fingerprint changes when something in it is saved, and only then."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from localstack_standalone.lambda_process.deployment.hot_reload import fingerprint


def save(folder: Path) -> None:
    source = folder / "app.py"
    saved = source.stat().st_mtime_ns + 1
    os.utime(source, ns=(saved, saved))


def add(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "new.py").write_text("")


def remove(folder: Path) -> None:
    (folder / "app.py").unlink()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text("x = 1")
    return tmp_path


@pytest.mark.parametrize("change", [save, add, remove])
def test_a_change_is_seen(folder: Path, change: Callable[[Path], None]) -> None:
    """Saved within the same second, added below, or removed."""
    before = fingerprint(folder)
    change(folder)
    assert before != fingerprint(folder)


def test_nothing_else_is(folder: Path) -> None:
    """Neither time that passes, nor bytecode, nor a link that leads nowhere."""
    before = fingerprint(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "app.pyc").write_bytes(b"x")
    (folder / "scratch").symlink_to("gone")
    assert before == fingerprint(folder)
