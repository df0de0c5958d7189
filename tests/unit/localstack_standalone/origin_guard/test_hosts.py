"""The names that an emulator answers to."""

from __future__ import annotations

import pytest

from localstack_standalone.origin_guard.hosts import HostPolicy, own_names

NAMES = (*own_names(["127.0.0.1"], "127.0.0.1"), "mine.test", "*.team.test")


@pytest.mark.parametrize(
    "host",
    [
        None,
        "127.0.0.1",
        "127.0.0.1:4566",
        "localhost:1",
        "LOCALHOST:4566",
        "localhost.:4566",
        "[::1]:4566",
        "bucket.s3.localhost:4566",
        "bucket.with.dots.s3.ca-central-1.localhost",
        "abc123.execute-api.localhost:4566",
        "abc.lambda-url.ca-central-1.localhost:4566",
        "abc.lambda-url.ca-central-1.127.0.0.1:4566",
        "mine.test:4566",
        "a.mine.test",
        "b.team.test",
    ],
)
def test_own_names_are_answered(host: str | None) -> None:
    """Loopback, names below localhost, and what the user lists; the port does not matter."""
    assert HostPolicy(NAMES).allows(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:4566",
        "localhost.evil.example",
        "notlocalhost",
        "127.0.0.1.evil.example",
        "1127.0.0.1",
        "127.0.0.2",
        "192.168.0.10:4566",
        "[::2]",
        "[::1",
        "::1",
        "user@localhost",
        "localhost/evil",
        "evil.example:80,localhost",
        "localhost evil",
        "localhost..",
        "otherteam.test",
        "localhost.localstack.cloud:4566",
        "states.ca-central-1.amazonaws.com",
    ],
)
def test_any_other_name_is_not(host: str) -> None:
    """A name that somebody else may point here, or that is none."""
    assert not HostPolicy(NAMES).allows(host)


def test_a_star_answers_to_every_name() -> None:
    """ALLOWED_HOSTS=* is the user's word."""
    assert HostPolicy(["*"]).allows("anything.example")


def test_what_is_advertised_is_answered() -> None:
    """The URLs that the emulator gives out can be called."""
    policy = HostPolicy(own_names(["127.0.0.1"], "localhost.localstack.cloud"))
    assert policy.allows("queue.localhost.localstack.cloud:4566")


def test_a_container_answers_to_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other containers reach it so; what binds loopback alone has no such name."""
    monkeypatch.setattr("socket.gethostname", lambda: "c0ffee")
    monkeypatch.setattr("socket.gethostbyname_ex", lambda name: (name, [], ["172.17.0.2"]))
    inside = HostPolicy(own_names(["0.0.0.0"], "127.0.0.1"))  # noqa: S104 - not bound
    assert inside.allows("c0ffee:4566")
    assert inside.allows("172.17.0.2:4566")
    assert not HostPolicy(own_names(["127.0.0.1"], "127.0.0.1")).allows("c0ffee:4566")
