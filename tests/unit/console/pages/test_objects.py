"""The page Objects, drawn without a browser."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from console import files
from console.pages import objects
from console.watch import WatchedTestbed
from tests.support.shown import Reader, read

if TYPE_CHECKING:
    from botocore.stub import Stubber

SMALL: dict[str, Any] = {
    "Key": "a&b ♣.png",
    "ETag": '"e"',
    "Size": 9_999,
    "LastModified": dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
}


def drawn(
    watch: WatchedTestbed, s3: Stubber, originals: list[dict[str, Any]], *, more: bool = False
) -> Reader:
    """The page, with these in the bucket of originals and nothing in the other."""
    s3.add_response("list_objects_v2", {"Contents": originals, "IsTruncated": more})
    s3.add_response("list_objects_v2", {})
    return read(lambda: objects.draw(watch))


def test_an_object_has_a_preview_and_can_be_saved(watch: WatchedTestbed, s3: Stubber) -> None:
    """By addresses that name its key and its content."""
    shown = drawn(watch, s3, [SMALL])
    assert files.address("original", "a&b ♣.png", etag="e") in shown.values("src")
    assert files.address("original", "a&b ♣.png", download=True) in shown.values("href")
    assert "9,999 bytes" in shown.text


def test_one_that_is_too_large_has_none(watch: WatchedTestbed, s3: Stubber) -> None:
    """A page of many of them would be slow."""
    shown = drawn(watch, s3, [SMALL | {"Size": files.PREVIEW_BYTES + 1}])
    assert "too large to preview" in shown.text
    assert [] == shown.values("src")


@pytest.mark.parametrize("more", [True, False])
def test_more_are_shown_if_there_are_more(
    watch: WatchedTestbed, s3: Stubber, *, more: bool
) -> None:
    """A bucket may hold any number."""
    assert more == ("Show more" in drawn(watch, s3, [SMALL], more=more).text)


def test_an_empty_bucket_says_what_fills_it(watch: WatchedTestbed, s3: Stubber) -> None:
    """Each in its own way."""
    text = drawn(watch, s3, []).text
    assert "Drop an image above" in text
    assert "The function writes here" in text
