"""Draw the sample images: `python -m dev.samples` writes them into samples/.

Everything is drawn here, so the samples are free of anyone's rights, and a test can hold that they
are what this draws. Scenes are drawn at twice their size and reduced, which smooths their edges.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from testbed.settings import ROOT

type Colour = tuple[int, int, int]
type Box = tuple[float, float, float, float]
type Stops = list[tuple[float, Colour]]

SAMPLES: Final = ROOT / "samples"
_SCALE: Final = 2  # scenes are drawn this much larger
_TURN_BACK: Final = 6  # EXIF orientation: turn by 90° clockwise to see it upright
_SEED: Final = 2


def main() -> None:
    """Write every sample."""
    SAMPLES.mkdir(exist_ok=True)
    for name, write in WRITERS.items():
        write(SAMPLES / name)


# --- club2.png: a small club by night ------------------------------------------------------------

_WIDTH, _HEIGHT, _STREET_Y = 1200, 800, 640
_HOUSE: Final = (330, 236, 870, _STREET_Y)
_NEON_PINK: Final = (255, 84, 168)
_NEON_BLUE: Final = (96, 214, 255)
_WARM: Final = (255, 206, 122)


def club_by_night() -> Image.Image:
    """A brick house on a wet street, with a neon sign: the club suit and a 2. 1200 × 800, RGB."""  # noqa: RUF002 - the sign for "by"
    chance = random.Random(_SEED)  # noqa: S311 - a drawing
    image = _gradient(
        (_WIDTH, _HEIGHT), [(0, (10, 11, 40)), (0.45, (72, 38, 98)), (0.8, (214, 104, 98))]
    )
    draw = _Draw(image)
    _stars(draw, chance)
    image = _lit(image, lambda d: d.ellipse((938, 88, 1022, 172), (255, 244, 214)), 22)
    draw = _Draw(image)
    _skyline(draw, chance)
    _bricks(draw, chance)
    image = _lit(image, _windows, 14)
    image = _lit(image, _sign, 20)
    image = _lit(image, _lamps, 26)
    _awning(_Draw(image))
    return _reduce(_wet_street(image))


def _stars(draw: _Draw, chance: random.Random) -> None:
    for _ in range(130):
        x, y, light = chance.randrange(_WIDTH), chance.randrange(360), chance.randrange(90, 230)
        size = chance.choice((1, 1, 1.5, 2.2))
        draw.ellipse((x, y, x + size, y + size), (light, light, min(255, light + 25)))


def _skyline(draw: _Draw, chance: random.Random) -> None:
    x = -20
    while x < _WIDTH:
        width, top = chance.randrange(46, 104), chance.randrange(330, 520)
        draw.box((x, top, x + width, _STREET_Y), (34, 24, 58))
        for wx in range(x + 9, x + width - 9, 15):
            for wy in range(top + 12, _STREET_Y - 20, 21):
                if chance.random() < 0.22:  # noqa: PLR2004 - so many are still awake
                    draw.box((wx, wy, wx + 6, wy + 9), (222, 168, 104))
        x += width + chance.choice((0, 0, 6))


def _bricks(draw: _Draw, chance: random.Random) -> None:
    left, top, right, bottom = _HOUSE
    draw.box(_HOUSE, (58, 30, 36))
    for row, y in enumerate(range(top, bottom, 12)):
        for x in range(left - 15 * (row % 2), right, 30):
            shade = chance.randrange(-9, 10)
            colour = (112 + shade, 52 + shade // 2, 50 + shade // 2)
            draw.box((max(x, left), y, min(x + 28, right), y + 10), colour)
    draw.box((left - 14, top - 18, right + 14, top), (38, 26, 44))
    draw.box((left - 6, top - 26, right + 6, top - 18), (64, 44, 66))


def _windows(draw: _Draw) -> None:
    for x in (382, 730):
        draw.pie((x, 402, x + 90, 492), 180, 360, _WARM)
        draw.box((x, 446, x + 90, 560), _WARM)
        draw.box((x + 42, 402, x + 47, 560), (70, 38, 34))
        draw.box((x, 478, x + 90, 483), (70, 38, 34))
    draw.box((552, 470, 648, _STREET_Y), (255, 176, 92))
    draw.box((598, 470, 602, _STREET_Y), (92, 44, 34))
    for x in (424, 770):  # guests
        draw.ellipse((x - 22, 508, x, 530), (84, 46, 40))
        draw.pie((x - 34, 530, x + 12, 590), 180, 360, (84, 46, 40))


def _awning(draw: _Draw) -> None:
    for stripe in range(10):
        colour = (178, 34, 52) if stripe % 2 == 0 else (240, 228, 214)
        near, far = 516 + stripe * 16.8, 540 + stripe * 12
        draw.polygon([(far, 436), (far + 12, 436), (near + 16.8, 484), (near, 484)], colour)
        draw.pie((near, 476, near + 16.8, 493), 0, 180, colour)
    draw.box((536, 432, 664, 437), (58, 30, 36))


def _sign(draw: _Draw) -> None:
    _club_suit(draw, (486, 266), 128, _NEON_PINK)
    draw.arc((634, 272, 710, 344), 165, 385, _NEON_BLUE, 11)
    draw.line([(703, 326), (640, 402), (714, 402)], _NEON_BLUE, 11)


def _club_suit(draw: _Draw, corner: tuple[float, float], size: float, colour: Colour) -> None:
    x, y, r = *corner, size * 0.25
    for cx, cy in ((0.3, 0.25), (0.08, 0.62), (0.52, 0.62)):
        left, top = x + cx * size - 0.05 * size, y + cy * size - r
        draw.ellipse((left, top, left + 2 * r, top + 2 * r), colour)
    middle = x + 0.5 * size
    draw.polygon(
        [
            (middle - 0.07 * size, y + 0.4 * size),
            (middle + 0.07 * size, y + 0.4 * size),
            (middle + 0.16 * size, y + 1.12 * size),
            (middle - 0.16 * size, y + 1.12 * size),
        ],
        colour,
    )


def _lamps(draw: _Draw) -> None:
    for x in (206, 994):
        draw.box((x - 4, 420, x + 4, _STREET_Y), (26, 20, 34))
        draw.ellipse((x - 20, 380, x + 20, 424), (255, 228, 168))


def _wet_street(image: Image.Image) -> Image.Image:
    """The street below the house, which shows the scene upside down, dim and smeared."""
    width, height, street = image.width, image.height, _STREET_Y * _SCALE
    depth = height - street
    mirrored = ImageOps.flip(image.crop((0, street - depth * 2, width, street)))
    smeared = mirrored.resize((width // 12, depth // 3)).resize((width, depth))
    asphalt = _gradient((width // _SCALE, depth // _SCALE), [(0, (40, 28, 52)), (1, (12, 10, 22))])
    image.paste(Image.blend(asphalt, smeared, 0.52), (0, street))
    _Draw(image).box((0, _STREET_Y - 4, _WIDTH, _STREET_Y + 5), (30, 22, 40))
    return image


# --- the other shapes ----------------------------------------------------------------------------


def lighthouse() -> Image.Image:
    """A lighthouse at dusk, upright: 600 × 1000, RGB."""  # noqa: RUF002 - the sign for "by"
    image = _gradient(
        (600, 1000), [(0, (28, 44, 92)), (0.6, (232, 150, 120)), (0.8, (250, 208, 150))]
    )
    draw = _Draw(image)
    draw.box((0, 800, 600, 1000), (30, 66, 96))
    for row in range(14):
        inset = (row * 137) % 90
        draw.box((inset * 3, 812 + row * 13, inset * 3 + 170, 815 + row * 13), (84, 128, 150))
    draw.ellipse((110, 760, 490, 900), (48, 44, 52))
    for ring in range(6):
        colour = (236, 232, 224) if ring % 2 else (190, 44, 48)
        top, bottom = 300 + ring * 82, 382 + ring * 82
        narrow, wide = 52 + ring * 7, 59 + ring * 7
        draw.polygon(
            [(300 - narrow, top), (300 + narrow, top), (300 + wide, bottom), (300 - wide, bottom)],
            colour,
        )
    draw.box((232, 286, 368, 302), (40, 36, 44))
    draw.polygon([(248, 226), (352, 226), (300, 170)], (140, 30, 36))
    image = _lit(image, lambda d: d.box((262, 226, 338, 286), (255, 236, 160)), 26)
    return _reduce(image)


def ridges() -> Image.Image:
    """Mountain ridges at sunrise, one paler behind the other: 2400 × 600, RGB."""  # noqa: RUF002 - the sign for "by"
    chance = random.Random(_SEED)  # noqa: S311 - a drawing
    image = _gradient(
        (2400, 600), [(0, (64, 104, 168)), (0.5, (250, 196, 140)), (0.7, (255, 226, 178))]
    )
    image = _lit(image, lambda d: d.ellipse((1560, 150, 1650, 240), (255, 244, 206)), 30)
    for layer in range(5):
        height = 250 + layer * 66
        points, y = [(0.0, 600.0)], float(height)
        for x in range(0, 2401, 40):
            y += chance.uniform(-34, 34) + (height - y) * 0.25
            points.append((float(x), y))
        shade = 1 - layer / 5
        colour = (int(40 + 130 * shade), int(52 + 104 * shade), int(84 + 84 * shade))
        _Draw(image).polygon([*points, (2400, 600)], colour)
    return _reduce(image)


def emblem() -> Image.Image:
    """The club suit on a soft green disc, transparent around it: 480 × 480, RGBA."""  # noqa: RUF002 - the sign for "by"
    image = _gradient((480, 480), [(0, (126, 206, 128)), (1, (22, 110, 78))])
    _club_suit(_Draw(image), (140, 120), 200, (250, 250, 242))
    mask = Image.new("RGB", image.size)
    _Draw(mask).ellipse((40, 40, 440, 440), (255, 255, 255))
    image.putalpha(mask.convert("L").filter(ImageFilter.GaussianBlur(6)))
    return _reduce(image)


def postage_stamp() -> Image.Image:
    """A picture that is smaller than any thumbnail: 40 × 30, RGB."""  # noqa: RUF002 - the sign for "by"
    image = _gradient(
        (40, 30), [(0, (120, 190, 240)), (0.6, (235, 245, 250)), (0.61, (70, 150, 80))]
    )
    _Draw(image).ellipse((26, 4, 34, 12), (255, 210, 70))
    return _reduce(image)


def moon_phases() -> list[Image.Image]:
    """The moon from new to full and back: 12 frames of 120 × 120, RGB."""  # noqa: RUF002 - the sign for "by"
    frames = []
    for phase in range(12):
        image = Image.new("RGB", (120 * _SCALE, 120 * _SCALE), (14, 16, 40))
        draw = _Draw(image)
        draw.ellipse((20, 20, 100, 100), (246, 238, 206))
        shift = (phase - 6) * 16
        draw.ellipse((18 + shift, 18, 102 + shift, 102), (14, 16, 40)) if phase else None
        frames.append(_reduce(image))
    return frames


# --- files ---------------------------------------------------------------------------------------


def _write_png(draw: Callable[[], Image.Image]) -> Callable[[Path], None]:
    return lambda path: draw().save(path, "PNG", optimize=True)


def _write_ridges(path: Path) -> None:
    ridges().save(path, "JPEG", quality=88, optimize=True)


def _write_lighthouse(path: Path) -> None:
    """As a phone held upright writes it: pixels lying on their side, and a tag that says so."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = _TURN_BACK
    lying = lighthouse().transpose(Image.Transpose.ROTATE_90)
    lying.save(path, "JPEG", quality=88, optimize=True, exif=exif)


def _write_moon(path: Path) -> None:
    first, *others = moon_phases()
    first.save(path, "GIF", save_all=True, append_images=others, duration=160, loop=0)


WRITERS: Final[dict[str, Callable[[Path], None]]] = {
    "club2.png": _write_png(club_by_night),
    "lighthouse.jpg": _write_lighthouse,
    "ridges.jpg": _write_ridges,
    "emblem.png": _write_png(emblem),
    "stamp.png": _write_png(postage_stamp),
    "moon.gif": _write_moon,
}


# --- tools ---------------------------------------------------------------------------------------


class _Draw:
    """Shapes in the scene's own coordinates on an image that is `_SCALE` times larger."""

    def __init__(self, image: Image.Image) -> None:
        self._draw = ImageDraw.Draw(image)

    def box(self, box: Box, colour: Colour) -> None:
        self._draw.rectangle(_scaled(box), colour)

    def ellipse(self, box: Box, colour: Colour) -> None:
        self._draw.ellipse(_scaled(box), colour)

    def pie(self, box: Box, start: int, end: int, colour: Colour) -> None:
        self._draw.pieslice(_scaled(box), start, end, colour)

    def arc(self, box: Box, start: int, end: int, colour: Colour, width: int) -> None:
        self._draw.arc(_scaled(box), start, end, colour, width * _SCALE)

    def line(self, points: list[tuple[float, float]], colour: Colour, width: int) -> None:
        self._draw.line([_point(point) for point in points], colour, width * _SCALE, joint="curve")

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self._draw.polygon([_point(point) for point in points], colour)


def _scaled(box: Box) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(side * _SCALE) for side in box)
    return left, top, max(left, right - 1), max(top, bottom - 1)


def _point(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * _SCALE), round(point[1] * _SCALE)


def _gradient(size: tuple[int, int], stops: Stops) -> Image.Image:
    """A large canvas of the scene's *size*, coloured from top to bottom along *stops* (0 to 1)."""
    height = size[1] * _SCALE
    column = Image.new("RGB", (1, height))
    column.putdata([_between(stops, y / height) for y in range(height)])
    return column.resize((size[0] * _SCALE, height))


def _between(stops: Stops, at: float) -> Colour:
    before = [stop for stop in stops if stop[0] <= at][-1]
    after = next((stop for stop in stops if stop[0] > at), before)
    share = (at - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(before[1], after[1], strict=True)
    )
    return red, green, blue


def _lit(image: Image.Image, draw: Callable[[_Draw], None], blur: int) -> Image.Image:
    """*image* with something that shines: the thing itself, and its light around it."""
    light = Image.new("RGB", image.size)
    draw(_Draw(light))
    halo = light.filter(ImageFilter.GaussianBlur(blur * _SCALE))
    bright = ImageChops.screen(image, halo)
    draw(_Draw(bright))
    return bright


def _reduce(image: Image.Image) -> Image.Image:
    return image.reduce(_SCALE)


if __name__ == "__main__":
    main()
