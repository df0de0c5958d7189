"""A small picture in the terminal: two pixels a character, drawn with the upper half block."""

from __future__ import annotations

import io

from PIL import Image
from rich.color import Color
from rich.style import Style
from rich.text import Text

UPPER_HALF = "▀"
CHECKER = ((110, 110, 110), (80, 80, 80))  # what one sees through transparent pixels


def blocks(content: bytes, *, columns: int = 40, max_rows: int = 16) -> Text:
    """The image *content* (bytes of a file that Pillow can decode) as coloured half blocks.

    Args:
        content: the image file.
        columns: greatest width in characters.
        max_rows: greatest height in lines; a tall image is made narrower instead.
    """
    with Image.open(io.BytesIO(content)) as image:
        small = image.convert("RGBA")
    small.thumbnail((columns, max_rows * 2), Image.Resampling.LANCZOS)
    pixels = _on_checker(small)
    text = Text()
    for y in range(0, pixels.height, 2):
        for x in range(pixels.width):
            text.append(UPPER_HALF, Style(color=_at(pixels, x, y), bgcolor=_at(pixels, x, y + 1)))
        text.append("\n")
    text.rstrip()
    return text


def _on_checker(image: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", image.size)
    ground.putdata(
        [
            (*CHECKER[(x // 2 + y // 2) % 2], 255)
            for y in range(image.height)
            for x in range(image.width)
        ]
    )
    return Image.alpha_composite(ground, image).convert("RGB")


def _at(image: Image.Image, x: int, y: int) -> Color | None:
    """The pixel's colour, None (the terminal's own) below the last line."""
    if y >= image.height:
        return None
    red, green, blue = image.getpixel((x, y))  # type: ignore[misc]  # an RGB image has 3 bands
    return Color.from_rgb(red, green, blue)
