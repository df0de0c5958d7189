"""What an image's header announces, and whether it may be decoded; no pixel ever is, here."""

from io import BytesIO

import pytest
from PIL import Image, ImageFile, PngImagePlugin, WebPImagePlugin

from image_resize import cost
from image_resize.errors import Code, Refusal
from image_resize.sniff import SourceFormat
from tests.corpus import images

GREY, RGB, RGBA = 0, 2, 6  # colour types of a PNG (W3C PNG, 11.2.2)


def announced(width: int, height: int, depth: int, colour: int) -> ImageFile.ImageFile:
    """A PNG that is a header, and no more."""
    content = images.png_file(width, height, depth, colour, images.png_chunk(b"IDAT", b""))
    return PngImagePlugin.PngImageFile(BytesIO(content))


@pytest.mark.parametrize(
    ("depth", "colour"), [(1, GREY), (8, GREY), (16, GREY), (8, RGB), (8, RGBA)]
)
def test_the_most_pixels_are_allowed_in_every_mode_that_is_common(depth: int, colour: int) -> None:
    """50,000,000, itself allowed: the memory budget is made for them."""
    cost.check(announced(10_000, 5_000, depth, colour), SourceFormat.PNG)


def test_one_row_more_is_refused() -> None:
    """With the size that was announced, and the limit."""
    with pytest.raises(Refusal, match="10000 x 5001 pixels; at most 50,000,000") as refusal:
        cost.check(announced(10_000, 5_001, 1, GREY), SourceFormat.PNG)
    assert Code.IMAGE_TOO_LARGE == refusal.value.code


def test_a_webp_is_held_to_the_memory_that_it_takes() -> None:
    """16 bytes a pixel, more than any: the budget ends before the pixels do."""
    image = WebPImagePlugin.WebPImageFile(BytesIO(images.encoded(images.scene(), "WEBP")))
    most = cost.MEMORY_BUDGET_BYTES // 16
    assert most < cost.MAX_PIXELS
    image._size = (most, 1)  # noqa: SLF001 - as a header would announce it
    cost.check(image, SourceFormat.WEBP)
    image._size = (most + 1, 1)  # noqa: SLF001 - likewise
    with pytest.raises(Refusal, match="of WEBP takes about 600 MB") as refusal:
        cost.check(image, SourceFormat.WEBP)
    assert Code.IMAGE_TOO_LARGE == refusal.value.code


@pytest.mark.parametrize("source", [SourceFormat.TIFF, SourceFormat.AVIF])
def test_a_format_of_known_cost_is_judged_by_it(source: SourceFormat) -> None:
    """Whatever its mode is: one that is in no table is held to the worst else."""
    image = announced(10_000, 5_000, 8, RGB)
    image._mode = "I"  # noqa: SLF001 - no PNG has it
    cost.check(image, source)


def test_the_mode_decides_where_the_format_does_not() -> None:
    """A rare one counts as the worst; its refusal tells what it takes and what there is."""
    image = announced(10_000, 5_000, 8, RGB)
    image._mode = "CMYK"  # noqa: SLF001 - no PNG has it
    cost.check(image, SourceFormat.JPEG)
    image._mode = "I"  # noqa: SLF001 - likewise
    with pytest.raises(Refusal, match="of JPEG takes about 619 MB; 600 MB are there"):
        cost.check(image, SourceFormat.JPEG)


def test_pillow_refuses_at_the_same_size() -> None:
    """Where it looks at a size before we can: it refuses at twice its own limit."""
    assert cost.MAX_PIXELS == 2 * (Image.MAX_IMAGE_PIXELS or 0)
