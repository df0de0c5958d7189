"""The benchmark measures what it says, and its arithmetic is right."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench import engines, thumbnail
from bench.measurements import Measurements
from testbed.errors import TestbedError

SMALL = (640, 480)


@pytest.fixture
def measured() -> Measurements:
    """Two files: twice as fast as libvips, and half as fast."""
    measured = Measurements()
    for file, ours_ms, libvips_ms in (("a.png", 30, 60), ("b.png", 20, 10)):
        for engine, cpu_ms in (("ours", ours_ms), ("libvips", libvips_ms)):
            length = 18 if engine == "ours" else 19
            for unit, value in (("CPU ms", cpu_ms), ("extra MB", 4), ("result kB", length)):
                measured.add(engine, f"thumbnail, {file}, {unit}", value)
    return measured


def shown(measured: Measurements) -> list[list[str]]:
    """The table's lines, as words."""
    console = Console(file=StringIO(), width=120)
    console.print(thumbnail.table(measured))
    text = console.file
    assert isinstance(text, StringIO)
    return [line.replace("│", "").split() for line in text.getvalue().splitlines()]


def test_ratios_are_joined_by_their_geometric_mean(measured: Measurements) -> None:
    """Twice as fast and half as fast make even; an arithmetic mean would say 1.25."""
    assert ["geometric", "mean", "1.00"] in shown(measured)


def test_a_row_shows_both_engines(measured: Measurements) -> None:
    """CPU time, its ratio, extra memory in MB, the result's length in kB."""
    assert ["a.png", "30", "60", "0.50", "4", "4", "18", "19"] in shown(measured)


def test_every_format_is_measured_with_both_engines_by_turns(tmp_path: Path) -> None:
    """A round measures each file once with each; all of it is kept."""
    measured = Measurements()
    thumbnail.measure(1, measured, tmp_path, lambda _: None, size=SMALL)
    files = [path.name for path in (tmp_path / "measured").iterdir()]
    assert {".jpg", ".png", ".webp", ".avif", ".tiff", ".gif"} == {Path(f).suffix for f in files}
    cpu = [row for row in measured.rows if row["what"].endswith("CPU ms")]
    assert ["ours", "libvips"] * len(files) == [row["engine"] for row in cpu]
    assert all(row["value"] > 0 for row in cpu)
    units = ("CPU ms", "wall ms", "result kB")
    for file in files:
        for engine in engines.ENGINES:
            assert all(measured.median(engine, f"thumbnail, {file}, {u}") > 0 for u in units)


def test_an_engine_that_fails_is_named(tmp_path: Path) -> None:
    """With the file and what it said: no measure is left out without a word."""
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no image")
    with pytest.raises(TestbedError, match=r"(?s)libvips made no thumbnail of bad.png:.*Error"):
        thumbnail.probe("libvips", bad, bad)
