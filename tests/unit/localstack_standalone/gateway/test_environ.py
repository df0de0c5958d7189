"""What a WSGI application reads of a request that came over a real socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.localstack_standalone.gateway.conftest import Serving, echo

H = b"Host: x\r\n"


def _get(target: bytes, *, fields: bytes = H) -> bytes:
    return b"GET " + target + b" HTTP/1.1\r\n" + fields + b"\r\n"


def _seen(speak: Serving, sent: bytes) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.update(environ)
        return echo(environ, start)

    speak(app)(sent)
    return seen


def test_the_host_of_the_target_counts(speak: Serving) -> None:
    """3.2.2: the Host field is ignored where the target names one; credentials are no host."""
    seen = _seen(speak, _get(b"http://u:p@b.local:1/a", fields=b"hOst: evil\r\n"))
    assert "b.local:1" == seen["HTTP_HOST"]
    assert (b"hOst", b"b.local:1") in seen["rolo.headers"]


def test_an_underscore_is_no_hyphen(speak: Serving) -> None:
    """X_User does not pass for X-User; who reads the fields as they came finds both."""
    fields = H + b"X-User: alice\r\nX_User: mallory\r\nContent_Type: evil\r\n"
    seen = _seen(speak, _get(b"/", fields=fields))
    assert "alice" == seen["HTTP_X_USER"]
    assert "" == seen["CONTENT_TYPE"]
    assert (b"X_User", b"mallory") in seen["rolo.headers"]


def test_fields_of_one_name_are_joined(speak: Serving) -> None:
    """RFC 9110, 5.3."""
    seen = _seen(speak, _get(b"/", fields=H + b"X-A: 1\r\nx-a: 2\r\n"))
    assert "1,2" == seen["HTTP_X_A"]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/a%20b%2Fc", b"/a b/c"),
        ("/ключ".encode(), "/ключ".encode()),
        (b"http://bucket.s3.local/key?x=1", b"/key"),
    ],
)
def test_a_target_is_read_as_a_path(speak: Serving, target: bytes, path: bytes) -> None:
    """Percent-encoded, as raw UTF-8 (curl sends that), or with the whole address."""
    answer = speak(echo)(_get(target))
    assert b"GET " + path + b" 0" in answer


def test_the_query_is_apart_and_the_target_stays_whole(speak: Serving) -> None:
    """The path is decoded, the query is not: a signature covers it as it was sent."""
    seen = _seen(speak, _get(b"/a%2Fb?x=%20&y?"))
    assert ("/a/b", "x=%20&y?") == (seen["PATH_INFO"], seen["QUERY_STRING"])
    assert "/a%2Fb?x=%20&y?" == seen["RAW_URI"] == seen["REQUEST_URI"]


def test_type_and_length_have_names_of_their_own(speak: Serving) -> None:
    """CGI's (RFC 3875, 4.1): empty where the request has none."""
    fields = H + b"Content-Type: text/plain\r\nContent-Length: 0\r\n"
    seen = _seen(speak, _get(b"/", fields=fields))
    assert ("text/plain", "0") == (seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"])
    bare = _seen(speak, _get(b"/"))
    assert ("", "") == (bare["CONTENT_TYPE"], bare["CONTENT_LENGTH"])
