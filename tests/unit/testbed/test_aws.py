from typing import Any

import boto3
import pytest

from testbed.aws import Aws

LOCAL = Aws("http://127.0.0.1:4566")


def test_clients_of_the_emulator_go_to_its_endpoint_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's own AWS settings never lead a test elsewhere."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://elsewhere.invalid")
    here = Aws("http://127.0.0.1:4567")
    clients = (here.s3, here.iam, here.sts, here.lambda_, here.logs, here.stepfunctions)
    assert {"http://127.0.0.1:4567"} == {client.meta.endpoint_url for client in clients}
    assert "http://127.0.0.1:4567" == here.apigateway.meta.endpoint_url


def test_clients_work_in_the_regions_of_the_pipeline() -> None:
    """The region is the assignment's, unless another one is asked for."""
    assert "ca-central-1" == LOCAL.lambda_.meta.region_name
    assert "eu-west-1" == Aws(LOCAL.endpoint, "eu-west-1").lambda_.meta.region_name


def test_on_aws_endpoints_are_awss_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an endpoint, clients are those that anyone's boto3 makes."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    assert "https://states.ca-central-1.amazonaws.com" == Aws(None).stepfunctions.meta.endpoint_url


def test_bucket_names_stand_in_the_path_locally() -> None:
    """No DNS name is made of a bucket: *.localhost does not resolve on every machine."""
    url = LOCAL.s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert url.startswith("http://127.0.0.1:4566/b/k?")


def test_a_client_is_made_once() -> None:
    """Asking again costs nothing."""
    assert LOCAL.s3 is LOCAL.s3


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> str:
    """An endpoint in the person's environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4999")
    return "http://127.0.0.1:4999"


def test_on_aws_every_endpoint_is_boto3s_own_for_the_region(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No client for AWS is made with an endpoint of ours."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    region = "eu-west-1"
    ours = Aws(None, region)
    theirs: Any = boto3.Session(region_name=region)
    services = ("s3", "iam", "sts", "lambda", "logs", "stepfunctions", "apigateway")
    for service in (*services, "resourcegroupstaggingapi"):
        expected = theirs.client(service).meta.endpoint_url
        assert expected == ours.client(service).meta.endpoint_url
        assert expected.endswith(".amazonaws.com")
    assert ours.redirected_to is None


def test_a_persons_endpoint_is_followed_and_known(elsewhere: str) -> None:
    """It would be said, so that nobody takes an emulator for AWS; an emulator's own is none."""
    assert elsewhere == Aws(None).redirected_to
    assert elsewhere == Aws(None).s3.meta.endpoint_url
    assert LOCAL.redirected_to is None


def test_aws_is_asked_more_patiently_than_an_emulator() -> None:
    """It throttles: botocore's standard mode tells that from a fault and waits longer each time."""
    configs: list[Any] = [Aws(None).sts.meta.config, LOCAL.sts.meta.config]
    patient, brisk = (config.retries for config in configs)
    assert "standard" == patient["mode"] == brisk["mode"]
    assert 8 == patient["total_max_attempts"] > brisk["total_max_attempts"]


def test_an_emulator_needs_no_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one that is set, as in `.env` for AWS, and that this machine does not have."""
    monkeypatch.setenv("AWS_PROFILE", "one-that-is-not-there")
    assert LOCAL.endpoint == Aws(LOCAL.endpoint).sts.meta.endpoint_url
