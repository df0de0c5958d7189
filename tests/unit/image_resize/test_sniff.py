"""What the bytes are, by their magic; and what a JPEG has too much of."""

import time

import pytest

from image_resize.sniff import SourceFormat, jpeg_excess, sniff
from tests.corpus import hostile, images


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"])
def test_our_formats_are_known_by_their_content(kind: str) -> None:
    """Each format that Pillow writes for us is recognised."""
    assert SourceFormat(kind) == sniff(images.encoded(images.scene(), kind))


def test_an_mpo_is_a_jpeg() -> None:
    """An MPO begins with a whole JPEG."""
    mpo = images.encoded(images.scene(), "MPO", save_all=True, append_images=[images.scene()])
    assert SourceFormat.JPEG == sniff(mpo)


def test_heif_of_avif_is_avif() -> None:
    """The compatible brands count where the major brand is the container's."""
    assert SourceFormat.AVIF == sniff(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf")


@pytest.mark.parametrize("content", [b"", b"\xff", b"BM", b"RIFF", b"\0\0\0\x08ftyp", b"II*"])
def test_a_beginning_that_is_too_short_is_nothing(content: bytes) -> None:
    """Fewer bytes than a magic has are no format, and no error."""
    assert sniff(content) is None


@pytest.mark.parametrize(
    ("content", "excess"),
    [
        (hostile.jpeg_scans(100), None),
        (hostile.jpeg_scans(101), "over 100 scans"),
        (images.jpeg_with_nested(150), None),
        (hostile.jpeg_scans(100)[:-2] + b"\xff\xff\xff\xd9" + b"\xff\xda\0\2" * 150, None),
        (b"\xff\xd8" + b"\xff\xe5\0\2" * 10_000 + b"\xff\xd9", None),
        (b"\xff\xd8" + b"\xff\xe5\0\2" * 10_001 + b"\xff\xd9", "over 10,000 segments"),
    ],
    ids=["100", "101", "in EXIF", "behind the end", "10000 segments", "10001 segments"],
)
def test_scans_are_counted_in_the_first_image_only(content: bytes, excess: str | None) -> None:
    """Over 100 scans are too many; what stands inside a segment or behind the end is no scan."""
    assert excess == jpeg_excess(content)


def test_counting_takes_time_in_proportion() -> None:
    """25 MB of padding are walked in well under a second: no start is tried twice."""
    started_s = time.process_time()
    jpeg_excess(b"\xff\xd8" + b"\xff" * (25 * 2**20))
    assert time.process_time() - started_s < 5
