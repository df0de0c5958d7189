"""Bytes to bytes: sizes, formats, orientation, metadata; over the whole corpus."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from image_resize import thumbnail
from image_resize.errors import Code, Refusal
from image_resize.request import OutputFormat
from tests.corpus import images

SAMPLES = images.everything()
BY_NAME = {each.name: each for each in SAMPLES}
ORIENTED = [each for each in SAMPLES if "-orientation-" in each.name]
PLANTED = [each for each in SAMPLES if each.name.endswith("-planted")]
KINDS = ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"]


def opened(made: thumbnail.Thumbnail) -> Image.Image:
    image = Image.open(BytesIO(made.content))
    image.load()
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two images' channels, 0 to 255, over white."""
    flat = [Image.new("RGBA", image.size, "white") for image in (one, other)]
    for canvas, image in zip(flat, (one, other), strict=True):
        canvas.alpha_composite(image.convert("RGBA"))
    pairs = zip(*(canvas.convert("RGB").tobytes() for canvas in flat), strict=True)
    total: int = sum(abs(a - b) for a, b in pairs)
    return total / (one.width * one.height * 3)


def test_the_corpus_is_large_enough() -> None:
    """At least 100 images, under names of their own."""
    assert len(SAMPLES) == len(BY_NAME)
    assert len(SAMPLES) >= 100


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_every_good_image_becomes_its_thumbnail(sample: images.Sample) -> None:
    """Format, size and alpha are as specified, whatever the mode and the way of coding."""
    made = thumbnail.make(sample.content, size_px=64)
    image = opened(made)
    expected = thumbnail.fit(sample.size, box_px=64)
    assert expected == (made.width_px, made.height_px) == image.size
    assert sample.format == made.format == str(image.format).lower()
    assert sample.alpha == image.has_transparency_data


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_thumbnail_carries_no_metadata(sample: images.Sample) -> None:
    """No EXIF, XMP, profile, comment or text; the encoder's own marks are all there is."""
    image = opened(thumbnail.make(sample.content, size_px=32))
    unwanted = {"exif", "xmp", "icc_profile", "comment", "photoshop", "XML:com.adobe.xmp"}
    assert set() == unwanted & set(image.info)
    assert {} == dict(image.getexif())
    assert {} == getattr(image, "text", {})


@pytest.mark.parametrize("sample", PLANTED, ids=str)
@pytest.mark.parametrize("output", ["auto", "jpeg", "png", "webp"])
def test_a_planted_string_is_gone(sample: images.Sample, output: OutputFormat) -> None:
    """What the source's EXIF, GPS, XMP, comments and profile say is nowhere in the result."""
    assert images.PLANTED[:7].encode() in sample.content
    made = thumbnail.make(sample.content, size_px=64, format=output)
    assert images.PLANTED[:7].encode() not in made.content


@pytest.mark.parametrize("sample", ORIENTED, ids=str)
def test_every_orientation_looks_the_same(sample: images.Sample) -> None:
    """All eight ways of storing the scene give the upright scene, in each format that has EXIF."""
    image = opened(thumbnail.make(sample.content, size_px=60, format="png"))
    upright = images.scene().resize((60, 40), Image.Resampling.LANCZOS)
    assert difference(upright, image) < 6


def test_an_orientation_of_xmp_alone_is_no_orientation() -> None:
    """Browsers show such an image as it is stored, and so does its thumbnail."""
    xmp = b'<x tiff:Orientation="6"/>'
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", xmp.decode())
    places: dict[str, Any] = {
        "JPEG": {"xmp": xmp},
        "TIFF": {"tiffinfo": {700: xmp}},
        "PNG": {"pnginfo": text},
    }
    for kind, place in places.items():
        content = images.encoded(images.scene(), kind, **place)
        made = thumbnail.make(content, size_px=120, format="png")
        assert difference(images.scene(), opened(made)) < 4


@pytest.mark.parametrize("name", ["gif", "webp", "avif", "png"])
def test_an_animation_shows_its_first_frame(name: str) -> None:
    """The frames behind it are neither shown nor blended in."""
    made = thumbnail.make(BY_NAME[f"{name}-animated"].content, size_px=120, format="png")
    assert difference(images.scene(), opened(made)) < 6
    assert 1 == getattr(opened(made), "n_frames", 1)


def test_an_mpo_and_a_tiff_show_their_first_image() -> None:
    """The further images of a file of several are not looked at."""
    for name in ("mpo", "tiff-pages"):
        made = thumbnail.make(BY_NAME[name].content, size_px=120, format="png")
        assert difference(images.scene(), opened(made)) < 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_truncated_file_is_corrupt(kind: str, tenth: int) -> None:
    """Cut off at any tenth, a file does not decode whole, and is refused rather than half shown."""
    content = images.encoded(images.scene(300, 200), kind)
    with pytest.raises(Refusal) as refusal:
        thumbnail.make(content[: len(content) * tenth // 10])
    assert Code.CORRUPT_IMAGE == refusal.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_its_magic_alone_is_corrupt(kind: str) -> None:
    """The right beginning is not enough."""
    content = images.encoded(images.scene(), kind)[:32]
    with pytest.raises(Refusal) as refusal:
        thumbnail.make(content)
    assert Code.CORRUPT_IMAGE == refusal.value.code


def test_the_formats_are_refused_by_name() -> None:
    """The message for a stranger names what is read."""
    with pytest.raises(Refusal, match="JPEG, PNG, GIF, WEBP, BMP, TIFF, AVIF") as refusal:
        thumbnail.make(b"GIF90a not quite")
    assert Code.UNSUPPORTED_FORMAT == refusal.value.code


def test_fifty_megapixels_are_decoded_and_one_row_more_is_not() -> None:
    """The limit is 50,000,000 pixels, itself allowed."""
    row = images.png_chunk(b"IDAT", b"")
    with pytest.raises(Refusal, match="10000 x 5001") as refusal:
        thumbnail.make(images.png_file(10000, 5001, 1, 0, row))
    assert Code.IMAGE_TOO_LARGE == refusal.value.code
    whole = images.encoded(Image.new("1", (10000, 5000)), "PNG")
    assert (256, 128) == ((made := thumbnail.make(whole)).width_px, made.height_px)


@pytest.mark.parametrize("output", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("name", ["png-RGBA", "gif-P", "jpeg-CMYK", "tiff-16", "png-LA", "avif-L"])
def test_a_format_that_is_asked_for_is_made(name: str, output: OutputFormat) -> None:
    """Any source can become any output."""
    made = thumbnail.make(BY_NAME[name].content, size_px=64, format=output)
    assert (output, output.upper()) == (made.format, opened(made).format)


def test_an_alpha_edge_does_not_bleed() -> None:
    """Colours are averaged by their opacity: hidden pixels do not tint their neighbours."""
    image = Image.new("RGBA", (200, 100), (255, 0, 0, 255))
    image.paste((0, 255, 0, 0), (0, 0, 101, 100))
    small = opened(thumbnail.make(images.encoded(image, "PNG"), size_px=20))
    pixels = small.tobytes()
    greens = [pixels[at + 1] for at in range(0, len(pixels), 4) if pixels[at + 3] > 8]
    assert max(greens) < 16


@given(width=st.integers(1, 60_000), height=st.integers(1, 60_000), box_px=st.integers(16, 2048))
def test_the_proportions_are_kept_to_the_pixel(width: int, height: int, box_px: int) -> None:
    """The longest side is the box or its own size; the other is off by half a pixel at most."""
    longest = max(width, height)
    scale = min(1, box_px / longest)
    fitted = thumbnail.fit((width, height), box_px=box_px)
    assert min(longest, box_px) == max(fitted)
    for side, original in zip(fitted, (width, height), strict=True):
        assert side == 1 or abs(side - original * scale) <= 0.5 + 1e-9
        assert 1 <= side <= original


def test_a_small_image_keeps_its_size() -> None:
    """An image that already fits the box is never enlarged."""
    assert (40, 30) == thumbnail.fit((40, 30), box_px=64)


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    size_px=st.integers(16, 512),
    kind=st.sampled_from(KINDS),
    output=st.sampled_from(["auto", "jpeg", "png", "webp"]),
)
def test_any_size_makes_a_thumbnail_of_its_size(
    width: int, height: int, size_px: int, kind: str, output: OutputFormat
) -> None:
    """Whatever the sizes, formats and options, what is announced is what is in the file."""
    content = images.encoded(Image.new("RGB", (width, height), "teal"), kind)
    made = thumbnail.make(content, size_px=size_px, format=output)
    expected = thumbnail.fit((width, height), box_px=size_px)
    assert expected == (made.width_px, made.height_px) == opened(made).size


def test_the_same_image_gives_the_same_bytes() -> None:
    """The function is idempotent, to the byte."""
    for each in SAMPLES[:40]:
        assert thumbnail.make(each.content) == thumbnail.make(each.content)


def test_a_large_noise_is_encoded_in_every_format() -> None:
    """The encoders cope with what compresses worst, at the largest size."""
    noise = images.encoded(Image.effect_noise((2048, 2048), 200).convert("RGB"), "BMP")
    for output in ("jpeg", "webp"):
        made = thumbnail.make(noise, size_px=2048, format=output)
        assert (2048, 2048) == (made.width_px, made.height_px)
