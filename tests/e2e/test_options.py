"""Options in the body reach the function and do what they say."""

from __future__ import annotations

import json

import pytest

from runs import history
from testbed.settings import ROOT
from tests.e2e.client import Client, picture, png

SAMPLES = ROOT / "samples"


def test_mode_copy_gives_the_same_bytes(client: Client) -> None:
    """The assignment's simulated resizing: copy and rename, whatever the content is."""
    key = client.key("a.png")
    client.upload(key, b"any bytes \0\xff")
    assert client.run(key, mode="copy").succeeded
    assert b"any bytes \0\xff" == client.thumbnail(key).content


def test_size_is_the_longest_side(client: Client) -> None:
    """In pixels; the other side follows in proportion."""
    key = client.key("a.png")
    client.upload(key, png(400, 200))
    assert client.run(key, size=64).succeeded
    assert (64, 32) == picture(client.thumbnail(key).content).size


@pytest.mark.parametrize("format_", ["jpeg", "png", "webp"])
def test_format_is_what_the_thumbnail_becomes(client: Client, format_: str) -> None:
    """Content and content type agree."""
    key = client.key("a.png")
    client.upload(key, png())
    assert client.run(key, format=format_).succeeded
    thumbnail = client.thumbnail(key)
    assert (format_.upper(), f"image/{format_}") == (
        picture(thumbnail.content).format,
        thumbnail.content_type,
    )


@pytest.mark.parametrize(
    ("sample", "format_", "size"),
    [
        ("lighthouse.jpg", "JPEG", (154, 256)),
        ("ridges.jpg", "JPEG", (256, 64)),
        ("emblem.png", "PNG", (256, 256)),
        ("stamp.png", "PNG", (40, 30)),
        ("moon.gif", "GIF", (120, 120)),
    ],
)
def test_samples_of_every_shape_go_through(
    client: Client, sample: str, format_: str, size: tuple[int, int]
) -> None:
    """Upright, in proportion, in their own format, and never enlarged."""
    key = client.key(sample)
    client.upload(key, (SAMPLES / sample).read_bytes())
    assert client.run(key).succeeded
    image = picture(client.thumbnail(key).content)
    assert (format_, size) == (image.format, image.size)


def test_options_reach_the_function_together(client: Client) -> None:
    """The task is scheduled with the body as its payload; the thumbnail heeds both options."""
    key = client.key("a.png")
    client.upload(key, png(400, 200))
    report = client.run(key, size=64, format="webp", mode="thumbnail")
    (scheduled,) = [
        json.loads(event["taskScheduledEventDetails"]["parameters"])
        for event in history.events(client.aws, report.arn)
        if event["type"] == "TaskScheduled"
    ]
    sent = {"key": key, "size": 64, "format": "webp", "mode": "thumbnail"}
    assert sent == scheduled["Payload"]
    image = picture(client.thumbnail(key).content)
    assert ("WEBP", (64, 32)) == (image.format, image.size)


def test_mode_copy_heeds_no_other_option(client: Client) -> None:
    """Nothing is decoded: the bytes, their type and no size of a thumbnail."""
    key = client.key("a.png")
    client.upload(key, png(400, 200))
    assert client.run(key, mode="copy", size=64, format="webp").succeeded
    original, copied = client.original(key), client.thumbnail(key)
    assert (original.content, "image/png") == (copied.content, copied.content_type)
    assert {"source-etag"} == {field.lower() for field in copied.metadata}


def test_transparency_survives(client: Client) -> None:
    """A corner of the emblem is clear, its middle is not."""
    key = client.key("emblem.png")
    client.upload(key, (SAMPLES / "emblem.png").read_bytes())
    assert client.run(key).succeeded
    alpha = picture(client.thumbnail(key).content).convert("RGBA").getchannel("A")
    assert (0, 255) == (alpha.getpixel((2, 2)), alpha.getpixel((128, 128)))


def test_the_same_key_again_overwrites(client: Client) -> None:
    """The latest original wins: a thumbnail is never a mixture or an older one."""
    key = client.key("a.png")
    for colour in ((255, 0, 0), (0, 0, 255)):
        client.upload(key, png(colour=colour))
        assert client.run(key).succeeded
        assert colour == picture(client.thumbnail(key).content).convert("RGB").getpixel((5, 5))
