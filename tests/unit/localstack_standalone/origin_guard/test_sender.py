"""Who sent a request, by its headers."""

from __future__ import annotations

import pytest

from localstack_standalone.origin_guard.sender import Evidence, Sender, sender_of

HOST = "localhost:4566"


@pytest.mark.parametrize(
    ("seen", "sender"),
    [
        ({}, Sender.PROGRAM),
        ({"site": "none"}, Sender.ADDRESS_BAR),
        ({"site": "none", "referer": "http://evil.example/"}, Sender.ADDRESS_BAR),
        ({"origin": "http://localhost:4566"}, Sender.OWN_PAGE),
        ({"origin": "https://localhost:4566"}, Sender.OWN_PAGE),
        ({"site": "same-origin"}, Sender.OWN_PAGE),
        ({"site": "same-origin", "origin": "http://localhost:4566"}, Sender.OWN_PAGE),
        ({"referer": "http://localhost:4566/bucket/x.html"}, Sender.OWN_PAGE),
        ({"origin": "http://evil.example"}, Sender.FOREIGN_PAGE),
        ({"origin": "null"}, Sender.FOREIGN_PAGE),
        ({"origin": ""}, Sender.FOREIGN_PAGE),
        ({"origin": "file://"}, Sender.FOREIGN_PAGE),
        ({"origin": "chrome-extension://abc"}, Sender.FOREIGN_PAGE),
        ({"origin": "http://localhost:3000", "site": "same-site"}, Sender.FOREIGN_PAGE),
        ({"origin": "http://localhost"}, Sender.FOREIGN_PAGE),
        ({"origin": "http://127.0.0.1:4566"}, Sender.FOREIGN_PAGE),
        ({"origin": "http://localhost:4566.evil.example"}, Sender.FOREIGN_PAGE),
        ({"origin": "http://localhost:4566@evil.example"}, Sender.FOREIGN_PAGE),
        ({"origin": "http://localhost:99999"}, Sender.FOREIGN_PAGE),
        ({"origin": "http://localhost:4566,http://evil.example"}, Sender.FOREIGN_PAGE),
        ({"origin": "http://evil.example", "site": "none"}, Sender.FOREIGN_PAGE),
        ({"origin": "http://localhost:4566", "site": "cross-site"}, Sender.FOREIGN_PAGE),
        ({"site": "same-site"}, Sender.FOREIGN_PAGE),
        ({"site": "cross-site"}, Sender.FOREIGN_PAGE),
        ({"site": "same-origin,none"}, Sender.FOREIGN_PAGE),
        ({"site": ""}, Sender.FOREIGN_PAGE),
        ({"referer": "http://evil.example/"}, Sender.FOREIGN_PAGE),
        ({"referer": "about:blank"}, Sender.FOREIGN_PAGE),
    ],
)
def test_the_strictest_header_decides(seen: dict[str, str], sender: Sender) -> None:
    """What a page cannot take away from its request tells that it is one."""
    assert sender == sender_of(Evidence(host=HOST, **seen))


def test_a_proxy_before_us_may_end_the_encryption() -> None:
    """Its pages are of https, on the default port, and the Host is theirs."""
    seen = Evidence(host="mine.test", origin="https://mine.test", site="same-origin")
    assert Sender.OWN_PAGE == sender_of(seen)
