"""What decoding an image will take, judged by its header alone."""

from typing import Final

from PIL import Image, ImageFile

from image_resize.errors import Code, Refusal
from image_resize.sniff import SourceFormat

MAX_PIXELS: Final = 50_000_000
# The child's 768 MB, less the interpreter (about 60 MB) and four copies of a file of 25 MB.
MEMORY_BUDGET_BYTES: Final = 600 * 1024 * 1024

# Pillow refuses at twice this and only warns before: half of our limit makes its refusal ours,
# in the places too where it looks at a size before we can (WebP's canvas, GIF's and TIFF's frames).
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2

# Peak bytes a pixel while decoding and shrinking, measured with Pillow 13.0.
_BY_FORMAT: Final = {SourceFormat.WEBP: 16, SourceFormat.AVIF: 10, SourceFormat.TIFF: 12}
_BY_MODE: Final = {"1": 3, "L": 2, "RGB": 5, "RGBA": 9, "LA": 9, "P": 9, "I;16": 8, "CMYK": 12}
_OTHER_MODES: Final = 13


def check(image: ImageFile.ImageFile, source: SourceFormat) -> None:
    """Refuse an image whose header announces more than a decoder may use; nothing is decoded yet.

    Raises:
        Refusal: IMAGE_TOO_LARGE: over 50 million pixels, or over the memory budget.
    """
    width, height = image.size
    pixels = width * height
    if pixels > MAX_PIXELS:
        raise Refusal(
            Code.IMAGE_TOO_LARGE,
            f"the image has {width} x {height} pixels; at most {MAX_PIXELS:,} are decoded",
        )
    needed = pixels * _peak_bytes_per_pixel(image, source)
    if needed > MEMORY_BUDGET_BYTES:
        raise Refusal(
            Code.IMAGE_TOO_LARGE,
            f"decoding {width} x {height} pixels of {source} takes about {needed >> 20} MB; "
            f"{MEMORY_BUDGET_BYTES >> 20} MB are there for it",
        )


def _peak_bytes_per_pixel(image: ImageFile.ImageFile, source: SourceFormat) -> int:
    return _BY_FORMAT.get(source) or _BY_MODE.get(image.mode, _OTHER_MODES)
