"""An application's answer as a client reads it, and the events that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import h11
import pytest

from localstack_standalone.gateway.response import WsgiResponse
from tests.unit.localstack_standalone.gateway.conftest import Serving

CLOSE = b"Connection: close\r\n"


@pytest.mark.parametrize(("method", "status"), [(b"HEAD", "200 OK"), (b"GET", "204 No Content")])
def test_an_answer_without_a_body(speak: Serving, method: bytes, status: str) -> None:
    """HEAD keeps the length of what GET would give; 204 has nothing."""

    def app(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start(status, [("Content-Length", "5")] if method == b"HEAD" else [])
        return []

    answer = speak(app)(method + b" / HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n")
    assert answer.endswith(b"\r\n\r\n")
    assert (b"Content-Length: 5" in answer) == (method == b"HEAD")


def test_an_answer_of_unknown_length_is_chunked(speak: Serving) -> None:
    """A stream goes out piece by piece, and its iterable is closed."""
    closed: list[bool] = []

    class Stream:
        def __iter__(self) -> Iterator[bytes]:
            yield from (b"ab", b"", b"cde")

        def close(self) -> None:
            closed.append(True)

    def app(_environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        start("200 OK", [])
        return Stream()

    answer = speak(app)(b"GET / HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n")
    assert b"chunked" in answer
    assert answer.endswith(b"2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n")
    assert closed


def test_values_that_no_header_may_have_are_cleaned(speak: Serving) -> None:
    """A handler that echoes what it was sent cannot add a header, or break the answer."""

    def app(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [("X-Echo", " a\r\nEvil: 1 "), ("X-Far", "…"), ("Content-Length", "0")])
        return []

    answer = speak(app)(b"GET / HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n")
    assert b"X-Echo: a Evil: 1\r\n" in answer
    assert b"X-Far: ?\r\n" in answer
    assert b"\nEvil" not in answer


@pytest.fixture
def sent() -> list[list[Any]]:
    """What went out, a list for each time."""
    return []


@pytest.fixture
def response(sent: list[list[Any]]) -> WsgiResponse:
    return WsgiResponse(lambda *events: sent.append(list(events)))


def test_the_head_goes_out_with_the_first_piece(
    response: WsgiResponse, sent: list[list[Any]]
) -> None:
    """Once, and not before: until then an error can still have a status of its own."""
    write = response.start("200 OK", [])
    write(b"")
    assert [] == sent
    write(b"a")
    write(b"b")
    response.end()
    kinds = [[type(event) for event in events] for events in sent]
    assert [[h11.Response, h11.Data], [h11.Data], [h11.EndOfMessage]] == kinds


def test_another_start_takes_the_place_of_a_head_that_is_not_out(
    response: WsgiResponse, sent: list[list[Any]]
) -> None:
    """As WSGI wants it (PEP 3333, "Error Handling")."""
    response.start("200 OK", [])
    response.start("500 Internal Server Error", [])
    response.end()
    assert [500] == [events[0].status_code for events in sent]


def test_an_application_s_own_date_stays(response: WsgiResponse, sent: list[list[Any]]) -> None:
    """However it is spelt; there is one Date field (RFC 9110, 6.6.1)."""
    response.start("200 OK", [("dAte", "Thu, 01 Jan 1970 00:00:00 GMT")])
    response.end()
    dates = [value for name, value in sent[0][0].headers if name == b"date"]
    assert [b"Thu, 01 Jan 1970 00:00:00 GMT"] == dates


def test_a_field_that_is_none_is_an_error_of_the_application(response: WsgiResponse) -> None:
    """It is told at the start, where the application can be blamed."""
    with pytest.raises(h11.LocalProtocolError):
        response.start("200 OK", [("not a name", "x")])
