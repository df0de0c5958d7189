"""Which names are the emulator's."""

from __future__ import annotations

import pytest

from localstack_standalone.origin_guard import hosts

OURS = [
    "127.0.0.1",
    "127.0.0.1:4566",
    "127.9.9.9",
    "[::1]",
    "[::1]:4566",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]:4566",
    "localhost",
    "LocalHost:80",
    "localhost.",
    "localhost.:4566",
    "bucket.localhost:4566",
    "my.bucket.s3.localhost",
    "bucket.s3.ca-central-1.localhost",
    "site.s3-website.localhost:4566",
    "a1b2c3.execute-api.localhost:4566",
    "f00.lambda-url.us-east-1.localhost:4566",
    "my_bucket.s3.localhost",
    "sqs.us-east-1.127.0.0.1:4566",  # below the name that this emulator gives out
]
OTHERS = [
    "",
    "evil.example",
    "evil.example:4566",
    "evillocalhost",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1.nip.io",
    "localhost.localstack.cloud",
    "s3.localhost.localstack.cloud",
    "states.ca-central-1.amazonaws.com",
    "0.0.0.0",  # noqa: S104 - recognized, not bound
    "10.0.0.1",
    "[::]",
    "[::2]:4566",
    "[::1",
    "::1",
    "[::1]evil.example",
    "127.1",
    "2130706433",
    "localhost:4566@evil.example",
    "evil.example@localhost",
    "localhost:",
    "localhost:port",
    "localhost:456600",
    "localhost..",
    ".localhost",
    " localhost",
    "localhost\n",
    "localhost, evil.example",
    "localhost/",
    "ⓛocalhost",
]


@pytest.mark.parametrize("authority", OURS)
def test_names_of_loopback_are_ours(authority: str) -> None:
    """Loopback's addresses, localhost and the names below, in any spelling, with any port."""
    assert authority in hosts.read(None, given_out="127.0.0.1")


@pytest.mark.parametrize("authority", OTHERS)
def test_every_other_name_is_not(authority: str) -> None:
    """A name that somebody else's name server answers for, or that is no name, is not ours."""
    assert authority not in hosts.read("", given_out="127.0.0.1")


def test_names_can_be_added() -> None:
    """ALLOWED_HOSTS adds names, and with `*.` all below one, in any spelling."""
    known = hosts.read(" Build.Example , *.corp.example,10.0.0.7, [fd00::1] ", given_out="x")
    asked = ["build.example:80", "a.b.corp.EXAMPLE", "corp.example", "10.0.0.7", "[fd00:0::1]:9"]
    assert [True, True, False, True, True] == [name in known for name in asked]


def test_the_name_in_its_own_addresses_is_ours() -> None:
    """What LocalStack gives out (LOCALSTACK_HOST), it answers to, and to the names below."""
    known = hosts.read(None, given_out="Stack.test")
    assert ["stack.test", "sqs.us-east-1.stack.test:4566"] == [
        name for name in ("stack.test", "sqs.us-east-1.stack.test:4566", "k.test") if name in known
    ]


def test_a_container_has_names_of_its_own() -> None:
    """Its host name and its addresses, where it listens on all of them."""
    known = hosts.read(None, given_out="127.0.0.1", listen=["Testbed", "172.18.0.2", "fd00::2"])
    asked = ["testbed:4566", "172.18.0.2:4566", "[fd00::2]:4566", "a.testbed", "172.18.0.3"]
    assert [True, True, True, False, False] == [name in known for name in asked]


@pytest.mark.parametrize("setting", ["*", "*.", "a b", "name:80", "http://name", "ok,-", "a/*"])
def test_a_setting_that_is_no_name_is_refused(setting: str) -> None:
    """The error names the variable, the word, and what is allowed."""
    with pytest.raises(hosts.AllowedHostsError, match=r"ALLOWED_HOSTS=.*is no host name; allowed"):
        hosts.read(setting, given_out="127.0.0.1")


@pytest.mark.parametrize(
    ("origin", "authority", "same"),
    [
        ("http://127.0.0.1:4566", "127.0.0.1:4566", True),
        ("http://LOCALHOST.:4566", "localhost:4566", True),
        ("http://localhost", "localhost:80", True),
        ("https://localhost", "localhost", True),
        ("http://[::1]:4566", "[0::1]:4566", True),
        ("http://localhost:3000", "localhost:4566", False),
        ("http://localhost:4566", "127.0.0.1:4566", False),
        ("http://a.localhost:4566", "localhost:4566", False),
        ("null", "localhost:4566", False),
        ("file://", "localhost:4566", False),
        ("ftp://localhost:4566", "localhost:4566", False),
        ("http://localhost:4566 http://evil.example", "localhost:4566", False),
        ("localhost:4566", "localhost:4566", False),
        ("http://", "", False),
        ("", "", False),
    ],
)
def test_an_origin_is_one_place(origin: str, authority: str, *, same: bool) -> None:
    """Name and port make an origin ours, not the machine behind it."""
    assert same == hosts.same_place(origin, authority)
