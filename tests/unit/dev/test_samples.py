from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops, ImageStat

from dev import samples
from dev.samples import SAMPLES, WRITERS

if TYPE_CHECKING:
    from pathlib import Path

LOSSLESS_TOLERANCE, LOSSY_TOLERANCE = 0.5, 4.0  # mean difference of a channel, of 255


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    for name, write in WRITERS.items():
        write(folder / name)
    return folder


@pytest.mark.parametrize("name", WRITERS)
def test_the_committed_sample_is_what_the_script_draws(drawn: Path, name: str) -> None:
    """Samples are ours alone because they come from this script; every frame of them does.

    Decoded pixels are compared, not files: encoders differ between versions, and the smoothing of
    edges may by a shade.
    """
    allowed = LOSSY_TOLERANCE if name.endswith(".jpg") else LOSSLESS_TOLERANCE
    with Image.open(SAMPLES / name) as kept, Image.open(drawn / name) as new:
        assert (new.format, new.size, new.mode) == (kept.format, kept.size, kept.mode)
        assert getattr(new, "n_frames", 1) == getattr(kept, "n_frames", 1)
        for frame in range(getattr(new, "n_frames", 1)):
            kept.seek(frame)
            new.seek(frame)
            difference = ImageChops.difference(kept.convert("RGBA"), new.convert("RGBA"))
            assert allowed >= max(ImageStat.Stat(difference).mean)


def test_every_sample_has_its_source_written_down() -> None:
    """The folder holds what the script draws and the page that says so, nothing else."""
    assert {*WRITERS, "README.md"} == {path.name for path in SAMPLES.iterdir()}
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert [] == [name for name in WRITERS if f"`{name}`" not in readme]


def test_samples_are_small() -> None:
    """A clone stays light."""
    assert 900_000 > sum(path.stat().st_size for path in SAMPLES.iterdir())


def test_the_lighthouse_lies_on_its_side_and_says_so() -> None:
    """The sample for orientation would prove nothing if its pixels were upright."""
    with Image.open(SAMPLES / "lighthouse.jpg") as image:
        assert ((1000, 600), 6) == (image.size, image.getexif()[0x0112])
    assert (600, 1000) == samples.lighthouse().size
