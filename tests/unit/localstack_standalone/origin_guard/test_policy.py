"""The rules: who sends a request, and what they may do."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest

from localstack_standalone.origin_guard import hosts, policy
from localstack_standalone.origin_guard.policy import Sender, SenderFacts

HERE = "localhost:4566"
KNOWN = hosts.read(None, given_out="127.0.0.1")


@dataclasses.dataclass(frozen=True)
class Thing(policy.Addressee):
    """A target as it is, and whether it has CORS for whoever asks."""

    is_control_plane: bool = True
    is_program: bool = False
    cors: bool = False

    def admits(self) -> bool:
        return self.cors


CONTROL_PLANE = Thing()
API, OPEN_API = (
    Thing(is_control_plane=False, is_program=True, cors=cors) for cors in (False, True)
)
BUCKET, OPEN_BUCKET = (Thing(is_control_plane=False, cors=cors) for cors in (False, True))


def facts(**given: Any) -> SenderFacts:
    return SenderFacts(**{"hosts": (HERE,)} | given)


@pytest.mark.parametrize(
    "given",
    [
        {"hosts": ("evil.example",)},
        {"hosts": ("evil.example:4566",)},
        {"hosts": ("localhost", "localhost")},
        {"hosts": ("localhost", "evil.example")},
        {"hosts": ("",)},
        {"target": "http://evil.example/"},
        {"target": "HTTPS://evil.example"},
        {"target": "http://localhost@evil.example/"},
        {"target": "evil.example:443"},
        {"target": ""},
    ],
)
def test_a_name_that_is_not_ours_is_refused(given: Any) -> None:
    """By the Host header or by an absolute target; the message names the setting."""
    refusal = policy.judge_host(facts(**given), KNOWN)
    assert refusal is not None
    assert 421 == refusal.status
    assert "ALLOWED_HOSTS" in refusal.message


@pytest.mark.parametrize(
    "given", [{}, {"hosts": ()}, {"target": "http://localhost:4566/x"}, {"target": "*"}]
)
def test_our_own_name_is_let_through(given: Any) -> None:
    """Also in an absolute target; and HTTP/1.0 may have none."""
    assert None is policy.judge_host(facts(**given), KNOWN)


def test_a_long_name_is_cut_short() -> None:
    """An answer and a log line do not grow with what a stranger sends."""
    refusal = policy.judge_host(facts(hosts=("e" * 5000 + "\n",)), KNOWN)
    assert refusal is not None
    assert len(refusal.message) < 500
    assert "\n" not in refusal.message


@pytest.mark.parametrize(
    ("who", "given"),
    [
        (Sender.NO_PAGE, {}),
        (Sender.NO_PAGE, {"method": "POST"}),
        (Sender.NO_PAGE, {"site": "none"}),
        (Sender.NO_PAGE, {"site": "none", "referer": "http://evil.example/"}),
        (Sender.NO_PAGE, {"mode": "cors"}),  # fetch() of Node.js
        (Sender.OWN_PAGE, {"site": "same-origin"}),
        (Sender.OWN_PAGE, {"origins": ("http://localhost:4566",)}),
        (Sender.OWN_PAGE, {"origins": ("http://localhost:4566",), "site": "same-origin"}),
        (Sender.OWN_PAGE, {"referer": "http://localhost:4566/bucket/page.html?x"}),
        (Sender.FOREIGN_PAGE, {"origins": ("http://evil.example",)}),
        (Sender.FOREIGN_PAGE, {"origins": ("http://evil.example",), "site": "none"}),
        (Sender.FOREIGN_PAGE, {"origins": ("http://evil.example",), "site": "same-origin"}),
        (Sender.FOREIGN_PAGE, {"origins": ("http://localhost:4566",), "site": "cross-site"}),
        (Sender.FOREIGN_PAGE, {"origins": ("http://localhost:3000",), "site": "same-site"}),
        (Sender.FOREIGN_PAGE, {"origins": ("http://127.0.0.1:4566",)}),
        (Sender.FOREIGN_PAGE, {"origins": ("http://localhost:4566", "http://localhost:4566")}),
        (Sender.FOREIGN_PAGE, {"origins": ("http://localhost:4566", "http://evil.example")}),
        (Sender.FOREIGN_PAGE, {"origins": ("null",)}),
        (Sender.FOREIGN_PAGE, {"origins": ("null",), "site": "same-origin"}),
        (Sender.FOREIGN_PAGE, {"origins": ("",)}),
        (Sender.FOREIGN_PAGE, {"origins": ("null",), "hosts": ()}),
        (Sender.FOREIGN_PAGE, {"site": "cross-site"}),
        (Sender.FOREIGN_PAGE, {"site": "same-site"}),
        (Sender.FOREIGN_PAGE, {"site": "none,cross-site"}),
        (Sender.FOREIGN_PAGE, {"site": ""}),
        (Sender.FOREIGN_PAGE, {"site": "something-new"}),
        (Sender.FOREIGN_PAGE, {"referer": "http://evil.example/page"}),
        (Sender.FOREIGN_PAGE, {"referer": "http://localhost:3000/"}),
        (Sender.FOREIGN_PAGE, {"referer": "http://localhost:4566@evil.example/"}),
        (Sender.FOREIGN_PAGE, {"referer": "about:blank"}),
        (Sender.FOREIGN_PAGE, {"referer": ""}),
    ],
)
def test_who_sends_a_request(who: Sender, given: Any) -> None:
    """By what a browser says of a page; in doubt it is a foreign one."""
    assert who == policy.sender(facts(**given))


@pytest.mark.parametrize(
    ("given", "unsigned"),
    [
        ({"actions": ("CreateUser",)}, True),
        ({"actions": ("CreateUser",), "method": "HEAD"}, True),
        ({"actions": ("ListUsers",)}, True),
        ({"actions": ("CreateUser",), "presigned": True}, True),
        ({"actions": ("GetUser", "CreateUser"), "presigned": True}, True),
        ({"actions": ("GetCallerIdentity",), "presigned": True}, False),
        ({"actions": ("CreateUser",), "signed": True}, False),
        ({"actions": ("CreateUser",), "method": "POST"}, False),
        ({}, False),
    ],
)
def test_a_link_holds_no_operation(given: Any, *, unsigned: bool) -> None:
    """AWS answers an unsigned one MissingAuthenticationToken; a presigned one can read only."""
    assert unsigned == policy.is_unsigned_action(facts(**given))


@pytest.mark.parametrize("target", [CONTROL_PLANE, API, OPEN_API, BUCKET, OPEN_BUCKET])
def test_a_program_may_do_anything(target: Thing) -> None:
    """SDKs, curl and the address bar."""
    assert None is policy.judge(facts(), Sender.NO_PAGE, target)


def test_an_unsigned_operation_is_refused_at_control_planes_alone() -> None:
    """An API may have a parameter `Action`, and an object's address one."""
    link = facts(actions=("CreateUser",))
    seen = [policy.judge(link, Sender.NO_PAGE, target) for target in (CONTROL_PLANE, API, BUCKET)]
    assert [policy.UNSIGNED, None, None] == seen


@pytest.mark.parametrize(
    ("target", "may"),
    [(API, True), (OPEN_API, True), (CONTROL_PLANE, False), (BUCKET, False), (OPEN_BUCKET, True)],
)
def test_a_page_of_ours_may_use_what_serves_it(target: Thing, *, may: bool) -> None:
    """An API's page uses APIs; for the rest it is a page like any other, as on AWS."""
    own = facts(origins=("http://localhost:4566",), site="same-origin", mode="cors")
    assert may == (policy.judge(own, Sender.OWN_PAGE, target) is None)


@pytest.mark.parametrize(
    ("target", "given", "may"),
    [
        (OPEN_API, {"origins": ("http://a.example",), "mode": "cors"}, True),
        (OPEN_API, {"origins": ("http://a.example",)}, True),
        (OPEN_API, {"origins": ("null",), "mode": "cors"}, True),
        (OPEN_BUCKET, {"origins": ("http://a.example",), "mode": "cors"}, True),
        (OPEN_API, {"origins": ("http://a.example",), "mode": "navigate"}, False),
        (OPEN_API, {"origins": ("http://a.example",), "mode": "no-cors"}, False),
        (OPEN_API, {"origins": ("http://a.example",), "mode": "websocket"}, False),
        (OPEN_API, {"site": "cross-site", "mode": "no-cors"}, False),
        (OPEN_API, {"referer": "http://a.example/"}, False),
        (API, {"origins": ("http://a.example",), "mode": "cors"}, False),
        (BUCKET, {"origins": ("http://a.example",), "mode": "cors"}, False),
        (CONTROL_PLANE, {"origins": ("http://a.example",), "mode": "cors"}, False),
    ],
)
def test_a_foreign_page_may_what_its_target_lets_it(
    target: Thing, given: Any, *, may: bool
) -> None:
    """CORS requests alone, and only where the API, the function or the bucket allows them."""
    assert may == (policy.judge(facts(**given), Sender.FOREIGN_PAGE, target) is None)


def test_a_page_gets_nothing_from_control_planes() -> None:
    """Whatever the method and whatever a browser says of it."""
    for method, site, mode in itertools.product(
        ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "WEBSOCKET"),
        (None, "same-origin", "same-site", "cross-site"),
        (None, "cors", "no-cors", "navigate", "websocket"),
    ):
        for origin in ("http://evil.example", "http://localhost:4566", "null"):
            sent = facts(method=method, site=site, mode=mode, origins=(origin,))
            refusal = policy.judge(sent, policy.sender(sent), CONTROL_PLANE)
            assert refusal is not None, sent
            assert 403 == refusal.status
            assert "STANDALONE_ORIGIN_GUARD" in refusal.message


def test_a_preflight_is_an_options_request_that_asks() -> None:
    """OPTIONS alone is a method like others."""
    seen = [
        facts(method="OPTIONS", asks_method="PUT").is_preflight,
        facts(method="OPTIONS").is_preflight,
        facts(method="GET", asks_method="PUT").is_preflight,
    ]
    assert [True, False, False] == seen
