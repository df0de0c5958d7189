"""Which format a thumbnail gets, and what that format cannot hold of it."""

from io import BytesIO

import pytest
from PIL import Image

from image_resize import thumbnail
from image_resize.encode import OutputName, choose, encode
from image_resize.request import OutputFormat
from image_resize.sniff import SourceFormat
from tests.corpus import images

BY_NAME = {each.name: each for each in images.everything()}
FORMATS: list[OutputName] = ["jpeg", "png", "webp", "gif"]


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("source", "mode", "chosen"),
    [
        ("JPEG", "RGB", "jpeg"),
        ("PNG", "RGB", "png"),
        ("BMP", "RGB", "png"),
        ("GIF", "RGBA", "gif"),
        ("WEBP", "RGBA", "webp"),
        ("TIFF", "RGB", "jpeg"),
        ("TIFF", "LA", "png"),
        ("AVIF", "L", "jpeg"),
        ("AVIF", "RGBA", "png"),
    ],
)
def test_left_to_the_function_the_format_is_that_of_the_source(
    source: str, mode: str, chosen: OutputName
) -> None:
    """Where browsers show it; of the others, PNG keeps an alpha and JPEG is the smaller."""
    assert chosen == choose(Image.new(mode, (1, 1)), SourceFormat(source), "auto")


@pytest.mark.parametrize("wanted", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("source", SourceFormat)
def test_a_format_that_is_asked_for_is_chosen(source: SourceFormat, wanted: OutputFormat) -> None:
    """Whatever the source is, and whether it has alpha."""
    assert wanted == choose(Image.new("RGBA", (1, 1)), source, wanted)


@pytest.mark.parametrize("chosen", FORMATS)
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_every_mode_can_be_written_in_every_format(mode: str, chosen: OutputName) -> None:
    """With its alpha, where the format has one."""
    image = Image.new(mode, (3, 2), (10, 20, 30, 0)[: len(mode)] if len(mode) > 1 else 10)
    made = opened(encode(image, chosen))
    assert (chosen.upper(), (3, 2)) == (made.format, made.size)
    assert (mode.endswith("A") and chosen != "jpeg") == made.has_transparency_data


@pytest.mark.parametrize("name", ["png-RGBA", "png-LA"])
def test_transparency_becomes_white_in_a_jpeg(name: str) -> None:
    """The wholly transparent edge of the scene is white in a format without alpha."""
    made = thumbnail.make(BY_NAME[name].content, format="jpeg")
    image = opened(made.content).convert("L")
    left, right = image.tobytes()[40 * 120], image.tobytes()[40 * 120 + 119]
    assert max(left, right) > 240 > min(left, right)


def test_a_jpeg_is_progressive() -> None:
    """A viewer on a slow line sees all of it early."""
    assert 1 == opened(encode(images.scene(), "jpeg")).info["progressive"]


def test_a_gifs_transparency_is_kept() -> None:
    """What was transparent is wholly so, and what was not is wholly opaque."""
    made = thumbnail.make(BY_NAME["gif-key"].content, size_px=60)
    image = opened(made.content).convert("RGBA")
    assert {0, 255} == set(image.getchannel("A").tobytes())


def test_half_opaque_is_opaque_in_a_gif() -> None:
    """From 128 of 255 on; below, a pixel is not there."""
    image = Image.new("RGBA", (2, 1), (200, 0, 0, 128))
    image.putpixel((1, 0), (200, 0, 0, 127))
    alpha = opened(encode(image, "gif")).convert("RGBA").getchannel("A")
    assert [255, 0] == list(alpha.tobytes())


def test_a_grey_gif_has_all_its_greys() -> None:
    """256 of them are a palette as it is: none is lost to a choice of colours."""
    ramp = Image.linear_gradient("L")
    assert ramp.tobytes() == opened(encode(ramp, "gif")).convert("L").tobytes()
