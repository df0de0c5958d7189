from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from console.same_origin import is_foreign

HERE = "127.0.0.1:8765"
LINK = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-origin", "origin": f"http://{HERE}"}, False),
        ({"origin": f"http://{HERE}"}, False),
        ({"sec-fetch-site": "cross-site", **LINK}, False),
        ({"sec-fetch-site": "same-site", **LINK}, False),
        ({"sec-fetch-site": "cross-site", **LINK, "sec-fetch-dest": "iframe"}, True),
        ({"sec-fetch-site": "cross-site", **LINK, "origin": "http://evil.example"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"origin": "http://evil.example"}, True),
        ({"origin": "http://127.0.0.1:4566"}, True),
        ({"origin": "http://localhost:8765"}, True),
        ({"origin": f"https://{HERE}"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
    ],
)
def test_who_is_foreign(headers: dict[str, str], *, foreign: bool) -> None:
    """Every page of another origin, unless it links to the console from a page of its own."""
    assert foreign == is_foreign(Headers({"host": HERE, **headers}))


def test_one_origin_is_ours() -> None:
    """Two are nobody's."""
    own = (b"origin", f"http://{HERE}".encode())
    assert is_foreign(Headers(raw=[(b"host", HERE.encode()), own, own]))
