"""Colour: every mode that Pillow may hand out becomes L, LA, RGB or RGBA, in sRGB."""

import math
from io import BytesIO

from PIL import Image, ImageCms

# These resize as they are; converting them large would cost up to five times the work.
_RESIZABLE = {"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB"}
_PLAIN = {"L", "LA", "RGB", "RGBA"}

# The profile class that fits a mode (ICC.1:2022, table 19), and what it becomes.
_SPACES = {"L": "GRAY", "LA": "GRAY", "RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}
_SRGB = ImageCms.createProfile("sRGB")


def resizable(image: Image.Image) -> Image.Image:
    """*image* in a mode whose pixels may be averaged.

    Pillow resizes P and 1 with nearest neighbour, without a word; and a colour key (PNG's tRNS on
    grey or RGB) would no longer match once its pixels are mixed with others.
    """
    mode, keyed = image.mode, "transparency" in image.info
    if mode in _RESIZABLE and not keyed:
        return image
    if mode in {"I", "F"} or mode.startswith("I;16"):
        return _eight_bit(image)
    if mode in {"1", "L"}:
        return image.convert("LA" if keyed else "L")
    if mode == "La":
        return image.convert("LA")
    alpha = keyed or image.has_transparency_data
    return image.convert("RGBA" if alpha else "RGB")


def to_srgb(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    """Convert to L, LA, RGB or RGBA in sRGB, by *icc_profile* if it is whole and fits the mode.

    Relative colorimetric with black-point compensation, as browsers and libvips do. A broken
    profile, or one of another space than the pixels', is ignored: the pixels count as sRGB.
    """
    if icc_profile and image.mode in _SPACES:
        try:
            return _by_profile(image, icc_profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # as the specification has it: a broken profile is no reason to refuse
    return image if image.mode in _PLAIN else image.convert("RGB")


def _by_profile(image: Image.Image, icc_profile: bytes) -> Image.Image:
    profile = ImageCms.ImageCmsProfile(BytesIO(icc_profile))
    if profile.profile.xcolor_space != _SPACES[image.mode]:
        raise ValueError(f"a profile of space {profile.profile.xcolor_space!r} on {image.mode}")
    grey, alpha = image.mode in {"L", "LA"}, image.mode.endswith("A")
    opaque = image.convert(image.mode[:-1]) if alpha else image
    converted = ImageCms.profileToProfile(
        opaque,
        profile,
        _SRGB,
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if converted is None:  # only with inPlace=True
        raise TypeError("no image from profileToProfile")
    if grey:
        converted = converted.convert("L")  # its three channels are alike
    if alpha:
        converted.putalpha(image.getchannel("A"))
    return converted


_WHITE_16 = 65535


def _eight_bit(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits or of floats, as L (LA where there is a colour key).

    16 bits are scaled by 1/257, for `convert("L")` would clip all above 255 to white. Wider
    integers and floats have no defined white: 0 to 1 is what floats mean where they fit in, the
    span of their values is what else is shown.
    """
    if image.mode.startswith("I;16"):
        return _sixteen_bit(image)
    low, high = _span(image)
    scale = 255 / (high - low)
    # The half rounds: Pillow cuts the fraction off.
    return image.convert("F").point(lambda v: v * scale + (0.5 - low * scale)).convert("L")


def _sixteen_bit(image: Image.Image) -> Image.Image:
    table = [(value + 128) // 257 for value in range(_WHITE_16 + 1)]
    wide = image.convert("I")
    grey = wide.point(table, "L")
    key = image.info.get("transparency")
    if isinstance(key, int):
        mask = [255] * (_WHITE_16 + 1)
        mask[key & _WHITE_16] = 0
        grey.putalpha(wide.point(mask, "L"))
    grey.info.pop("transparency", None)
    return grey


def _span(image: Image.Image) -> tuple[float, float]:
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type] # one band
    if image.mode == "I" and low >= 0 and high <= _WHITE_16:
        return 0.0, float(_WHITE_16)
    inside_one = low >= 0 and high <= 1
    if inside_one or not math.isfinite(high - low) or high == low:
        return 0.0, 1.0
    return low, high
