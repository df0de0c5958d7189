"""The files that are measured: one picture in each format, made here, the same at each run."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageChops, ImageDraw

TWELVE_MEGAPIXELS: Final = (4000, 3000)

_PREDICTOR: Final = 317  # TIFF 6.0, section 14: 2 stores differences
_JPEG: Final[dict[str, Any]] = {"quality": 90}
# Encoders are set to be quick where that changes nothing for a decoder.
_FILES: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "baseline.jpg": ("photo", "JPEG", _JPEG),
    "progressive.jpg": ("photo", "JPEG", {**_JPEG, "progressive": True}),
    "photo.png": ("photo", "PNG", {}),
    "photo-alpha.png": ("photo with alpha", "PNG", {}),
    "drawing.png": ("drawing", "PNG", {}),
    "photo.webp": ("photo", "WEBP", {"quality": 80, "method": 1}),
    "photo.avif": ("photo", "AVIF", {"quality": 70, "speed": 10}),
    "photo.tiff": ("photo", "TIFF", {"compression": "tiff_lzw", "tiffinfo": {_PREDICTOR: 2}}),
    "drawing.gif": ("drawing", "GIF", {}),
}


def make(folder: Path, size: tuple[int, int] = TWELVE_MEGAPIXELS) -> list[Path]:
    """Write one file a format, of *size* in pixels, into *folder*; gives their paths."""
    pictures = {"photo": photo(size), "drawing": drawing(size)}
    pictures["photo with alpha"] = faded(pictures["photo"])
    for name, (picture, kind, options) in _FILES.items():
        pictures[picture].save(folder / name, kind, **options)
    return [folder / name for name in _FILES]


def photo(size: tuple[int, int]) -> Image.Image:
    """Light, soft shapes and a sensor's grain: it compresses as a photograph does."""
    light = Image.linear_gradient("L").resize(size)
    channels = (light, light.transpose(Image.Transpose.ROTATE_180), Image.radial_gradient("L"))
    shapes = _noise((max(2, size[0] // 16), max(2, size[1] // 16)), 1).resize(size)
    grain = _noise(size, 2).point(lambda value: 122 + value // 20)
    bands = (Image.blend(each.resize(size), shapes, 0.4) for each in channels)
    return Image.merge("RGB", [ImageChops.add(band, grain, 1, -128) for band in bands])


def drawing(size: tuple[int, int]) -> Image.Image:
    """Flat colours and lettering, as screenshots and diagrams have them."""
    image = Image.new("RGB", size, "white")
    chance = random.Random(3)  # noqa: S311 - the same at each run, and no secret
    draw = ImageDraw.Draw(image)
    for _ in range(1500):
        x, y, side = chance.randrange(size[0]), chance.randrange(size[1]), chance.randrange(200)
        draw.ellipse((x, y, x + side, y + side), fill=(side, 255 - side, x % 256))
        draw.text((y, x), "The quick brown fox jumps over the lazy dog", fill="black")
    return image


def faded(image: Image.Image) -> Image.Image:
    """*image*, fading out to the bottom."""
    result = image.copy()
    result.putalpha(Image.linear_gradient("L").resize(image.size))
    return result


def _noise(size: tuple[int, int], seed: int) -> Image.Image:
    chance = random.Random(seed)  # noqa: S311 - likewise
    return Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
