"""What AWS's index of tags says is still there of a deployment."""

from __future__ import annotations

import pytest

from infra import deployment, leftovers
from infra.account import Account
from infra.resource import Cloud
from testbed.aws import Aws
from tests.unit.infra.conftest import Answers

ACCOUNT = Account("123456789012", "ca-central-1")
DEPLOYMENT = deployment.of(ACCOUNT, "mine")
RESOURCES = DEPLOYMENT.pipeline.resources
FILTERS = [
    {"Key": "made-by", "Values": ["image-pipeline-testbed"]},
    {"Key": "deployment", "Values": ["ca-central-1/mine"]},
]
API = "arn:aws:apigateway:ca-central-1::/restapis/abc123"


@pytest.fixture(scope="module")
def cloud() -> Cloud:
    aws = Aws(endpoint="http://127.0.0.1:9")
    return Cloud(aws, ACCOUNT, deployment=DEPLOYMENT.name)


def tagged(answers: Answers, cloud: Cloud, *arns: str) -> None:
    listed = [{"ResourceARN": arn, "Tags": []} for arn in arns]
    answers(cloud.aws.client("resourcegroupstaggingapi")).add_response(
        "get_resources", {"ResourceTagMappingList": listed}, {"TagFilters": FILTERS}
    )


def test_nothing_tagged_is_nothing_left(answers: Answers, cloud: Cloud) -> None:
    """Both tags are asked for: another deployment is not ours to count."""
    tagged(answers, cloud)
    assert [] == leftovers.tagged(cloud, RESOURCES)


def test_what_was_looked_up_already_is_not_believed(answers: Answers, cloud: Cloud) -> None:
    """The index knows deleted resources for a while; each of the stack was asked for itself."""
    tagged(
        answers,
        cloud,
        f"arn:aws:s3:::{DEPLOYMENT.pipeline.originals.name}",
        "arn:aws:lambda:ca-central-1:123456789012:function:ImageResizeFunction",
        "arn:aws:logs:ca-central-1:123456789012:log-group:/aws/lambda/ImageResizeFunction",
    )
    assert [] == leftovers.tagged(cloud, RESOURCES)


def test_an_api_is_asked_for_since_its_arn_has_no_name(answers: Answers, cloud: Cloud) -> None:
    """A second one, which a run may have made that was cut off, is found so."""
    other = API.replace("abc123", "def456")
    tagged(answers, cloud, API, f"{API}/stages/prod", other)
    gateway = answers(cloud.aws.apigateway)
    gateway.add_client_error("get_rest_api", "NotFoundException", "", 404)
    gateway.add_client_error("get_rest_api", "NotFoundException", "", 404)
    gateway.add_response("get_rest_api", {"id": "def456"}, {"restApiId": "def456"})
    assert [other] == leftovers.tagged(cloud, RESOURCES)


def test_what_the_stack_does_not_have_is_left(answers: Answers, cloud: Cloud) -> None:
    """As of an older version, or made by hand with our tags."""
    queue = "arn:aws:sqs:ca-central-1:123456789012:Older"
    tagged(answers, cloud, queue)
    assert [queue] == leftovers.tagged(cloud, RESOURCES)
