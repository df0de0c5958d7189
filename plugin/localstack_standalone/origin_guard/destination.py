"""What of the emulator a request is for, by its path and name alone: nothing was parsed yet."""

from __future__ import annotations

import enum
import re
from typing import Final

from localstack_standalone.origin_guard.hosts import host_name

_REST_API_PATH: Final = re.compile(
    r"/_aws/execute-api/|/restapis/[^/]+/[^/]+/_user_request_(?:/|$)"
)
_INTERNAL: Final = ("/_localstack", "/_aws/")
_SIGNED: Final = frozenset(
    {"x-amz-signature", "x-amz-algorithm", "x-amz-credential", "signature", "awsaccesskeyid"}
)


class Destination(enum.Enum):
    """A part of the emulator, as far as it matters who asks."""

    API = "an API of API Gateway: the user's own, called by pages"
    FUNCTION_URL = "a function's URL: likewise"
    WEBSITE = "a bucket's website: pages, and what they are made of"
    SERVICE = "all else: what makes, changes, runs and reads resources, S3's objects included"


def destination_of(host: str | None, path: str) -> Destination:
    """What *path* at the name *host* is."""
    if _REST_API_PATH.match(path):
        return Destination.API
    if path.startswith(_INTERNAL):  # served under every name
        return Destination.SERVICE
    name = host_name(host or "") or ""
    if ".execute-api." in name:
        return Destination.API
    if ".lambda-url." in name:
        return Destination.FUNCTION_URL
    if ".s3-website." in name:
        return Destination.WEBSITE
    return Destination.SERVICE


def changes_unsigned(
    method: str, query: frozenset[str], destination: Destination, *, authorized: bool
) -> bool:
    """Whether this is an action of the Query protocol that an image or a link could carry.

    AWS wants a signature for each (403 MissingAuthenticationToken); so do we where a browser may
    send nothing that gives it away: for GET.

    Args:
        method: of the request.
        query: names of the parameters in its address.
        destination: what it is for.
        authorized: whether it has an Authorization header.
    """
    if method not in ("GET", "HEAD") or destination is not Destination.SERVICE or authorized:
        return False
    names = {name.lower() for name in query}
    return "action" in names and not names & _SIGNED
