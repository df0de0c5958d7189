"""Objects as files for the browser; what a stranger uploaded is looked at, never run."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from botocore.response import StreamingBody
from fastapi.routing import APIRoute
from starlette.responses import Response

from client import fetch
from console import files
from console.watch import Deployment, WatchedTestbed
from testbed.errors import NotRunningError
from tests.e2e.client import png

if TYPE_CHECKING:
    from botocore.stub import Stubber

PREVIEW, DOWNLOAD = "/files/preview/{bucket}", "/files/download/{bucket}"


def get(watch: WatchedTestbed, path: str, **parameters: str) -> Response:
    """What the route *path* answers."""
    routes = [one for one in files.routes(watch).routes if isinstance(one, APIRoute)]
    (route,) = [one for one in routes if one.path == path]
    answer = route.endpoint(**parameters)
    assert isinstance(answer, Response)
    return answer


def holds(s3: Stubber, content: bytes, key: str = "a ♣.png") -> None:
    """The bucket of originals holds this under *key*, and calls it a page."""
    answer: dict[str, Any] = {
        "Body": StreamingBody(io.BytesIO(content), len(content)),
        "ETag": '"e"',
        "ContentType": "text/html",
    }
    s3.add_response("get_object", answer, {"Bucket": "originals", "Key": key})


def test_a_preview_is_what_the_content_is(watch: WatchedTestbed, s3: Stubber) -> None:
    """Whatever type the object says it has; and it may run nothing."""
    holds(s3, png())
    shown = get(watch, PREVIEW, bucket="original", key="a ♣.png")
    assert (200, "image/png") == (shown.status_code, shown.headers["content-type"])
    assert "default-src 'none'; sandbox" == shown.headers["content-security-policy"]
    assert "nosniff" == shown.headers["x-content-type-options"]


def test_what_is_no_image_has_no_preview(watch: WatchedTestbed, s3: Stubber) -> None:
    """A page that calls itself an image is not served as either."""
    holds(s3, b"<script>alert(1)</script>")
    shown = get(watch, PREVIEW, bucket="original", key="a ♣.png")
    assert (204, b"") == (shown.status_code, shown.body)
    assert "content-type" not in shown.headers


def test_a_download_is_saved_whatever_it_is(watch: WatchedTestbed, s3: Stubber) -> None:
    """Under its own name, as every disk takes it."""
    holds(s3, b"<script>alert(1)</script>")
    saved = get(watch, DOWNLOAD, bucket="original", key="a ♣.png")
    assert b"<script>alert(1)</script>" == saved.body
    assert "application/octet-stream" == saved.headers["content-type"]
    expected = f"attachment; filename*=UTF-8''{fetch.file_name('a ♣.png')}"
    assert expected == saved.headers["content-disposition"]


def test_what_is_not_there_is_not_found(watch: WatchedTestbed, s3: Stubber) -> None:
    """An object that is gone, and a bucket that never was."""
    s3.add_client_error("get_object", "NoSuchKey")
    assert 404 == get(watch, PREVIEW, bucket="original", key="gone.png").status_code
    assert 404 == get(watch, PREVIEW, bucket="other", key="a.png").status_code


def test_what_may_not_be_read_says_why(watch: WatchedTestbed, s3: Stubber) -> None:
    """In the service's words."""
    s3.add_client_error("get_object", "AccessDenied", "not yours")
    answer = get(watch, DOWNLOAD, bucket="original", key="a.png")
    assert b"AccessDenied" in bytes(answer.body)


def test_a_lost_testbed_is_unavailable() -> None:
    """And not a file that is not there: the browser may ask again."""

    def find() -> Deployment:
        raise NotRunningError("nothing runs")

    watch = WatchedTestbed(find)
    assert 503 == get(watch, DOWNLOAD, bucket="resized", key="a.png").status_code
    assert 503 == get(watch, "/files/trace/{name}", name="some").status_code


def test_a_new_content_has_a_new_address() -> None:
    """So that no browser shows the old one; letters that mean something in a URL are quoted."""
    first, second = (files.address("original", "a&b=c/d", etag=etag) for etag in ("1", "2"))
    assert first != second
    assert "a%26b%3Dc%2Fd" in first
