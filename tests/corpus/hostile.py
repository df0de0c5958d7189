"""Hostile files: bombs, loops, lies, and other formats behind friendly names.

Each must be refused with one of its codes, in 12 s, with neither process over 1 GB. All are small:
what they announce, or unfold to, is not.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PIL import Image

from tests.corpus.images import (
    bmp_file,
    encoded,
    jpeg_segment,
    jpeg_with,
    png_chunk,
    png_file,
    scene,
    with_alpha,
)

TOO_LARGE, TOO_COMPLEX = "IMAGE_TOO_LARGE", "IMAGE_TOO_COMPLEX"
CORRUPT, UNSUPPORTED, TIMEOUT = "CORRUPT_IMAGE", "UNSUPPORTED_FORMAT", "PROCESSING_TIMEOUT"
SERVED = "SERVED"


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """A file, and the codes with which it may be refused."""

    name: str
    content: bytes
    codes: frozenset[str]

    def __str__(self) -> str:
        return self.name


@cache
def everything() -> list[Hostile]:
    """All hostile files."""
    groups = (png, gif, webp, avif, tiff, jpeg, bmp, strangers, polyglots)
    return [
        Hostile(name=name, content=content, codes=frozenset(codes.split()))
        for group in groups
        for name, content, codes in group()
    ]


type Files = Iterator[tuple[str, bytes, str]]


def zeros(length: int) -> bytes:
    """*length* zero bytes, deflated by the thousand to one: a block for each mebibyte."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    whole, rest = divmod(length, 2**20)
    last = packer.compress(bytes(rest)) + packer.flush()
    # RFC 1950: begins with method and level, ends with Adler-32, which is this of zeros.
    return b"\x78\xda" + block * whole + last + struct.pack(">HH", length % 65521, 1)


def png() -> Files:
    """Few bytes, many pixels; and chunks that unfold."""
    idat = png_chunk(b"IDAT", zeros(1000))
    yield "png-announces-3600-megapixels", png_file(60000, 60000, 8, 2, idat), TOO_LARGE
    yield "png-announces-the-most", png_file(2**31 - 1, 2**31 - 1, 8, 6, idat), TOO_LARGE
    yield "png-one-row-too-long", png_file(2**31 - 1, 1, 8, 6, idat), TOO_LARGE
    flat = png_chunk(b"IDAT", zeros(51 * (10**6 // 8 + 1)))
    yield "png-51-megapixels-of-one-bit", png_file(10**6, 51, 1, 0, flat), TOO_LARGE
    yield "png-no-pixels", png_file(0, 0, 8, 2, idat), CORRUPT
    yield "png-49-megapixels-missing", png_file(7000, 7000, 8, 6, idat), CORRUPT
    text = png_chunk(b"zTXt", b"Comment\0\0" + zeros(200 * 2**20))
    yield "png-ztxt-bomb", png_file(8, 8, 8, 0, text, png_chunk(b"IDAT", zeros(72))), CORRUPT
    itxt = png_chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros(200 * 2**20))
    yield "png-itxt-bomb", png_file(8, 8, 8, 0, itxt, png_chunk(b"IDAT", zeros(72))), CORRUPT
    many = png_chunk(b"zTXt", b"Comment\0\0" + zeros(2**20)) * 100
    yield "png-100-ztxt-bombs", png_file(8, 8, 8, 0, many, png_chunk(b"IDAT", zeros(72))), CORRUPT
    profile = png_chunk(b"iCCP", b"profile\0\0" + zeros(200 * 2**20))
    yield "png-iccp-bomb", png_file(8, 8, 8, 0, profile, png_chunk(b"IDAT", zeros(72))), CORRUPT
    yield "png-bad-checksum", png_file(8, 8, 8, 0, b"\0\0\0\1IDAT\0\0\0\0\0"), CORRUPT


def gif() -> Files:
    """Giant screens and frames that outgrow theirs."""
    palette = bytes(range(6))
    frame = b"," + struct.pack("<4HB", 0, 0, 1, 1, 0) + b"\2\2\x44\1\0;"
    giant = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + palette
    yield "gif-giant-screen", giant + frame, TOO_LARGE
    small = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + palette
    wide = b"," + struct.pack("<4HB", 0, 0, 65535, 65535, 0) + b"\2\2\x44\1\0;"
    yield "gif-giant-frame", small + wide, TOO_LARGE
    away = b"," + struct.pack("<4HB", 65535, 65535, 1, 1, 0) + b"\2\2\x44\1\0;"
    yield "gif-frame-far-away", small + away, TOO_LARGE
    yield "gif-no-frame", small + b";", CORRUPT
    yield "gif-comments-without-end", small + b"!\xfe" + (b"\xff" + b"x" * 255) * 20000, CORRUPT


def webp() -> Files:
    """Canvases that the decoder would allocate as soon as it is made."""
    most = (16384 - 1).to_bytes(3, "little")
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes([0x12, 0, 0, 0]) + most + most
    yield "webp-giant-canvas", riff(canvas + b"ANIM" + struct.pack("<IIH", 6, 0, 0)), TOO_LARGE
    bits = (16383 - 1) | (16383 - 1) << 14
    lossless = b"VP8L" + struct.pack("<IBI", 16, 0x2F, bits) + bytes(11)
    yield "webp-giant-lossless", riff(lossless), TOO_LARGE
    frames = [Image.new("RGB", (9, 9), name) for name in ("red", "green")]
    moving = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    size = (7000 - 1).to_bytes(3, "little") + (6500 - 1).to_bytes(3, "little")
    yield "webp-over-the-memory-budget", moving[:24] + size + moving[30:], TOO_LARGE
    yield "webp-half", encoded(scene(), "WEBP")[:300], CORRUPT


def riff(chunks: bytes) -> bytes:
    """A RIFF file of form WEBP."""
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def avif() -> Files:
    """Sizes that are not those of the coded image."""
    good = encoded(scene(), "AVIF")
    yield "avif-giant", resized_avif(good, 65535, 65535), f"{TOO_LARGE} {CORRUPT}"
    yield "avif-268-megapixels", resized_avif(good, 16384, 16384), f"{TOO_LARGE} {CORRUPT}"
    yield "avif-only-brands", good[:40], CORRUPT
    yield "avif-56-megapixels", resized_avif(good, 8000, 7000), TOO_LARGE
    alpha = encoded(with_alpha(scene()), "AVIF")
    yield "avif-giant-with-alpha", resized_avif(alpha, 30000, 30000), f"{TOO_LARGE} {CORRUPT}"


def resized_avif(content: bytes, width: int, height: int) -> bytes:
    """*content* with another size in each `ispe` box (ISO/IEC 23008-12, 6.5.3)."""
    result, at = bytearray(content), -1
    while (at := content.find(b"ispe", at + 1)) >= 0:
        result[at + 8 : at + 16] = struct.pack(">II", width, height)
    return bytes(result)


def tiff() -> Files:
    """Directories that lie, loop, or repeat themselves."""
    tags = [(256, 4, 1, 100000), (257, 4, 1, 100000), (258, 3, 1, 8), (262, 3, 1, 1)]
    strips = [(273, 4, 1, 8), (278, 4, 1, 100000), (279, 4, 1, 100)]
    yield "tiff-10000-megapixels", tiff_file(tags + strips), TOO_LARGE
    small = [(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (262, 3, 1, 1)]
    beyond = [(273, 4, 1, 2**32 - 2), (278, 4, 1, 8), (279, 4, 1, 64)]
    yield "tiff-strip-beyond-the-end", tiff_file(small + beyond), CORRUPT
    fraction = [(273, 5, 1, 8), (278, 4, 1, 8), (279, 4, 1, 64)]
    yield "tiff-strip-at-a-fraction", tiff_file(small + fraction), CORRUPT
    many = [(273, 4, 2**32 - 1, 8), (278, 4, 1, 8), (279, 4, 1, 64)]
    yield "tiff-four-milliard-strips", tiff_file(small + many), CORRUPT
    yield "tiff-samples", tiff_file([*small, (273, 4, 1, 8), (277, 3, 1, 65535)]), CORRUPT
    yield "tiff-no-tags", tiff_file([]), CORRUPT
    yield "tiff-65535-tags", b"II*\0\x08\0\0\0\xff\xff" + bytes(200), CORRUPT
    yield "tiff-directory-beyond-the-end", b"II*\0\xff\xff\xff\xff", CORRUPT
    data = zeros(20 * 2**20)
    deflated = [
        (256, 4, 1, 7000), (257, 4, 1, 7000), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1),
        (273, 4, 1, 200), (278, 4, 1, 7000), (279, 4, 1, len(data)),
    ]  # fmt: skip
    body = tiff_file(deflated).ljust(200, b"\0") + data
    yield "tiff-49-megapixels-short-of-data", body, f"{CORRUPT} {TOO_LARGE}"
    wide = [tag if tag[0] != 258 else (258, 3, 1, 32) for tag in deflated]
    wide = sorted([*wide, (339, 3, 1, 3)])
    yield (
        "tiff-49-megapixels-of-floats",
        tiff_file(wide).ljust(200, b"\0") + data,
        (f"{CORRUPT} {TOO_LARGE}"),
    )


def tiff_file(tags: list[tuple[int, int, int, int]]) -> bytes:
    """A little-endian TIFF of one directory that names itself as the next one."""
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    directory = struct.pack("<H", len(tags)) + entries + struct.pack("<I", 8)
    return b"II*\0" + struct.pack("<I", 8) + directory


def jpeg() -> Files:
    """Scans by the hundred, segments by the million, sizes without data."""
    yield "jpeg-1500-scans", jpeg_scans(1500), TOO_COMPLEX
    yield "jpeg-101-scans", jpeg_scans(101), TOO_COMPLEX
    giant = jpeg_resized(encoded(scene(), "JPEG"), 65500, 65500)
    yield "jpeg-4290-megapixels", giant, TOO_LARGE
    segments = b"\xff\xe5\0\2" * 6_000_000
    yield "jpeg-6-million-segments", b"\xff\xd8" + segments, TOO_COMPLEX
    yield "jpeg-no-image", b"\xff\xd8\xff\xd9", CORRUPT
    yield "jpeg-only-magic", b"\xff\xd8\xff" + bytes(500), CORRUPT
    padding = b"\xff\xd8" + b"\xff" * (2 * 2**20)
    yield "jpeg-padding-without-end", padding, f"{CORRUPT} {TIMEOUT}"
    twelve = encoded(scene(), "JPEG").replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c")
    yield "jpeg-12-bit", twelve, CORRUPT


def jpeg_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan is repeated until it has *scans* of them."""
    good = encoded(scene(), "JPEG", progressive=True)
    last = good.rindex(b"\xff\xda")
    present = good.count(b"\xff\xda")
    return good[:last] + good[last:-2] * (scans - present + 1) + good[-2:]


def jpeg_resized(content: bytes, width: int, height: int) -> bytes:
    """*content* with another size in its frame header (ITU-T T.81, B.2.2)."""
    at = next(i for marker in (b"\xff\xc0", b"\xff\xc2") if (i := content.find(marker)) > 0)
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


def bmp() -> Files:
    """Sizes without data, in all the ways that a BMP may have them."""
    yield "bmp-3600-megapixels", bmp_file(60000, 60000, 24, bytes(100)), TOO_LARGE
    yield "bmp-upside-down-giant", bmp_file(60000, -60000, 24, bytes(100)), TOO_LARGE
    yield "bmp-negative-width", bmp_file(-1, 1, 24, bytes(100)), f"{TOO_LARGE} {CORRUPT}"
    yield "bmp-short-of-data", bmp_file(5000, 5000, 24, bytes(100)), CORRUPT


def strangers() -> Files:
    """Other formats, of which Pillow would gladly open many, behind a friendly name."""
    image, icon = scene(), scene(64, 64)
    for kind in ("ICO", "ICNS", "PPM", "PCX", "SGI", "TGA", "MSP", "DDS", "SPIDER", "BLP"):
        mode = {"MSP": "1", "SPIDER": "F", "BLP": "P"}.get(kind, "RGB")
        source = icon if kind in {"ICO", "ICNS", "DDS"} else image
        yield f"{kind.lower()}-named-jpg", encoded(source.convert(mode), kind), UNSUPPORTED
    yield "eps-named-png", encoded(image, "EPS"), UNSUPPORTED
    yield "pdf-named-jpg", encoded(image, "PDF"), UNSUPPORTED
    yield "jpeg-2000-named-jpg", encoded(image, "JPEG2000"), UNSUPPORTED
    texts = {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "svg-with-entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa">]><svg>&a;</svg>',
        "html": b"<!DOCTYPE html><script>alert(1)</script>",
        "shell": b"#!/bin/sh\nexit 1\n",
        "text": b"BMW builds cars, and begins like a bitmap does.",
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100),
        "heif-with-avif's-major-brand": b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(100),
        "mp4": b"\0\0\0\x18ftypisom\0\0\0\0isomavc1" + bytes(100),
        "jpeg-xl": b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(100),
        "psd": b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\x08\0\0\0\x08\0\x08\0\3" + bytes(300),
        "fits": b"SIMPLE  =                    T".ljust(2880),
        "wmf": b"\xd7\xcd\xc6\x9a" + bytes(60),
        "zip": b"PK\3\4" + bytes(60),
        "elf": b"\x7fELF" + bytes(60),
        "wave": b"RIFF\x24\0\0\0WAVEfmt " + bytes(60),
        "one-byte": b"\xff",
        "zeros": bytes(5000),
    }
    for name, content in texts.items():
        yield f"{name}-named-png", content, UNSUPPORTED


def polyglots() -> Files:
    """Files of two natures: the first bytes decide, and the rest must then be an image."""
    yield "gif-and-javascript", b"GIF89a=1;alert(document.domain)//", f"{CORRUPT} {TOO_LARGE}"
    yield "png-magic-and-pdf", b"\x89PNG\r\n\x1a\n" + encoded(scene(), "PDF"), CORRUPT
    yield "jpeg-magic-and-zip", b"\xff\xd8\xff\xe0" + b"PK\3\4" * 100, CORRUPT
    yield "tiff-magic-and-html", b"II*\0<html><script>alert(1)</script>", CORRUPT
    yield "webp-magic-and-javascript", b"RIFF/*\0\0WEBPVP8 */=1;alert(1)//", CORRUPT
    yield (
        "bmp-magic-and-shell",
        b"BM" + bytes(12) + b"\x28\0\0\0" + b"#!/bin/sh\n" * 9,
        (f"{CORRUPT} {TOO_LARGE}"),
    )
    yield "avif-magic-and-text", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"hello" * 50, CORRUPT


def survivable() -> list[Hostile]:
    """Files that decode whole by their decoder's rules, at a bounded cost: they are served.

    libjpeg fills a JPEG's missing blocks with grey, libavif stretches, a BMP's runs may leap.
    """
    sixty = jpeg_with(*[jpeg_segment(0xE2, b"ICC_PROFILE\0\1\1" + b"x" * 60000)] * 60)
    progressive = encoded(scene().convert("CMYK"), "JPEG", progressive=True)
    leaps = bytes(1024) + b"\0\2\xff\xff" * 1000
    files = {
        "jpeg-49-megapixels-filled-in": jpeg_resized(progressive, 7000, 7000),
        "avif-stretched-to-49-megapixels": resized_avif(encoded(scene(), "AVIF"), 7000, 7000),
        "bmp-run-lengths-that-leap": bmp_file(7000, 7000, 8, leaps, compression=1),
        "jpeg-3-megabytes-of-profile": sixty,
        "jpeg-100-scans": jpeg_scans(100),
    }
    codes = frozenset({SERVED})
    return [Hostile(name=name, content=data, codes=codes) for name, data in files.items()]
