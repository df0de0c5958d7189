"""What each session of the course begins with, as data: requests, and how each has to end.

A session's state is that of the session before, with its own requests behind it (docs/teaching.md).
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Final

from client.journey import Job
from testbed import settings

if TYPE_CHECKING:
    from client.journey import Journey

SAMPLES: Final = settings.ROOT / "samples"
WENT_THROUGH: Final = "a thumbnail"


@dataclasses.dataclass(frozen=True)
class Exercise:
    """A request that somebody sent before the session.

    Attributes:
        job: what is sent.
        ends: ``a thumbnail``, or the code of the refusal.
    """

    job: Job
    ends: str = WENT_THROUGH


@dataclasses.dataclass(frozen=True)
class Lesson:
    """A session, and what there is when it begins.

    Attributes:
        name: of the snapshot.
        about: what one finds in it.
        sent: in this order, behind what the session before began with.
    """

    name: str
    about: str
    sent: tuple[Exercise, ...]


def _sample(file: str, **options: object) -> Exercise:
    body = json.dumps({"key": file, **options})
    return Exercise(Job(key=file, body=body, image=SAMPLES / file))


def _refused(key: str, body: dict[str, object], code: str, image: bytes | None = None) -> Exercise:
    return Exercise(Job(key=key, body=json.dumps(body), image=image), code)


LESSONS: Final = (
    Lesson("lesson-1", "one image that went through", (_sample("club2.png"),)),
    Lesson(
        "lesson-2",
        "and each kind of request that was refused",
        (
            _refused("", {}, "INVALID_REQUEST"),
            _refused("missing.png", {"key": "missing.png"}, "NOT_FOUND"),
            _refused("letter.png", {"key": "letter.png"}, "UNSUPPORTED_FORMAT", b"Dear pipeline, "),
            _refused("empty.png", {"key": "empty.png"}, "EMPTY_OBJECT", b""),
        ),
    ),
    Lesson(
        "lesson-3",
        "and every sample, in other sizes and formats",
        (
            _sample("lighthouse.jpg", size=128),
            _sample("emblem.png", format="webp"),
            _sample("moon.gif"),
            _sample("stamp.png", mode="copy"),
        ),
    ),
    Lesson(
        "lesson-4",
        "and a list that is long enough to search in",
        tuple(_sample("ridges.jpg", size=size) for size in range(64, 704, 32)),
    ),
)


def ended(journey: Journey) -> str:
    """How it went, in the words of `Exercise.ends`."""
    return WENT_THROUGH if journey.setback is None else journey.setback.code
