from __future__ import annotations

import dataclasses
import io
import re
import warnings
import zlib
from typing import TYPE_CHECKING

import pytest
from botocore.response import StreamingBody
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from client import fetch
from client.fetch import ImageFacts, StoredObject
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from pathlib import Path

    from botocore.stub import Stubber

    from testbed.aws import Aws

STORED = StoredObject(
    bucket="thumbnails",
    key="thumb-club2.png",
    content=b"content",
    content_type="image/png",
    cache_control="max-age=86400",
    metadata={"width": "256"},
    etag="abc",
)


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


def test_an_object_is_downloaded_with_what_describes_it(aws: Aws, s3: Stubber) -> None:
    """Content, type, cache control, metadata, and the ETag without its quotes."""
    s3.add_response(
        "get_object",
        {
            "Body": StreamingBody(io.BytesIO(b"content"), 7),
            "ContentType": "image/png",
            "CacheControl": "max-age=86400",
            "Metadata": {"width": "256"},
            "ETag": '"abc"',
        },
        {"Bucket": "thumbnails", "Key": "thumb-club2.png"},
    )
    assert STORED == fetch.download(aws, bucket="thumbnails", key="thumb-club2.png")


def test_a_missing_object_is_named(aws: Aws, s3: Stubber) -> None:
    """The message holds key and bucket."""
    s3.add_client_error("get_object", "NoSuchKey")
    with pytest.raises(TestbedError, match="no object 'a b' in bucket thumbnails"):
        fetch.download(aws, bucket="thumbnails", key="a b")


def test_another_refusal_of_s3_is_not_taken_for_a_missing_object(aws: Aws, s3: Stubber) -> None:
    """AccessDenied stays what it is."""
    s3.add_client_error("get_object", "AccessDenied")
    with pytest.raises(aws.s3.exceptions.ClientError, match="AccessDenied"):
        fetch.download(aws, bucket="thumbnails", key="a")


def test_facts_are_read_from_the_content() -> None:
    """Format and size in pixels, and the length in bytes."""
    content = png(30, 20)
    assert ImageFacts(
        format="PNG", width_px=30, height_px=20, length_bytes=len(content)
    ) == fetch.facts(content)


@pytest.mark.parametrize(("orientation", "size"), [(1, (30, 20)), (3, (30, 20)), (6, (20, 30))])
def test_the_size_is_that_of_the_upright_picture(orientation: int, size: tuple[int, int]) -> None:
    """A phone's photograph lies on its side and says so in a tag."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    file = io.BytesIO()
    Image.new("RGB", (30, 20)).save(file, "JPEG", exif=exif)
    seen = fetch.facts(file.getvalue())
    assert seen is not None
    assert size == (seen.width_px, seen.height_px)


@pytest.mark.parametrize("content", [b"", b"text", png(3, 2)[:20]])
def test_what_is_no_image_has_no_facts(content: bytes) -> None:
    """Also nothing, and a file cut inside its header."""
    assert fetch.facts(content) is None


def test_a_huge_image_is_described_without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its header is read, so its size is no danger."""
    # Pillow's own limit: the function, which other tests load, lowers it for its process.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1024**3 // 4 // 3)
    header = bytearray(png(1, 1))
    header[16:24] = (12_000).to_bytes(4) + (9_000).to_bytes(4)
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        seen = fetch.facts(bytes(header))
    assert seen is not None
    assert (12_000, 9_000) == (seen.width_px, seen.height_px)


def test_a_files_facts_are_those_of_its_content(tmp_path: Path) -> None:
    """The same words for the file here and the object there."""
    path = tmp_path / "a.png"
    path.write_bytes(png(4, 3))
    assert fetch.facts(png(4, 3)) == fetch.file_facts(path)


def test_a_result_is_saved_under_its_own_name_and_over_an_older_one(tmp_path: Path) -> None:
    """The folder is made when missing."""
    for content in (b"older", b"content"):
        path = fetch.save(dataclasses.replace(STORED, content=content), tmp_path / "results")
    assert tmp_path / "results" / "thumb-club2.png" == path
    assert b"content" == path.read_bytes()


@pytest.mark.parametrize("way", ["results", "results/thumb-club2.png/folder"])
def test_something_in_the_way_is_named(tmp_path: Path, way: str) -> None:
    """A file where the folder should be, a folder where the file should be."""
    obstacle = tmp_path / way
    obstacle.parent.mkdir(parents=True, exist_ok=True)
    obstacle.touch()
    with pytest.raises(TestbedError, match=r"results.thumb-club2\.png"):
        fetch.save(STORED, tmp_path / "results")


@pytest.mark.parametrize(
    ("key", "pattern"),
    [
        ("thumb-club2.png", r"thumb-club2\.png"),
        ("thumb-a b.png", r"thumb-a_b-[0-9a-f]{8}\.png"),
        ("thumb-../../etc/passwd", r"thumb-\.\._\.\._etc_passwd-[0-9a-f]{8}"),
        ("thumb-♣.webp", r"thumb-_-[0-9a-f]{8}\.webp"),
        ("thumb-" + "a" * 900 + ".png", r"thumb-a{114}-[0-9a-f]{8}\.png"),
    ],
)
def test_odd_keys_become_safe_names_that_can_be_recognised(key: str, pattern: str) -> None:
    """Readable parts and the suffix stay."""
    assert re.fullmatch(pattern, fetch.file_name(key))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_any_key_becomes_one_name_in_the_folder(key: str) -> None:
    """No name leaves its folder, hides, looks like an option, or is too long for a file system."""
    name = fetch.file_name(key)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", name)
    assert len(name) < 200


@given(st.sets(st.sampled_from(["a b", "a/b", "a_b", "a+b", "a%2Fb", "a\\b", "a\nb"]), min_size=2))
def test_different_keys_keep_different_names(keys: set[str]) -> None:
    """Keys that look alike once they are made safe do not overwrite each other."""
    assert len(keys) == len({fetch.file_name(key) for key in keys})
