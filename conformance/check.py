"""A check: one thing that AWS does, where that is written, and how to see it elsewhere."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from conformance.workshop import Workshop

USUAL_S: Final = 30.0


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing that AWS does.

    Attributes:
        feature: what it belongs to, such as ``S3``.
        name: in a few words, of its feature alone.
        aws: what AWS does, in a sentence.
        source: where that is written.
        run: looks whether it is so; raises where it is not.
        timeout_s: how long that may take.
    """

    feature: str
    name: str
    aws: str
    source: str
    run: Callable[[Workshop], None] = dataclasses.field(compare=False)
    timeout_s: float = USUAL_S


class DiffersError(AssertionError):
    """The answer is another than AWS's."""


def same(what: str, expected: object, found: object) -> None:
    """See that *found* is what AWS gives.

    Raises:
        DiffersError: it is not; the message has both.
    """
    if expected != found:
        raise DiffersError(f"{what}: AWS gives {expected!r}, here it is {found!r}")


def holds(what: str, found: object) -> None:
    """See that *found* is true.

    Raises:
        DiffersError: it is anything else.
    """
    if found is not True:
        raise DiffersError(f"{what}: on AWS it is true, here it is {found!r}")


def matches(what: str, pattern: str, found: object) -> None:
    """See that the text *found* has *pattern* somewhere.

    Raises:
        DiffersError: it has not.
    """
    if not isinstance(found, str) or not re.search(pattern, found):
        raise DiffersError(f"{what}: AWS gives what has {pattern!r}, here it is {found!r}")


def member(what: str, found: Any, *path: str | int) -> Any:
    """What is at *path* in *found*, an answer.

    Raises:
        DiffersError: nothing is there.
    """
    for step in path:
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            where = ".".join(map(str, path))
            raise DiffersError(f"{what}: AWS gives {where}, here is no {step!r}") from None
    return found


@contextlib.contextmanager
def refused(code: str, *, status: int | None = None, message: str = "") -> Iterator[None]:
    """See that what the block asks for is refused.

    Args:
        code: the error's.
        status: of HTTP, where that is part of the promise.
        message: a pattern that the error's words have.

    Raises:
        DiffersError: it is allowed, or refused otherwise.
    """
    try:
        yield
    except ClientError as error:
        same("the error", code, error.response["Error"]["Code"])
        if status is not None:
            same("its HTTP status", status, error.response["ResponseMetadata"]["HTTPStatusCode"])
        matches("its message", message, error.response["Error"].get("Message", ""))
    else:
        raise DiffersError(f"AWS refuses this with {code}, here it is allowed")
