"""What is wrong with a request that h11 would take.

Framing that two readers could understand differently, and what an origin server does not do.
Sections are those of RFC 9112, and of RFC 9110 where that is said.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, quote_from_bytes, urlsplit

if TYPE_CHECKING:
    import h11

# Names and values of all header fields, and the request line.
HEAD_BYTES: Final = 64 * 1024


class BadRequestError(Exception):
    """The request is refused.

    Attributes:
        status: of the answer, an HTTP status code.
    """

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def check(request: h11.Request) -> None:
    """Let pass what is right in every part.

    Raises:
        BadRequestError: it is not.
    """
    _check_line(request)
    _check_size(request)
    _check_framing(request)
    split(request)


def split(request: h11.Request) -> SplitResult:
    """The parts of the request's target: scheme and authority only where it names them (3.2).

    Raises:
        BadRequestError: the target has none of the forms that its method may have.
    """
    target = request.target.decode("latin-1")
    if target.startswith("/"):
        path, _, query = target.partition("?")
        return SplitResult("", "", path, query, "")
    if target == "*" and request.method == b"OPTIONS":
        return SplitResult("", "", target, "", "")
    try:
        parts = urlsplit(target)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:  # an address or a port that is none
        raise BadRequestError(400, f"the request's target is no URI: {error}") from error
    if not named:
        raise BadRequestError(400, "the request's target is neither a path nor an http(s) URI")
    return parts._replace(path=parts.path or "/")


def first_line_in_ascii(data: bytes) -> bytes:
    """*data* with its first line percent-encoded, where a client forgot to (curl does)."""
    line, end, rest = data.partition(b"\n")
    if line.isascii():
        return data
    return quote_from_bytes(line, safe=string.printable).encode() + end + rest


def without_empty_lines(data: bytes) -> bytes:
    """*data* without the empty lines that a client may send ahead of a request (2.2)."""
    while data.startswith((b"\r\n", b"\n")):
        data = data[data.index(b"\n") + 1 :]
    return data


def _check_line(request: h11.Request) -> None:
    # There is no 1.2, and what it would be, nobody can know (RFC 9110, 15.6.6).
    if request.http_version not in (b"1.0", b"1.1"):
        raise BadRequestError(505, "this server speaks HTTP/1.1")
    if request.http_version > b"1.0" and all(name != b"host" for name, _ in request.headers):
        raise BadRequestError(400, "the Host field is missing")  # h11 asks for it in 1.1 alone
    if request.method == b"CONNECT":
        raise BadRequestError(501, "this server is no proxy")  # RFC 9110, 9.3.6 and 15.6.2


def _check_size(request: h11.Request) -> None:
    fields = sum(len(name) + len(value) + 4 for name, value in request.headers.raw_items())
    if fields + len(request.target) > HEAD_BYTES:
        raise BadRequestError(431, f"the header fields have more than {HEAD_BYTES} bytes")


def _check_framing(request: h11.Request) -> None:
    names = {name for name, _ in request.headers}
    if b"transfer-encoding" not in names:
        return
    if request.http_version == b"1.0":  # 6.1
        raise BadRequestError(400, "HTTP/1.0 has no Transfer-Encoding")
    if b"content-length" in names:  # 6.1 and 6.3: an attempt at request smuggling
        raise BadRequestError(400, "Content-Length and Transfer-Encoding exclude each other")
