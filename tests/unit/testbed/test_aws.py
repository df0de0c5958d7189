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
