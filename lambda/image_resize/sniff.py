"""What the bytes are, whatever the name and the Content-Type say; nothing is decoded here."""

import re
from collections.abc import Iterator
from enum import StrEnum


class SourceFormat(StrEnum):
    """What we read; the values are Pillow's names."""

    JPEG = "JPEG"
    PNG = "PNG"
    GIF = "GIF"
    WEBP = "WEBP"
    BMP = "BMP"
    TIFF = "TIFF"
    AVIF = "AVIF"


_MAGIC = {
    b"\xff\xd8\xff": SourceFormat.JPEG,  # MPO too: it is a JPEG with more JPEGs behind it
    b"\x89PNG\r\n\x1a\n": SourceFormat.PNG,
    b"GIF87a": SourceFormat.GIF,
    b"GIF89a": SourceFormat.GIF,
    b"II*\0": SourceFormat.TIFF,
    b"MM\0*": SourceFormat.TIFF,
    b"II+\0": SourceFormat.TIFF,  # BigTIFF
    b"MM\0+": SourceFormat.TIFF,
}
# "BM" alone also begins many a text: the size of the header behind it tells.
_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
_WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X"}
_AVIF_BRANDS = {b"avif", b"avis"}
# An ISO base media file names up to a handful of brands; more is not worth reading.
_FTYP_MAX_BYTES = 256


def sniff(content: bytes) -> SourceFormat | None:
    """The format that *content* begins with, or None if it is none of ours."""
    for magic, source_format in _MAGIC.items():
        if content.startswith(magic):
            return source_format
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and content[12:16] in _WEBP_CHUNKS:
        return SourceFormat.WEBP
    if content[:2] == b"BM" and int.from_bytes(content[14:18], "little") in _BMP_HEADERS:
        return SourceFormat.BMP
    if content[4:8] == b"ftyp" and _brands(content) & _AVIF_BRANDS:
        return SourceFormat.AVIF
    return None


def _brands(content: bytes) -> set[bytes]:
    """The major and compatible brands of an ISO base media file (ISO/IEC 14496-12, 4.3).

    HEIC begins like AVIF does and may share AVIF's major brand mif1: all brands count.
    """
    size = min(int.from_bytes(content[:4]), _FTYP_MAX_BYTES)
    # Size, "ftyp", the major brand, the minor version, then the compatible brands.
    return {content[8:12]} | {content[i : i + 4] for i in range(16, size, 4)}


# A photograph has about ten scans; each further one decodes the whole image once more, and a file
# of 298 kB with 1,500 of them took 50 s.
MAX_JPEG_SCANS = 100
# 255 of a colour profile, 2 a scan and some dozens of metadata are many; millions fit into 25 MB.
MAX_JPEG_SEGMENTS = 10_000

# In a JPEG's entropy-coded data FF is followed by 00, by padding FF or by a restart marker D0-D7
# (ITU-T T.81, B.1.1.5): anything else begins the next segment.
_NEXT_SEGMENT = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_SOS, _EOI = 0xDA, 0xD9
_WITHOUT_LENGTH = {0x01, 0xD8}  # TEM and SOI stand alone (T.81, table B.1)


def jpeg_excess(content: bytes) -> str | None:
    """What a JPEG has too much of for decoding it in reasonable time, or None."""
    scans = 0
    for number, marker in enumerate(_markers(content)):
        scans += marker == _SOS
        if scans > MAX_JPEG_SCANS:
            return f"over {MAX_JPEG_SCANS} scans"
        if number >= MAX_JPEG_SEGMENTS:
            return f"over {MAX_JPEG_SEGMENTS:,} segments"
    return None


def _markers(content: bytes) -> Iterator[int]:
    """The marker of each segment in the image that *content* begins with.

    Segments are walked by their length, so that a thumbnail inside EXIF does not count, and the
    walk ends at the first end of image, so that the further images of an MPO do not either.
    """
    position = 2
    while found := _NEXT_SEGMENT.search(content, position):
        marker, position = content[found.end() - 1], found.end()
        if marker == _EOI:
            return
        yield marker
        if marker not in _WITHOUT_LENGTH and position + 2 <= len(content):
            position += max(2, int.from_bytes(content[position : position + 2]))
