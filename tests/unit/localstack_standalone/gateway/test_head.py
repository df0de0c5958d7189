"""What is refused of a request by itself; test_rfc9112.py has the cases as a client sees them."""

from __future__ import annotations

import h11
import pytest

from localstack_standalone.gateway import head

HOST = ("Host", "x")


def _request(
    *fields: tuple[str, str], method: str = "GET", target: str | bytes = "/", version: str = "1.1"
) -> h11.Request:
    return h11.Request(method=method, target=target, headers=[*fields], http_version=version)


def _size(request: h11.Request) -> int:
    fields = sum(len(name) + len(value) + 4 for name, value in request.headers.raw_items())
    return fields + len(request.target)


def test_a_head_as_large_as_may_be_is_taken() -> None:
    """HEAD_BYTES itself is allowed, and one more is 431 (RFC 6585, 5)."""
    room = head.HEAD_BYTES - _size(_request(HOST, ("X", "")))
    head.check(_request(HOST, ("X", "x" * room)))
    with pytest.raises(head.BadRequestError) as refusal:
        head.check(_request(HOST, ("X", "x" * (room + 1))))
    assert 431 == refusal.value.status


@pytest.mark.parametrize(
    ("target", "method", "parts"),
    [
        ("/a?x=1?y", "GET", ("", "", "/a", "x=1?y")),
        ("//a.b/c", "GET", ("", "", "//a.b/c", "")),
        ("/a:b#c", "GET", ("", "", "/a:b#c", "")),
        ("*", "OPTIONS", ("", "", "*", "")),
        ("http://a.b:1/c?d", "GET", ("http", "a.b:1", "/c", "d")),
        ("https://a.b?d", "GET", ("https", "a.b", "/", "d")),
    ],
)
def test_a_target_has_the_parts_of_its_form(
    target: str, method: str, parts: tuple[str, str, str, str]
) -> None:
    """A path is one whatever is in it: two slashes begin a key of S3's, and no authority."""
    assert parts == head.split(_request(HOST, method=method, target=target))[:4]


@pytest.mark.parametrize("target", ["http:///a", "http://a:0/", "http://a:99999/", "a.b:443", "*"])
def test_a_target_that_names_no_server_is_refused(target: str) -> None:
    """400, with words that say what is wrong."""
    with pytest.raises(head.BadRequestError, match="target is") as refusal:
        head.split(_request(HOST, target=target))
    assert 400 == refusal.value.status


def test_the_older_protocol_needs_no_host() -> None:
    """The field came with HTTP/1.1 (RFC 9112, 3.2)."""
    head.check(_request(version="1.0"))


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"GET /a%20b HTTP/1.1\r\n", b"GET /a%20b HTTP/1.1\r\n"),
        ("GET /ä%20 HTTP/1.1\r\nX: ä".encode(), "GET /%C3%A4%20 HTTP/1.1\r\nX: ä".encode()),
        ("GET /a HTTP/1.1\r\nX: ä".encode(), "GET /a HTTP/1.1\r\nX: ä".encode()),
    ],
)
def test_the_first_line_alone_is_percent_encoded(data: bytes, wanted: bytes) -> None:
    """What is encoded already is not encoded twice, and the rest stays as it came."""
    assert wanted == head.first_line_in_ascii(data)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [(b"\r\n\n\r\nGET", b"GET"), (b"\r\n", b""), (b"\r", b"\r"), (b" \r\nG", b" \r\nG")],
)
def test_empty_lines_ahead_are_ignored(data: bytes, wanted: bytes) -> None:
    """Wholly empty ones: half a line end waits for the rest, and a blank is no empty line."""
    assert wanted == head.without_empty_lines(data)
