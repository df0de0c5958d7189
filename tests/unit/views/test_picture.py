from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from views import picture

if TYPE_CHECKING:
    from rich.text import Text


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def colours(text: Text) -> list[tuple[str, str]]:
    """(upper, lower) colour of each character."""
    return [
        (span.style.color.name, span.style.bgcolor.name if span.style.bgcolor else "")
        for span in text.spans
        if not isinstance(span.style, str) and span.style.color
    ]


def test_two_pixels_make_one_character() -> None:
    """The upper one is the character's colour, the lower one its background."""
    image = Image.new("RGB", (1, 2), (255, 0, 0))
    image.putpixel((0, 1), (0, 0, 255))
    text = picture.blocks(png(image))
    assert ("▀", [("#ff0000", "#0000ff")]) == (text.plain, colours(text))


def test_below_an_odd_height_is_the_terminals_own_colour() -> None:
    """The last line may have pixels in its upper half only."""
    text = picture.blocks(png(Image.new("RGB", (1, 1), (255, 0, 0))))
    assert [("#ff0000", "")] == colours(text)


def test_it_fits_the_columns_in_the_images_own_shape() -> None:
    """A character is twice as high as wide."""
    lines = picture.blocks(png(Image.new("RGB", (256, 128))), columns=40).plain.split("\n")
    assert (40, 10) == (len(lines[0]), len(lines))


def test_a_tall_image_is_made_narrower() -> None:
    """A projector shows so many lines."""
    lines = picture.blocks(png(Image.new("RGB", (64, 256))), columns=40, max_rows=16)
    assert (8, 16) == (len(lines.plain.split("\n")[0]), len(lines.plain.split("\n")))


def test_transparency_shows_a_checkerboard() -> None:
    """As image editors show it."""
    text = picture.blocks(png(Image.new("RGBA", (4, 4), (0, 0, 0, 0))))
    assert {"#6e6e6e", "#505050"} == {colour for pair in colours(text) for colour in pair}
