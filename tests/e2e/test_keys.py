"""A key is taken literally from the client's JSON to the thumbnail's name."""

from __future__ import annotations

import pytest

from testbed import names
from tests.e2e.client import Client, output, png

MARK = "MARK"  # where the test's own mark stands in the key
ODD_KEYS = {
    "space": "MARK my picture.png",
    "many spaces": "  MARK   a  b  .png ",
    "plus": "MARK+a+b.png",
    "percent": "MARK 100%.png",
    "percent-encoded space": "MARK%20a.png",
    "percent-encoded slash": "MARK%2Fa%252Fb.png",
    "quotes": 'MARK "a".png',
    "apostrophe": "MARK bob's.png",
    "apostrophes and backslash": "MARK \\'a\\' 'b'.png",
    "backslash": "MARK\\a\\n\\u0041.png",
    "emoji": "MARK 🍁👩‍👩‍👧🇨🇦.png",
    "composed": "MARK Zoë café.png",
    "decomposed": "MARK Zoe\u0308 cafe\u0301.png",
    "other scripts": "MARK 画像 صورة изображение.png",
    "folders": "MARK/2026/03/a.png",
    "empty folder names": "MARK//a///b.png",
    "leading slash": "/MARK/a.png",
    "dots": "MARK/./a..png",
    "query and fragment": "MARK?a=b&c=d#e;f:g@h,i=j.png",
    "markup": "MARK <b>&amp;</b>.png",
    "velocity": "MARK $input.body ${key} #set($a=1) $!{x} ##.png",
    "shell": "MARK $(id) `id` ; | > *.png",
    "braces": 'MARK {"key": "other"} [1].png',
    "newline and tab": "MARK a\nb\tc\r\n.png",
    "no extension": "MARK",
    "thumbnail of a thumbnail": "thumb-MARK.png",
    "900 bytes": "MARK" + "é" * 440 + ".png",
    "line separators": "MARK\u2028a\u2029b\u0085.png",
}


@pytest.mark.parametrize("pattern", [pytest.param(key, id=name) for name, key in ODD_KEYS.items()])
def test_an_odd_key_goes_through(client: Client, pattern: str) -> None:
    """Uploaded under this name, asked for under it, the thumbnail bears it behind `thumb-`."""
    key = pattern.replace(MARK, client.mark)
    client.upload(key, png())
    report = client.run(key)
    assert ("SUCCEEDED", None) == (report.status, report.cause)
    assert {"success": True, "resized_key": names.thumbnail_key(key)} == output(report)
    assert "image/png" == client.thumbnail(key).content_type


def test_composed_and_decomposed_names_are_two_objects(client: Client) -> None:
    """Unicode's two spellings of one name are not folded: S3 compares bytes."""
    composed, decomposed = client.key("é.png"), client.key("e\u0301.png")
    client.upload(composed, png())
    assert ("SUCCEEDED", "FAILED") == (
        client.run(composed).status,
        client.run(decomposed).status,
    )


def test_a_key_of_1018_bytes_is_the_longest(client: Client) -> None:
    """`thumb-` and the key are 1,024 bytes then, the most that S3 allows; one more is refused."""
    longest = client.key("").ljust(1018, "a")
    client.upload(longest, png())
    assert client.run(longest).succeeded
    assert "INVALID_REQUEST" == client.run(longest + "a").error
