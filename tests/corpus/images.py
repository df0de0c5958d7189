"""Good images: every format, mode, orientation and oddity that must become a thumbnail.

Everything is made here, the same at each run; nothing is stored.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from tests.corpus import icc

SIZE = (120, 80)
PLANTED = "PLANTED-c0ffee"
"""Stands in every kind of metadata that `planted()` writes; no thumbnail may hold it."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """An image file, and what its thumbnail is to be."""

    name: str
    content: bytes
    size: tuple[int, int] = SIZE
    """As it is seen: after its orientation is applied."""
    format: str
    """Of the thumbnail, with the format left to the function."""
    alpha: bool = False

    def __str__(self) -> str:
        return self.name


@cache
def scene(width: int = SIZE[0], height: int = SIZE[1]) -> Image.Image:
    """Four corners in four colours, a ramp and a disc: turns and colour errors show."""
    image = Image.new("RGB", (width, height), (90, 120, 150))
    draw = ImageDraw.Draw(image)
    w, h = width // 3, height // 3
    draw.rectangle((0, 0, w, h), fill=(220, 30, 40))
    draw.rectangle((width - w, 0, width, h), fill=(30, 180, 60))
    draw.rectangle((0, height - h, w, height), fill=(40, 60, 210))
    draw.rectangle((width - w, height - h, width, height), fill=(240, 220, 60))
    ramp = Image.linear_gradient("L").resize((max(1, w), max(1, h)))
    image.paste(Image.merge("RGB", (ramp, ramp, ramp)), (w, h))
    return image


def with_alpha(image: Image.Image) -> Image.Image:
    """*image*, fading out to the right."""
    ramp = Image.linear_gradient("L").rotate(90).resize(image.size)
    result = image.convert("RGB")
    result.putalpha(ramp)
    return result


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """*image* as a file of Pillow's format *kind*."""
    buffer = BytesIO()
    if kind == "AVIF":
        options = {"speed": 10, **options}
    image.save(buffer, kind, **options)
    return buffer.getvalue()


AUTO = {
    "JPEG": "jpeg",
    "MPO": "jpeg",
    "PNG": "png",
    "BMP": "png",
    "GIF": "gif",
    "WEBP": "webp",
    "TIFF": "jpeg",
    "AVIF": "jpeg",
}


def sample(name: str, image: Image.Image, kind: str, **options: Any) -> Sample:
    """A Sample of *image* saved as *kind*."""
    alpha = image.mode.endswith("A") or "transparency" in options
    chosen = "png" if kind in {"TIFF", "AVIF"} and alpha else AUTO[kind]
    return Sample(
        name=name,
        content=encoded(image, kind, **options),
        size=image.size,
        format=chosen,
        alpha=alpha,
    )


def everything() -> list[Sample]:
    """All good images, each under its own name."""
    groups: list[Callable[[], Iterator[Sample]]] = [
        png,
        jpeg,
        gif_bmp,
        webp_avif,
        tiff,
        orientations,
        profiles,
        animations,
        shapes,
        odd,
    ]
    return [each for group in groups for each in group()]


def png() -> Iterator[Sample]:
    """Each mode that PNG knows, with and without a colour key."""
    rgb, grey = scene(), scene().convert("L")
    paletted = rgb.quantize(64)
    for mode in ("1", "L", "LA", "RGB", "RGBA", "P"):
        image = with_alpha(rgb).convert(mode) if mode.endswith("A") else rgb.convert(mode)
        yield sample(f"png-{mode}", image, "PNG")
    yield sample("png-P-key", paletted, "PNG", transparency=3)
    yield sample("png-P-alphas", paletted, "PNG", transparency=bytes(range(0, 256, 4)))
    yield sample("png-L-key", grey, "PNG", transparency=grey.getpixel((0, 0)))
    yield sample("png-RGB-key", rgb, "PNG", transparency=(90, 120, 150))
    yield sample("png-1-key", rgb.convert("1"), "PNG", transparency=0)
    yield sample("png-16", sixteen_bit(), "PNG")
    yield sample("png-16-key", sixteen_bit(), "PNG", transparency=0)
    yield sample("png-4-bit", rgb.quantize(16), "PNG", bits=4)
    yield Sample(name="png-16-rgb", content=png_16_bit_rgb(), format="png")
    yield Sample(name="png-interlaced", content=png_interlaced(grey), format="png")


def jpeg() -> Iterator[Sample]:
    """Each mode, subsampling and way of coding that JPEG knows and Pillow writes."""
    rgb = scene()
    for name, image in (("L", rgb.convert("L")), ("RGB", rgb), ("CMYK", rgb.convert("CMYK"))):
        yield sample(f"jpeg-{name}", image, "JPEG", quality=90)
        yield sample(f"jpeg-{name}-progressive", image, "JPEG", progressive=True)
    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        yield sample(f"jpeg-{subsampling}", rgb, "JPEG", subsampling=subsampling)
    for quality in (1, 50, 100):
        yield sample(f"jpeg-q{quality}", rgb, "JPEG", quality=quality)
    yield sample("jpeg-restarts", rgb, "JPEG", restart_marker_rows=1)
    yield sample("jpeg-kept-rgb", rgb, "JPEG", keep_rgb=True)
    yield sample("mpo", rgb, "MPO", save_all=True, append_images=[rgb.rotate(180)])


def gif_bmp() -> Iterator[Sample]:
    """GIF and BMP in each mode."""
    rgb = scene()
    yield sample("gif-L", rgb.convert("L"), "GIF")
    yield sample("gif-P", rgb.quantize(64), "GIF")
    paletted = rgb.quantize(64)
    background = paletted.getpixel((SIZE[0] // 2, SIZE[1] - 1))
    yield sample("gif-key", paletted, "GIF", transparency=background)
    yield sample("gif-sequential", rgb.quantize(8), "GIF", interlace=0)
    yield sample("gif-1", rgb.convert("1"), "GIF")
    for mode in ("1", "L", "P", "RGB"):
        yield sample(f"bmp-{mode}", rgb.convert(mode), "BMP")
    # Without a mask that says so, the fourth byte of a BMP's pixel is padding.
    yield Sample(name="bmp-32", content=encoded(with_alpha(rgb), "BMP"), format="png")
    yield Sample(name="bmp-rle8", content=bmp_rle8(rgb.quantize(64)), format="png")


def webp_avif() -> Iterator[Sample]:
    """WebP and AVIF, lossy and not, with and without alpha."""
    rgb, rgba = scene(), with_alpha(scene())
    yield sample("webp-RGB", rgb, "WEBP")
    yield sample("webp-RGBA", rgba, "WEBP")
    yield sample("webp-lossless", rgb, "WEBP", lossless=True)
    yield sample("webp-lossless-RGBA", rgba, "WEBP", lossless=True)
    yield sample("webp-L", rgb.convert("L"), "WEBP")
    yield sample("avif-RGB", rgb, "AVIF")
    yield sample("avif-RGBA", rgba, "AVIF")
    yield sample("avif-444", rgb, "AVIF", subsampling="4:4:4", quality=90)
    yield sample("avif-L", rgb.convert("L"), "AVIF")


def tiff() -> Iterator[Sample]:
    """TIFF's modes, wide greys and compressions."""
    rgb, rgba = scene(), with_alpha(scene())
    for mode in ("1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB"):
        yield sample(f"tiff-{mode}", rgb.convert(mode), "TIFF")
    yield sample("tiff-RGBA", rgba, "TIFF")
    yield sample("tiff-LA", rgba.convert("LA"), "TIFF")
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        yield sample(f"tiff-{compression}", rgb, "TIFF", compression=compression)
    yield sample("tiff-group4", rgb.convert("1"), "TIFF", compression="group4")
    yield sample("tiff-16", sixteen_bit(), "TIFF")
    yield sample("tiff-16-big-endian", sixteen_bit().convert("I").convert("I;16B"), "TIFF")
    yield sample("tiff-16-lzw", sixteen_bit(), "TIFF", compression="tiff_lzw")
    yield sample("tiff-32", sixteen_bit().convert("I"), "TIFF")
    floats = scene().convert("L").convert("F").point(lambda value: value * (1 / 255) + 0)
    yield sample("tiff-float", floats, "TIFF")
    yield sample("tiff-float-wide", floats.point(lambda value: value * 5000 - 1000), "TIFF")
    yield sample("tiff-big", rgb, "TIFF", big_tiff=True)
    yield sample("tiff-pages", rgb, "TIFF", save_all=True, append_images=[rgb.rotate(180)])


TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How the upright scene is stored, for a viewer that honours the tag to see it upright."""


def orientations() -> Iterator[Sample]:
    """The scene, stored in each of the eight ways and tagged with how to turn it back."""
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF"):
        for value, turn in TURNED.items():
            stored = scene() if turn is None else scene().transpose(turn)
            exif = Image.Exif()
            exif[0x0112] = value
            yield Sample(
                name=f"{kind.lower()}-orientation-{value}",
                content=encoded(stored, kind, exif=exif),
                format=AUTO[kind],
            )


def profiles() -> Iterator[Sample]:
    """Whole, broken and misplaced colour profiles."""
    rgb, wide = scene(), icc.wide_rgb()
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF"):
        yield sample(f"{kind.lower()}-wide-profile", rgb, kind, icc_profile=wide)
    yield sample("png-RGBA-wide-profile", with_alpha(rgb), "PNG", icc_profile=wide)
    yield sample("png-P-wide-profile", rgb.quantize(64), "PNG", icc_profile=wide)
    yield sample("png-L-grey-profile", rgb.convert("L"), "PNG", icc_profile=icc.grey())
    yield sample(
        "png-LA-grey-profile", with_alpha(rgb).convert("LA"), "PNG", icc_profile=icc.grey()
    )
    yield sample("jpeg-CMYK-profile", rgb.convert("CMYK"), "JPEG", icc_profile=icc.cmyk())
    yield sample("tiff-CMYK-profile", rgb.convert("CMYK"), "TIFF", icc_profile=icc.cmyk())
    yield sample("jpeg-broken-profile", rgb, "JPEG", icc_profile=wide[:200])
    yield sample("jpeg-garbage-profile", rgb, "JPEG", icc_profile=b"no profile at all " * 20)
    yield sample("jpeg-CMYK-with-rgb-profile", rgb.convert("CMYK"), "JPEG", icc_profile=wide)
    yield sample("png-L-with-rgb-profile", rgb.convert("L"), "PNG", icc_profile=wide)


def animations() -> Iterator[Sample]:
    """Moving images, whose first frame is the scene and whose others are not."""
    frames = [Image.new("RGB", SIZE, colour) for colour in ("black", "white", "magenta")]
    for kind in ("GIF", "WEBP", "AVIF", "PNG"):
        yield sample(
            f"{kind.lower()}-animated",
            scene(),
            kind,
            save_all=True,
            append_images=frames,
            duration=40,
        )


def shapes() -> Iterator[Sample]:
    """Extreme sizes and proportions."""
    sizes = [(1, 1), (1, 2000), (2000, 1), (10000, 1), (255, 256), (257, 256), (16, 15), (999, 333)]
    for width, height in sizes:
        image = scene(100, 100).resize((width, height))
        yield sample(f"png-{width}x{height}", image, "PNG")
        yield sample(f"jpeg-{width}x{height}", image, "JPEG")


def odd() -> Iterator[Sample]:
    """Files that are not quite in order, and decode whole all the same."""
    jpeg_file, png_file = encoded(scene(), "JPEG"), encoded(scene(), "PNG")
    yield Sample(name="jpeg-garbage-exif", content=jpeg_garbage_exif(), format="jpeg")
    yield Sample(name="jpeg-trailing-bytes", content=jpeg_file + b"tail" * 500, format="jpeg")
    yield Sample(name="png-trailing-bytes", content=png_file + b"tail" * 500, format="png")
    yield Sample(name="jpeg-nested-thumbnail", content=jpeg_with_nested(150), format="jpeg")
    yield Sample(name="jpeg-garbage-mpf", content=jpeg_garbage_mpf(), format="jpeg")
    yield Sample(name="jpeg-xmp-orientation", content=jpeg_xmp_orientation(), format="jpeg")
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF"):
        yield Sample(name=f"{kind.lower()}-planted", content=planted(kind), format=AUTO[kind])


def sixteen_bit() -> Image.Image:
    """The grey scene over the whole span of 16 bits."""
    return scene().convert("L").convert("I").point(lambda value: value * 257).convert("I;16")


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG (W3C PNG, 5.3)."""
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def png_file(width: int, height: int, depth: int, colour: int, *chunks: bytes) -> bytes:
    """A PNG of the header given and *chunks*, ended."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = png_chunk(b"IHDR", header) + b"".join(chunks) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def png_16_bit_rgb() -> bytes:
    """The scene in 16 bits a channel, which Pillow reads and does not write."""
    data = scene().tobytes()
    stride = SIZE[0] * 3
    rows = b"".join(
        b"\0" + bytes(b for value in data[at : at + stride] for b in (value, value))
        for at in range(0, len(data), stride)
    )
    return png_file(*SIZE, 16, 2, png_chunk(b"IDAT", zlib.compress(rows)))


def png_interlaced(grey: Image.Image) -> bytes:
    """*grey* in Adam7's seven passes (W3C PNG, 8.1)."""
    passes = [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
    ]  # fmt: skip
    width, height = grey.size
    pixels = grey.tobytes()
    rows = b"".join(
        b"\0" + pixels[y * width + x0 : (y + 1) * width : dx]
        for x0, y0, dx, dy in passes
        for y in range(y0, height, dy)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunks + png_chunk(b"IEND", b"")


def bmp_rle8(image: Image.Image) -> bytes:
    """*image*, of mode P, run-length encoded (BI_RLE8), bottom row first."""
    width, height = image.size
    pixels, runs = image.tobytes(), bytearray()
    for y in reversed(range(height)):
        runs += b"".join(bytes([1, pixel]) for pixel in pixels[y * width : (y + 1) * width])
        runs += b"\0\0"
    runs += b"\0\1"
    palette = (image.getpalette("BGRX") or [])[: 256 * 4]
    table = bytes(palette).ljust(256 * 4, b"\0")
    return bmp_file(width, height, 8, table + bytes(runs), compression=1)


def bmp_file(width: int, height: int, bits: int, body: bytes, *, compression: int = 0) -> bytes:
    """A BMP with a BITMAPINFOHEADER; *body* is the palette of 256 (for 8 bits) and the pixels."""
    start = 54 + (1024 if bits == 8 else 0)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(body), 0, 0, start) + info + body


def jpeg_segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG (ITU-T T.81, B.1.1.4)."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg_with(*segments: bytes) -> bytes:
    """The scene as a JPEG, *segments* right behind its start."""
    plain = encoded(scene(), "JPEG", quality=90)
    return plain[:2] + b"".join(segments) + plain[2:]


def jpeg_garbage_exif() -> bytes:
    """A JPEG whose EXIF is no TIFF structure."""
    return jpeg_with(jpeg_segment(0xE1, b"Exif\0\0" + b"\xff\x00garbage" * 20))


def jpeg_with_nested(scans: int) -> bytes:
    """A JPEG whose EXIF holds *scans* starts of scan, as a thumbnail in it would."""
    return jpeg_with(jpeg_segment(0xE1, b"Exif\0\0II*\0" + b"\xff\xda\0\2" * scans))


def jpeg_garbage_mpf() -> bytes:
    """A JPEG that claims to be an MPO, without a valid index."""
    return jpeg_with(jpeg_segment(0xE2, b"MPF\0II*\0\x08\0\0\0\xff\xff" + b"\x7f" * 40))


def jpeg_xmp_orientation() -> bytes:
    """A JPEG whose XMP, but not its EXIF, asks for a turn: browsers show it as it is stored."""
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="6"/>'
    return jpeg_with(jpeg_segment(0xE1, xmp))


def planted(kind: str) -> bytes:
    """The scene as *kind*, with PLANTED in every place for metadata that the format has."""
    from PIL import PngImagePlugin  # noqa: PLC0415 - only this sample needs its text chunks

    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = PLANTED
    exif.get_ifd(0x8825)[0x001D] = PLANTED  # GPSDateStamp
    xmp = f"<x:xmpmeta>{PLANTED}</x:xmpmeta>".encode()
    profile = icc.wide_rgb().replace(b"testing", PLANTED[:7].encode())
    options: dict[str, Any] = {"exif": exif, "icc_profile": profile}
    if kind == "GIF":
        return encoded(scene(), kind, comment=PLANTED.encode())
    if kind == "JPEG":
        options |= {"comment": PLANTED.encode(), "xmp": xmp}
    elif kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", PLANTED)
        text.add_text("Description", PLANTED, zip=True)
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options |= {"pnginfo": text}
    elif kind == "TIFF":
        options |= {"description": PLANTED, "artist": PLANTED}
    else:
        options |= {"xmp": xmp}
    return encoded(scene(), kind, **options)
