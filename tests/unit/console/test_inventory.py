"""What is provisioned, as the page Resources is told of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from console import inventory
from infra import stack
from infra.resource import Cloud, Description

if TYPE_CHECKING:
    import pytest

    from console.watch import Deployment


def described(_: Cloud) -> Description:
    return Description(facts={"URI": "s3://b"}, command=("s3", "ls", "s3://b b"))


def missing(_: Cloud) -> Description:
    raise ClientError({"Error": {"Code": "NoSuchEntity", "Message": "gone"}}, "GetRole")


def test_the_testbed_comes_first_and_what_is_missing_says_why(
    found: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that cannot be described keeps none of the others from it."""
    there = SimpleNamespace(title="bucket b b", describe=described)
    gone = SimpleNamespace(title="role R", describe=missing)
    monkeypatch.setattr(stack, "declared", lambda *_: (there, gone))
    monkeypatch.setattr(stack, "account", lambda _: None)
    testbed, role, bucket = inventory.look(found)
    assert ("Testbed", "AWS") == (testbed.title, testbed.description.facts["state"])
    assert "curl" in str(testbed.commands[-1])
    assert ("Role R", ()) == (role.title, role.commands)
    assert "NoSuchEntity" in (role.error or "")
    assert ("Bucket b b", None) == (bucket.title, bucket.error)
    assert ("aws --region ca-central-1 s3 ls 's3://b b'",) == tuple(map(str, bucket.commands))
