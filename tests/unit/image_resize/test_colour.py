"""Colour: every mode and profile, against libvips, which does the same by other code."""

import pytest
import pyvips
from PIL import Image

from image_resize import colour, thumbnail
from tests.corpus import icc, images
from tests.unit.image_resize.test_thumbnail import SAMPLES, difference, opened

# What libvips does not read (BMP, LAB in 8 bits, AVIF sequences), reads otherwise (Pillow's YCbCr
# TIFF names no subsampling), converts by a printer profile of its own (CMYK without one), or leaves
# as wide as it is (32 bits, floats): these are held against the scene that they were made from.
OTHERWISE = (
    *("bmp-", "tiff-LAB", "avif-animated", "tiff-YCbCr", "tiff-32", "tiff-float"),
    *("jpeg-CMYK", "tiff-CMYK"),
)
BY_SCENE = [each for each in SAMPLES if each.name.startswith(OTHERWISE)]
BY_SCENE = [each for each in BY_SCENE if not each.name.endswith("CMYK-profile")]
BY_VIPS = [each for each in SAMPLES if each not in BY_SCENE]


def by_vips(content: bytes, size_px: int) -> Image.Image:
    image = pyvips.Image.thumbnail_buffer(
        content, size_px, height=size_px, size="down", output_profile="srgb"
    )
    if image.format == "ushort":
        image = image.colourspace("b-w" if image.bands < 3 else "srgb")
    mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[image.bands]
    data = image.cast("uchar").write_to_memory()
    return Image.frombytes(mode, (image.width, image.height), data)


@pytest.mark.parametrize("sample", BY_VIPS, ids=str)
def test_colours_are_those_of_libvips(sample: images.Sample) -> None:
    """Shrunk to half, the mean difference is below 3 of 255, whatever mode, profile and format."""
    image = opened(thumbnail.make(sample.content, size_px=60, format="png"))
    vips = by_vips(sample.content, 60)
    if vips.size != image.size:  # libvips rounds extreme proportions otherwise
        vips = vips.resize(image.size)
    assert difference(vips, image) < 3


@pytest.mark.parametrize("sample", BY_SCENE, ids=str)
def test_colours_are_those_of_the_scene(sample: images.Sample) -> None:
    """Where libvips is no measure, the thumbnail is the scene, shrunk by Pillow itself."""
    image = opened(thumbnail.make(sample.content, size_px=60, format="png"))
    plain = images.scene().convert("1") if sample.name == "bmp-1" else images.scene()
    expected = plain.convert(image.mode).resize((60, 40), Image.Resampling.LANCZOS)
    assert difference(expected, image) < 3


def test_a_profiles_black_becomes_black() -> None:
    """Black-point compensation: the darkest ink is no grey veil on a screen."""
    darkest = Image.new("CMYK", (8, 8), (255, 255, 255, 255))
    ink = images.encoded(darkest, "TIFF", icc_profile=icc.cmyk())
    made = opened(thumbnail.make(ink, format="png"))
    assert max(made.tobytes()) < 6


def test_sixteen_bits_of_grey_are_scaled_and_not_cut_off() -> None:
    """Half of 65535 is half of 255; `convert("L")` would make it white."""
    for value, expected in ((0, 0), (128, 0), (129, 1), (32768, 128), (65535, 255)):
        wide = Image.new("I;16", (20, 20), value)
        made = opened(thumbnail.make(images.encoded(wide, "PNG"), size_px=16))
        assert (expected, expected) == made.getextrema()


def test_a_sixteen_bit_colour_key_is_alpha() -> None:
    """The key is compared in 16 bits: what differs in the lower eight only is no match."""
    wide = Image.new("I;16", (40, 40), 513)
    wide.paste(Image.new("I;16", (40, 20), 512), (0, 0))
    made = opened(thumbnail.make(images.encoded(wide, "PNG", transparency=513)))
    assert ((2, 255), (2, 0)) == (made.getpixel((0, 0)), made.getpixel((0, 39)))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX"])
def test_any_mode_becomes_one_that_can_be_averaged(mode: str) -> None:
    """Palettes and bits are resolved before the shrinking, premultiplied alpha is divided."""
    image = colour.resizable(Image.new(mode, (4, 4)))
    assert image.mode in {"L", "LA", "RGB", "RGBA"}
    assert mode.lower().endswith("a") == image.mode.endswith("A")


@pytest.mark.parametrize("mode", ["I", "F", "I;16", "I;16B", "HSV", "CMYK", "YCbCr", "LAB"])
def test_any_wide_or_foreign_mode_ends_as_srgb(mode: str) -> None:
    """What no screen shows becomes grey or RGB of 8 bits."""
    image = colour.to_srgb(colour.resizable(Image.new(mode, (4, 4))), None)
    assert image.mode in {"L", "RGB"}


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -1e30])
def test_floats_that_are_no_brightness_are_survived(odd: float) -> None:
    """NaN and infinity neither raise nor spread over the image."""
    image = Image.new("F", (8, 8), 0.5)
    image.putpixel((3, 3), odd)
    assert "L" == colour.resizable(image).mode
