"""An image's bytes in, its thumbnail's bytes out; no AWS, no files, no network.

Stages: sniff → open with that one decoder → refuse what would cost too much → decode, as small as
the decoder can → shrink → sRGB → turn → strip → encode. The content is hostile until proven
otherwise; `guard` runs all of this in a child process.
"""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from image_resize import colour, cost
from image_resize.encode import OutputName, choose, encode
from image_resize.errors import Code, Refusal
from image_resize.request import DEFAULT_SIZE_PX, OutputFormat
from image_resize.sniff import SourceFormat, jpeg_excess, sniff

# Of the shrinking: the decoder may do it coarsely down to three times the size, LANCZOS the rest.
_REDUCING_GAP: Final = 3.0

# The plugin's class rather than Image.open(): nothing but the sniffed format's decoder is tried
# (a 284-byte BLP named .jpg took 641 MB), and of an MPO the first image is read and no more.
_PLUGINS: Final[dict[SourceFormat, type[ImageFile.ImageFile]]] = {
    SourceFormat.JPEG: JpegImagePlugin.JpegImageFile,
    SourceFormat.PNG: PngImagePlugin.PngImageFile,
    SourceFormat.GIF: GifImagePlugin.GifImageFile,
    SourceFormat.WEBP: WebPImagePlugin.WebPImageFile,
    SourceFormat.BMP: BmpImagePlugin.BmpImageFile,
    SourceFormat.TIFF: TiffImagePlugin.TiffImageFile,
    SourceFormat.AVIF: AvifImagePlugin.AvifImageFile,
}
# What content that breaks its format's rules makes Pillow raise, wherever its pixels are handled …
_CORRUPT: Final = (
    OSError,  # PIL.UnidentifiedImageError too
    SyntaxError,
    ValueError,
    RuntimeError,
    EOFError,
    struct.error,
)
# … and, in its plugins alone, where a lie in a header meets code that believes it (a TIFF strip at
# the offset 8/1). Elsewhere these would be bugs of ours.
_BELIEVED: Final = (LookupError, TypeError, AttributeError, AssertionError, ArithmeticError)

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each further thread has a stack, and counts as memory
# Profiles and XMP of over 1 MB are rare and real; all text together stays within Pillow's 64 MB.
PngImagePlugin.MAX_TEXT_CHUNK = 8 * 1024 * 1024
Image.preinit()  # save() would import these plugins in every child anew


@dataclass(frozen=True, kw_only=True)
class Thumbnail:
    """A thumbnail and its facts."""

    content: bytes
    format: OutputName
    """The last part of the media type: `image/` + this."""
    width_px: int
    height_px: int


def make(
    content: bytes,
    *,
    size_px: int = DEFAULT_SIZE_PX,
    format: OutputFormat = "auto",  # noqa: A002 - the event's own word
) -> Thumbnail:
    """Make the thumbnail of the image file *content*, at most *size_px* on its longest side.

    Raises:
        Refusal: UNSUPPORTED_FORMAT, CORRUPT_IMAGE, IMAGE_TOO_LARGE or IMAGE_TOO_COMPLEX.
        MemoryError: decoding takes more than this process may use.
    """
    source = _source_format(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on odd files; what matters is raised
        small = _decode(content, source, size_px)
    chosen = choose(small, source, format)
    return Thumbnail(
        content=encode(small, chosen),
        format=chosen,
        width_px=small.width,
        height_px=small.height,
    )


def fit(size: tuple[int, int], *, box_px: int) -> tuple[int, int]:
    """The size, in whole pixels, at which *size* fits a square of *box_px*; never enlarged.

    The longest side becomes *box_px*, the other is rounded to the nearest pixel, at least 1.
    """
    longest = max(size)
    if longest <= box_px:
        return size
    width, height = (max(1, (2 * side * box_px + longest) // (2 * longest)) for side in size)
    return width, height


def _source_format(content: bytes) -> SourceFormat:
    source = sniff(content)
    if source is None:
        raise Refusal(
            Code.UNSUPPORTED_FORMAT,
            f"the content is none of {', '.join(SourceFormat)}, whatever its name says",
        )
    if source is SourceFormat.JPEG and (excess := jpeg_excess(content)):
        raise Refusal(Code.IMAGE_TOO_COMPLEX, f"the JPEG has {excess}")
    return source


def _decode(content: bytes, source: SourceFormat, size_px: int) -> Image.Image:
    """The small, plain, upright image in *content*."""
    with _blaming(source, (*_CORRUPT, *_BELIEVED)):
        opened = _PLUGINS[source](BytesIO(content))
        cost.check(opened, source)
        target = fit(opened.size, box_px=size_px)
        opened.info.pop("xmp", None)  # TIFFs turn as they load, and would go by XMP too
        box = _load(opened, target)
    with _blaming(source, _CORRUPT):
        icc_profile, turn = opened.info.get("icc_profile"), _turn(opened, source)
        image = colour.resizable(opened)
        del opened  # where a convertible mode made a copy, the original's memory is needed now
        image = _shrink(image, target, box)
        image = colour.to_srgb(image, icc_profile)
        return _stripped(image if turn is None else image.transpose(turn))


@contextmanager
def _blaming(source: SourceFormat, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn *errors* into refusals: they come of the content."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise Refusal(Code.IMAGE_TOO_LARGE, f"{error}") from error
    except errors as error:
        if (
            "out of memory" in str(error).lower()
        ):  # how Pillow and libavif tell of a failed allocation
            raise MemoryError(str(error)) from error
        raise Refusal(
            Code.CORRUPT_IMAGE,
            f"the {source} does not decode: {str(error) or type(error).__name__}",
        ) from error


def _load(image: ImageFile.ImageFile, target: tuple[int, int]) -> Any:
    """Decode all pixels; returns the part of the decoded image that the original covers."""
    gap_width, gap_height = (int(side * _REDUCING_GAP) for side in target)
    drafted = image.draft(None, (gap_width, gap_height))  # JPEG: decode at 1/2, 1/4 or 1/8
    image.load()
    return drafted[1] if drafted else None


def _shrink(image: Image.Image, target: tuple[int, int], box: Any) -> Image.Image:
    if image.size == target:
        return image
    return image.resize(target, Image.Resampling.LANCZOS, box, _REDUCING_GAP)


_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turn(image: Image.Image, source: SourceFormat) -> Image.Transpose | None:
    """What turns *image* upright (CIPA DC-008, tag Orientation); to be done when it is small."""
    if source is SourceFormat.TIFF:  # turned by Pillow as it was loaded
        return None
    exif = Image.Exif()  # not image.getexif(): where EXIF has none, that takes XMP's orientation
    try:
        exif.load(image.info.get("exif", b""))
        orientation: Any = exif.get(ExifTags.Base.Orientation)
        return _TURNS.get(orientation)
    except Exception:  # noqa: BLE001 - garbage EXIF fails in many ways; the image is good without
        return None


def _stripped(image: Image.Image) -> Image.Image:
    """The pixels in a fresh image: no EXIF, XMP, comment or profile comes along."""
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    return fresh
