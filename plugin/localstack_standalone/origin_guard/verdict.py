"""The decision, apart from all that is needed to carry it out.

| from | API | function URL | website | services, S3 |
|---|---|---|---|---|
| program, address bar | yes | yes | yes | yes |
| the emulator's own page | yes | yes | GET, HEAD | no; S3 if the bucket's CORS allows it |
| a foreign page | if the API's CORS allows it | no | no | no; S3 if the bucket's CORS allows it |
"""

from __future__ import annotations

import enum
from typing import Final

from localstack_standalone.origin_guard.destination import Destination
from localstack_standalone.origin_guard.sender import Sender

SAFE: Final = ("GET", "HEAD")


class Verdict(enum.Enum):
    """What becomes of a request."""

    PASS = "goes on"
    ASK_API = "goes on if the API's own CORS allows it"
    ASK_BUCKET = "goes on if the bucket's CORS configuration allows it"
    REFUSE = "403"


def judge(sender: Sender, destination: Destination, method: str, *, cors: bool) -> Verdict:
    """Decide on a request.

    Args:
        sender: who sent it.
        destination: what it is for.
        method: GET, POST, …
        cors: whether it has an Origin, without which nothing can be allowed to a page.
    """
    if sender in (Sender.PROGRAM, Sender.ADDRESS_BAR):
        return Verdict.PASS
    if sender is Sender.OWN_PAGE:
        if destination in (Destination.API, Destination.FUNCTION_URL):
            return Verdict.PASS
        if destination is Destination.WEBSITE and method in SAFE:
            return Verdict.PASS
    elif destination is Destination.API and cors:
        return Verdict.ASK_API
    if destination is Destination.SERVICE and cors:
        return Verdict.ASK_BUCKET
    return Verdict.REFUSE
