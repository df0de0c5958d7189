"""The benchmark measures what it says, and its arithmetic is right."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rich.console import Console

from bench import engines, pictures, thumbnail
from bench.thumbnail import Measure
from testbed.errors import TestbedError
from testbed.settings import ROOT

SMALL = (640, 480)


def measured(file: str, engine: engines.Engine, cpu_ms: float, **more: Any) -> Measure:
    return Measure(
        **{
            "file": file,
            "engine": engine,
            "cpu_ms": cpu_ms,
            "wall_ms": cpu_ms,
            "extra_bytes": 0,
            "result_bytes": 0,
            **more,
        }
    )


def shown(*comparisons: thumbnail.Comparison) -> str:
    console = Console(file=StringIO(), width=120)
    console.print(thumbnail.table(comparisons))
    text = console.file
    assert isinstance(text, StringIO)
    return text.getvalue()


def test_the_median_is_what_counts() -> None:
    """One measure that something else disturbed changes nothing."""
    measures = [measured("a.png", "ours", ms) for ms in (10, 900, 12)]
    measures += [measured("a.png", "libvips", ms) for ms in (24, 1, 24)]
    (comparison,) = thumbnail.compare(measures)
    assert (12, 24, 0.5) == (
        comparison.ours.cpu_ms,
        comparison.libvips.cpu_ms,
        comparison.cpu_ratio,
    )


def test_ratios_are_joined_by_their_geometric_mean() -> None:
    """Twice as fast and half as fast make even; an arithmetic mean would say 1.25."""
    measures = [measured("a", "ours", 10), measured("a", "libvips", 20)]
    measures += [measured("b", "ours", 20), measured("b", "libvips", 10)]
    last = shown(*thumbnail.compare(measures)).splitlines()[-2]
    assert ["geometric", "mean", "1.00"] == last.replace("│", "").split()


def test_a_row_shows_both_engines() -> None:
    """CPU time, its ratio, extra memory in MB, the result's length in kB."""
    ours = measured("a.png", "ours", 30, extra_bytes=4_000_000, result_bytes=18_000)
    libvips = measured("a.png", "libvips", 40, extra_bytes=8_000_000, result_bytes=19_000)
    text = shown(*thumbnail.compare([ours, libvips]))
    row = next(line for line in text.splitlines() if "a.png" in line)
    assert ["a.png", "30", "40", "0.75", "4", "8", "18", "19"] == row.replace("│", "").split()


def test_every_format_is_measured_with_both_engines_by_turns(tmp_path: Path) -> None:
    """A round measures each file once with each; all of it reaches the report."""
    measures = thumbnail.measure(tmp_path, size=SMALL, rounds=1, note=lambda _: None)
    files = sorted(path.name for path in (tmp_path / "measured").iterdir())
    assert sorted([*files, *files]) == sorted(each.file for each in measures)
    assert ["ours", "libvips"] * len(files) == [each.engine for each in measures]
    assert {".jpg", ".png", ".webp", ".avif", ".tiff", ".gif"} == {Path(f).suffix for f in files}
    assert all(each.cpu_ms > 0 and each.result_bytes > 0 for each in measures)
    written = json.loads(json.dumps(thumbnail.report(measures)))
    assert {"where", "versions", "measures"} == set(written)
    assert len(measures) == len(written["measures"])


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_both_engines_do_the_same_work(tmp_path: Path, engine: engines.Engine) -> None:
    """A thumbnail of the same size, in the same format, of each file."""
    expected = {".png": "PNG", ".webp": "WEBP", ".gif": "GIF"}
    for file in pictures.make(tmp_path, SMALL):
        made = engines.load(engine, file.suffix)(file.read_bytes())
        path = tmp_path / "made"
        path.write_bytes(made)
        with Image.open(path) as image:
            assert (expected.get(file.suffix, "JPEG"), (256, 192)) == (image.format, image.size)


def test_the_files_are_the_same_at_each_run(tmp_path: Path) -> None:
    """Figures of two runs can be compared."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    one, two = ([path.read_bytes() for path in pictures.make(folder, SMALL)] for folder in folders)
    assert one == two


def test_memory_that_was_freed_before_does_not_count(tmp_path: Path) -> None:
    """The peak starts anew: a warm-up on a large image leaves a small one's measure small."""
    large, small = tmp_path / "large.png", tmp_path / "small.png"
    Image.new("RGB", (4000, 2000)).save(large)
    Image.new("RGB", (40, 20)).save(small)
    done = subprocess.run(
        [sys.executable, "-m", "bench.probe", "ours", large, small],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["extra_bytes"] < 2_000_000


def test_an_engine_that_fails_is_named(tmp_path: Path) -> None:
    """With the file and what it said: no measure is left out without a word."""
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no image")
    with pytest.raises(TestbedError, match=r"(?s)libvips made no thumbnail of bad.png:.*Error"):
        thumbnail._probe("libvips", bad, bad)  # noqa: SLF001 - what measure() calls for each file
