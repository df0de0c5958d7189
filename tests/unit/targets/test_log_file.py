"""Following a log loses no line and tells none twice, whatever becomes of the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from targets import log_file


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "emulator.log"
    path.write_text("old\n")
    return path


def said(coming: Iterator[str], times: int = 4) -> str:
    return "".join(next(coming) for _ in range(times))


def add(log: Path, text: str) -> None:
    with log.open("a") as file:
        file.write(text)


def test_what_comes_is_told(log: Path) -> None:
    """From the position on, characters whole."""
    with closing(log_file.following(log.open("rb"), log)) as coming:
        assert "old\n" == said(coming)
        with log.open("ab") as file:
            file.write("ü".encode()[:1])
            file.flush()
            assert "" == said(coming)
            file.write("ü".encode()[1:])
        assert "ü" == said(coming)


def test_a_cut_loses_nothing(log: Path) -> None:
    """What was written after the last look is in the copy; then the log begins again."""
    with closing(log_file.following(log.open("rb"), log)) as coming:
        assert "old\n" == said(coming)
        add(log, "before the cut\n")
        log.with_name("emulator.log.1").write_text(log.read_text())
        log.write_text("")  # the same file, cut
        assert "before the cut\n" == said(coming)
        add(log, "after\n")
        assert "after\n" == said(coming)


def test_the_next_emulators_log_is_followed(log: Path) -> None:
    """`make reset` begins a new file: the old one's end, the new one, and neither twice."""
    with closing(log_file.following(log.open("rb"), log)) as coming:
        assert "old\n" == said(coming)
        add(log, "last words\n")
        log.unlink()
        assert "last words\n" == said(coming)
        log.write_text("new\n")
        assert "new\n" == said(coming)
        assert "" == said(coming)
