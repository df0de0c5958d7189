"""The server's side of a real socket, against small WSGI applications."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from localstack_standalone.gateway.connection import BODY_IN_MEMORY_BYTES
from tests.unit.localstack_standalone.gateway.conftest import Serving, echo

CLOSE = b"Connection: close\r\n"


def test_requests_follow_each_other(speak: Serving) -> None:
    """One connection serves several requests, also those sent before the first answer."""
    answer = speak(echo)(
        b"GET /one HTTP/1.1\r\nHost: x\r\n\r\nPOST /two HTTP/1.1\r\nHost: x\r\n"
        b"Content-Length: 3\r\n\r\nabcGET /three HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n"
    )
    assert 3 == answer.count(b"HTTP/1.1 200 OK")
    assert answer.index(b"GET /one 0") < answer.index(b"POST /two 3") < answer.index(b"GET /three")


def test_the_case_of_headers_is_kept(speak: Serving) -> None:
    """Both ways: S3's metadata and clients of AWS look at it."""
    seen: list[Any] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        seen.extend(environ["rolo.headers"])
        return echo(environ, start)

    answer = speak(app)(b"GET / HTTP/1.1\r\nHost: x\r\nX-Amz-Meta-aB: 1\r\n" + CLOSE + b"\r\n")
    assert (b"X-Amz-Meta-aB", b"1") in seen
    assert b"X-Kept-Case: yes\r\n" in answer
    assert b"\r\nDate: " in answer


def test_a_chunked_body_arrives_whole(speak: Serving) -> None:
    """Transfer-Encoding: chunked is taken apart."""
    answer = speak(echo)(
        b"PUT /k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + CLOSE + b"\r\n"
        b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
    )
    assert answer.endswith(b"PUT /k 7")


def test_a_client_that_asks_first_is_told_to_go_on(speak: Serving) -> None:
    """Expect: 100-continue, as boto3 sends it for objects."""
    answer = speak(echo)(
        b"PUT /k HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
        + CLOSE
        + b"\r\n",
        b"abc",
        expect=b"HTTP/1.1 100 Continue\r\n\r\n",
    )
    assert answer.endswith(b"PUT /k 3")


def test_a_large_body_arrives_whole(speak: Serving) -> None:
    """More than is kept in memory."""
    body = b"x" * (3 * BODY_IN_MEMORY_BYTES + 17)
    head = b"PUT /k HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n" % len(body) + CLOSE + b"\r\n"
    assert speak(echo)(head + body).endswith(b"PUT /k %d" % len(body))


def test_a_body_that_is_cut_reaches_no_handler(speak: Serving) -> None:
    """Half an object is not stored."""
    called: list[Any] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        called.append(environ)
        return echo(environ, start)

    speak(app)(b"PUT /k HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    assert [] == called


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x00\x01 nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n", b"431"),
    ],
)
def test_what_is_no_http_is_refused(speak: Serving, sent: bytes, status: bytes) -> None:
    """With a status and words, and the connection is closed."""
    assert speak(echo)(sent).startswith(b"HTTP/1.1 " + status)


def test_a_handler_that_fails_is_an_error_500(speak: Serving) -> None:
    """The client is not left waiting."""

    def app(_environ: dict[str, Any], _start: Callable[..., Any]) -> list[bytes]:
        raise ZeroDivisionError

    answer = speak(app)(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 500")


def test_the_older_protocol_is_answered_and_closed(speak: Serving) -> None:
    """HTTP/1.0 keeps no connection."""
    answer = speak(echo)(b"GET /old HTTP/1.0\r\n\r\n")
    assert answer.endswith(b"GET /old 0")
