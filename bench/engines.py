"""The two that are compared: an image file's bytes in, a thumbnail's bytes out.

The only module outside the tests that imports deployed code: what is measured must be what is
deployed. An engine is imported when it is asked for: neither is in the memory of the other.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final, Literal, get_args

from testbed.settings import ROOT

type Thumbnailer = Callable[[bytes], bytes]
Engine = Literal["ours", "libvips"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)

SIZE_PX: Final = 256
# The formats and qualities that ours writes; all else is libvips' default.
_JPEG: Final = ".jpg[Q=82,interlace,optimize_coding,keep=none]"
_LIBVIPS_WRITES: Final = {
    ".png": ".png[keep=none]",
    ".webp": ".webp[Q=80,keep=none]",
    ".gif": ".gif[keep=none]",
}


def load(engine: Engine, suffix: str) -> Thumbnailer:
    """What makes a thumbnail of 256 pixels with *engine*, of files that end in *suffix*."""
    return _ours() if engine == "ours" else _libvips(_LIBVIPS_WRITES.get(suffix, _JPEG))


def versions() -> dict[str, str]:
    """The versions of what is compared, and of the zlib that Pillow runs with here."""
    import pyvips
    from PIL import __version__ as pillow
    from PIL import features

    libvips = ".".join(str(pyvips.version(part)) for part in range(3))
    return {"Pillow": pillow, "libvips": libvips, "zlib": str(features.version("zlib"))}


def _ours() -> Thumbnailer:
    sys.path.insert(0, str(ROOT / "lambda"))  # deployed code has a source root of its own
    from image_resize import thumbnail

    return lambda content: thumbnail.make(content, size_px=SIZE_PX).content


def _libvips(writes: str) -> Thumbnailer:
    import pyvips

    def make(content: bytes) -> bytes:
        image = pyvips.Image.thumbnail_buffer(
            content, SIZE_PX, height=SIZE_PX, size="down", output_profile="srgb"
        )
        return bytes(image.write_to_buffer(writes))

    return make
