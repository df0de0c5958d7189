"""How programs are led to an emulator, whatever the user's environment says."""

from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.clients import RunningEmulator

HERE = RunningEmulator("http://127.0.0.1:4599", Path("folder"))


def test_sdks_come_to_the_emulator_with_its_own_credentials() -> None:
    """A program that was written for AWS needs no change, and nobody's account is at risk."""
    given = {
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_PROFILE": "work",
        "AWS_ENDPOINT_URL_S3": "https://elsewhere.example",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "false",
    }
    led = HERE.environ(given)
    assert "http://127.0.0.1:4599" == led["AWS_ENDPOINT_URL"]
    assert "test" == led["AWS_ACCESS_KEY_ID"] == led["AWS_SECRET_ACCESS_KEY"]
    assert set() == {"AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL_S3"} & led.keys()
    assert "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" not in led
    assert "true" == led["AWS_DISABLE_HOST_PREFIX_INJECTION"]


def test_all_else_stays() -> None:
    """The command finds its own variables, and AWS's that lead nowhere."""
    given = {"PATH": "/bin", "AWS_PAGER": "", "MODE": "x"}
    assert given.items() <= HERE.environ(given).items()


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ({}, "us-east-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_REGION": "eu-north-1", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-north-1"),
    ],
)
def test_the_region_is_the_users(given: dict[str, str], region: str) -> None:
    """Told to all SDKs: boto3 reads one variable, the others the other."""
    led = HERE.environ(given)
    assert region == led["AWS_REGION"] == led["AWS_DEFAULT_REGION"]


def test_no_proxy_stands_before_loopback() -> None:
    """A proxy of the user's cannot reach this machine; both spellings are read by somebody."""
    led = HERE.environ({"HTTP_PROXY": "http://proxy.example:3128", "no_proxy": "corp.example"})
    assert "corp.example,127.0.0.1,localhost" == led["no_proxy"] == led["NO_PROXY"]
    assert "127.0.0.1,localhost" == HERE.environ({})["no_proxy"]


def test_a_client_needs_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made for this emulator, in whatever region, and takes boto3's options."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://elsewhere.example")
    made = HERE.client("s3", region_name="eu-west-1")
    assert HERE.endpoint == made.meta.endpoint_url
    assert "eu-west-1" == made.meta.region_name
