"""What RFC 9112 (and 9110 where that is said) asks of a server, a line a case."""

from __future__ import annotations

import re

import pytest

from tests.unit.localstack_standalone.gateway.conftest import Serving, echo

H = b"Host: x\r\n"
# A second request: an answer to it means that the connection was kept.
NEXT = b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNK = b"3\r\nabc\r\n0\r\n\r\n"
TE = b"Transfer-Encoding: chunked\r\n"


def _post(fields: bytes, body: bytes = b"", version: bytes = b"1.1") -> bytes:
    return b"POST /p HTTP/" + version + b"\r\n" + H + fields + b"\r\n" + body


def _get(target: bytes, *, fields: bytes = H, method: bytes = b"GET") -> bytes:
    return method + b" " + target + b" HTTP/1.1\r\n" + fields + b"\r\n"


KEPT = [
    ("2.2 an empty line ahead of a request is ignored", b"\r\n" + _get(b"/a"), b"GET /a 0"),
    ("2.2 … several, and bare LF", b"\r\n\n\r\n" + _get(b"/a"), b"GET /a 0"),
    ("2.2 … behind a body", _post(b"Content-Length: 1\r\n", b"x\r\n"), b"POST /p 1"),
    ("2.2 a bare LF ends a line", b"GET /a HTTP/1.1\nHost: x\n\n", b"GET /a 0"),
    ("3.2.2 the target is a whole URI", _get(b"http://b.local/key?x=1"), b"GET /key 0"),
    ("3.2.2 … without a path", _get(b"http://b.local"), b"GET / 0"),
    ("3.2.2 … with an IPv6 address", _get(b"http://[::1]:80/a"), b"GET /a 0"),
    ("3.2.4 OPTIONS of the server", _get(b"*", method=b"OPTIONS"), b"OPTIONS * 0"),
    ("5.2 a folded field", _get(b"/a", fields=H + b"X: a\r\n b\r\n"), b"GET /a 0"),
    ("6.3 equal lengths are one", _post(b"Content-Length: 1\r\nContent-Length: 1\r\n", b"x"),
     b"POST /p 1"),
    ("6.3 … in a list", _post(b"Content-Length: 1, 1\r\n", b"x"), b"POST /p 1"),
    ("6.3 no length is no body", _post(b""), b"POST /p 0"),
    ("7.1 chunks", _post(TE, CHUNK), b"POST /p 3"),
    ("7.1.1 an extension of a chunk is ignored", _post(TE, b"1;a=b\r\nx\r\n0\r\n\r\n"),
     b"POST /p 1"),
    ("7.1.2 a trailer", _post(TE, b"1\r\nx\r\n0\r\nX-T: 1\r\n\r\n"), b"POST /p 1"),
    ("raw UTF-8 in the target (curl)", _get("/ключ".encode()), "GET /ключ 0".encode()),
]  # fmt: skip


@pytest.mark.parametrize(("case", "sent", "answer"), KEPT, ids=[case for case, *_ in KEPT])
@pytest.mark.parametrize("second", [False, True], ids=["first", "second"])
@pytest.mark.parametrize("split", [False, True], ids=["whole", "byte by byte"])
def test_a_good_request_is_answered(
    speak: Serving, case: str, sent: bytes, answer: bytes, *, second: bool, split: bool
) -> None:
    """First or second on its connection, in one piece or in many; the connection is kept."""
    del case
    message = (NEXT if second else b"") + sent + NEXT
    parts = [bytes([byte]) for byte in message] if split else [message]
    got = speak(echo)(*parts)
    assert 2 + second == got.count(b"HTTP/1.1 200")
    assert answer in got
    assert got.endswith(b"GET /next 0")


REFUSED = [
    ("2.2 nonsense", 400, b"\x00\x01 nonsense\r\n\r\n"),
    ("2.2 white space ahead of a field", 400, _get(b"/", fields=b" X: 1\r\n" + H)),
    ("2.2 a bare CR in a field", 400, _get(b"/", fields=H + b"X: a\rb\r\n")),
    ("3 no version", 400, b"GET /\r\n\r\n"),
    ("9110 15.6.6 HTTP/2 (its preface)", 505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("9110 15.6.6 HTTP/3.7", 505, b"GET / HTTP/3.7\r\n" + H + b"\r\n"),
    ("9110 15.6.6 HTTP/0.9", 505, b"GET / HTTP/0.9\r\n\r\n"),
    ("9110 9.3.6 CONNECT", 501, _get(b"a.b:443", method=b"CONNECT")),
    ("3.2 no Host", 400, _get(b"/", fields=b"")),
    ("9110 15.6.6 HTTP/1.2", 505, b"GET / HTTP/1.2\r\n" + H + b"\r\n"),
    ("3.2 two Hosts", 400, _get(b"/", fields=H + H)),
    ("3.2.2 a bad IPv6 address", 400, _get(b"http://[::1/")),
    ("3.2.2 a bad port", 400, _get(b"http://a:b/")),
    ("3.2.2 another scheme", 400, _get(b"ftp://a/")),
    ("3.2.1 neither path nor URI", 400, _get(b"key")),
    ("3.2.4 * with GET", 400, _get(b"*")),
    ("5.1 a blank ahead of the colon", 400, _get(b"/", fields=H + b"X : 1\r\n")),
    ("5.5 NUL in a field", 400, _get(b"/", fields=H + b"X: a\x00b\r\n")),
    ("6.1 Transfer-Encoding on 1.0", 400, _post(TE, CHUNK, b"1.0")),
    ("6.1 another coding", 501, _post(b"Transfer-Encoding: gzip, chunked\r\n", CHUNK)),
    ("6.1 chunked twice", 501, _post(TE + TE, CHUNK)),
    ("6.1 and 6.3 both lengths", 400, _post(b"Content-Length: 5\r\n" + TE, CHUNK)),
    ("6.1 and 6.3 both lengths, turned", 400, _post(TE + b"Content-Length: 5\r\n", CHUNK)),
    ("6.3 differing lengths", 400, _post(b"Content-Length: 1\r\nContent-Length: 2\r\n", b"x")),
    *(
        (f"6.2 Content-Length {length.decode()}", 400, _post(b"Content-Length: %b\r\n" % length))
        for length in (b"-1", b"+1", b"0x1", b"1 1", b"9" * 30)
    ),
    ("7.1 a chunk of -1", 400, _post(TE, b"-1\r\n")),
    ("7.1 a chunk of 0x1", 400, _post(TE, b"0x1\r\n")),
    ("7.1 a chunk without its end", 400, _post(TE, b"1\r\nxYY0\r\n\r\n")),
    ("9110 5.4 a large field", 431, _get(b"/", fields=H + b"X: " + b"x" * 1_000_000 + b"\r\n")),
    ("9110 5.4 many fields", 431, _get(b"/", fields=H + b"X: 1234\r\n" * 10_000)),
    ("4 a large target", 431, _get(b"/" + b"x" * 100_000)),
]  # fmt: skip


@pytest.mark.parametrize(("case", "status", "sent"), REFUSED, ids=[case for case, *_ in REFUSED])
@pytest.mark.parametrize("second", [False, True], ids=["first", "second"])
def test_a_bad_request_is_refused_and_the_connection_closed(
    speak: Serving, case: str, status: int, sent: bytes, *, second: bool
) -> None:
    """Nothing behind it is read as a request: it may be the body of the bad one (11.2)."""
    del case
    got = speak(echo)((NEXT if second else b"") + sent + NEXT)
    answers = [int(found) for found in re.findall(rb"HTTP/1\.1 (\d+)", got)]
    assert [200] * second + [status] == answers
    assert got.lower().count(b"connection: close") == 1


def test_a_refusal_of_head_has_no_body(speak: Serving) -> None:
    """RFC 9110, 9.3.2."""
    got = speak(echo)(_get(b"http://[::1/", method=b"HEAD"))
    assert got.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert got.endswith(b"\r\n\r\n")
