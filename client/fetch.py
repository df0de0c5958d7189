"""The last leg: an object out of a bucket, what kind of picture it is, a file of it here."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import io
import re
import warnings
from typing import IO, TYPE_CHECKING

from PIL import ExifTags, Image

from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from testbed.aws import Aws

_SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that swap width and height
_LONGEST_NAME = 120


@dataclasses.dataclass(frozen=True, kw_only=True)
class StoredObject:
    """An object as S3 gave it."""

    bucket: str
    key: str
    content: bytes
    content_type: str
    cache_control: str
    metadata: Mapping[str, str]
    etag: str

    @functools.cached_property
    def facts(self) -> ImageFacts | None:
        """What kind of image it is, None if it is none that Pillow knows."""
        return facts(self.content)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ImageFacts:
    """What one sees of an image file: its format, and its size in pixels as it is shown."""

    format: str
    width_px: int
    height_px: int
    length_bytes: int


def download(aws: Aws, *, bucket: str, key: str) -> StoredObject:
    """The object *key* of *bucket*, whole.

    Raises:
        TestbedError: there is none.
    """
    try:
        answer = aws.s3.get_object(Bucket=bucket, Key=key)
    except aws.s3.exceptions.NoSuchKey as error:
        raise TestbedError(f"there is no object {key!r} in bucket {bucket}") from error
    with answer["Body"] as body:
        content = body.read()
    return StoredObject(
        bucket=bucket,
        key=key,
        content=content,
        content_type=answer.get("ContentType", ""),
        cache_control=answer.get("CacheControl", ""),
        metadata=answer.get("Metadata", {}),
        etag=answer["ETag"].strip('"'),
    )


def facts(content: bytes) -> ImageFacts | None:
    """What kind of image *content* is, None if it is none that Pillow knows.

    Only the header is read; width and height are those after the EXIF orientation.
    """
    return _facts(io.BytesIO(content), len(content))


def file_facts(path: Path) -> ImageFacts | None:
    """`facts` of the file at *path*, without reading it whole."""
    with path.open("rb") as file:
        return _facts(file, path.stat().st_size)


def _facts(file: IO[bytes], length_bytes: int) -> ImageFacts | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a huge image is no danger: nothing is decoded here
            with Image.open(file) as image:
                width, height = image.size
                # The base class's getexif: PNG's own would decode the whole image first.
                exif = Image.Image.getexif(image)
                if exif.get(ExifTags.Base.Orientation) in _SIDEWAYS:
                    width, height = height, width
                name = image.format or "?"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return ImageFacts(format=name, width_px=width, height_px=height, length_bytes=length_bytes)


def save(stored: StoredObject, folder: Path) -> Path:
    """Write the object's content to a file of *folder*, over an older one; gives its path.

    Raises:
        TestbedError: something that is no folder, or no file, stands in the way.
    """
    path = folder / file_name(stored.key)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(stored.content)
    except OSError as error:
        raise TestbedError(
            f"the thumbnail cannot be written to {str(path)!r}: {error.strerror or error}"
        ) from error
    return path


def file_name(key: str) -> str:
    """A file name for an object's *key*, safe in any folder and shell.

    A plain key is its own name. Where anything had to be replaced or cut, a digest of the whole
    key keeps names of different keys apart.
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", key)
    if plain == key and not key.startswith((".", "-")) and len(key) <= _LONGEST_NAME:
        return key
    stem, dot, suffix = plain.rpartition(".")
    if not stem or "_" in suffix or len(suffix) > len("jpeg"):
        stem, dot, suffix = plain, "", ""
    stem = stem.lstrip(".-")[:_LONGEST_NAME] or "_"
    return f"{stem}-{hashlib.sha256(key.encode()).hexdigest()[:8]}{dot}{suffix}"
