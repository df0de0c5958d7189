"""Requests and images that are wrong in a known way, and what each should get."""

from __future__ import annotations

import dataclasses
import io
import json
import struct
import zlib
from typing import Final

from PIL import Image

from client.journey import Job, Journey, Station

PREFIX: Final = "wrong-"
API, FUNCTION = Station.API, Station.FUNCTION


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mistake:
    """One ready-made mistake.

    Attributes:
        title: what is wrong.
        why: what a learner sees by it.
        job: what is sent.
        station: where it should be refused.
        code: with which code.
    """

    title: str
    why: str
    job: Job
    station: Station
    code: str

    @property
    def expected(self) -> str:
        """What should happen, in words."""
        return f"{self.station} refuses it: {self.code}"


def happened(journey: Journey) -> str:
    """What became of it, in the words of `Mistake.expected`."""
    if (setback := journey.setback) is None:
        return "it went through"
    return f"{setback.station} refuses it: {setback.code}"


def everything() -> tuple[Mistake, ...]:
    """All of them: first what the API refuses, then what the function does."""
    return (*_requests(), *_images())


def _requests() -> tuple[Mistake, ...]:
    return (
        Mistake(
            title="No key",
            why="The API's model wants a key: nothing is started.",
            job=Job(key="", body="{}"),
            station=API,
            code="INVALID_REQUEST",
        ),
        Mistake(
            title="Not JSON",
            why="The API checks the body before anything behind it sees it.",
            job=Job(key="", body="key=club2.png"),
            station=API,
            code="INVALID_REQUEST",
        ),
        Mistake(
            title="Another media type",
            why="There is a mapping template for application/json, and for nothing else.",
            job=Job(
                key="",
                body='{"key": "club2.png"}',
                content_type="application/x-www-form-urlencoded",
            ),
            station=API,
            code="HTTP 415",
        ),
        Mistake(
            title="Unknown key",
            why="The API answers 200 all the same; the execution fails, for S3 has no such object.",
            job=_job("no-such-image.png", None),
            station=FUNCTION,
            code="NOT_FOUND",
        ),
    )


def _images() -> tuple[Mistake, ...]:
    return (
        Mistake(
            title="Truncated image",
            why="A download that broke off: the header is right, the pixels are missing.",
            job=_job("truncated.png", truncated()),
            station=FUNCTION,
            code="CORRUPT_IMAGE",
        ),
        Mistake(
            title="Decompression bomb",
            why="A few bytes that announce 3,600 megapixels: refused by the header alone.",
            job=_job("bomb.png", bomb()),
            station=FUNCTION,
            code="IMAGE_TOO_LARGE",
        ),
        Mistake(
            title="Not an image",
            why="The name says PNG; the content is what counts.",
            job=_job("letter.png", b"Dear pipeline, this is a letter and no picture.\n" * 20),
            station=FUNCTION,
            code="UNSUPPORTED_FORMAT",
        ),
        Mistake(
            title="Empty file",
            why="An object of no bytes is no image either.",
            job=_job("empty.png", b""),
            station=FUNCTION,
            code="EMPTY_OBJECT",
        ),
        Mistake(
            title="Impossible size",
            why="The API does not know sizes; the function does.",
            job=_job("sized.png", picture(), size=1_000_000),
            station=FUNCTION,
            code="INVALID_REQUEST",
        ),
    )


def _job(name: str, image: bytes | None, **options: object) -> Job:
    key = f"{PREFIX}{name}"
    return Job(key=key, body=json.dumps({"key": key, **options}), image=image)


def picture() -> bytes:
    """A sound image."""
    file = io.BytesIO()
    Image.radial_gradient("L").save(file, "PNG")
    return file.getvalue()


def truncated() -> bytes:
    """The first half of a sound image."""
    whole = picture()
    return whole[: len(whole) // 2]


def bomb() -> bytes:
    """A PNG of 60,000 by 60,000 pixels that has a few bytes of them."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum
