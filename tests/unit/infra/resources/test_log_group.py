from typing import Any

import pytest

from infra import resource
from infra.resource import Cloud, Outcome
from infra.resources.log_group import LogGroup
from tests.unit.infra.conftest import Answers

NAME = "/aws/lambda/ImageResizeFunction"
ARN = f"arn:aws:logs:ca-central-1:123456789012:log-group:{NAME}"
GROUP = LogGroup(NAME)
OURS = {"tags": {"made-by": "image-pipeline-testbed"}}


def groups(**fields: Any) -> dict[str, Any]:
    """What a search by prefix finds: a longer name too."""
    return {"logGroups": [{"logGroupName": NAME + "2"}, {"logGroupName": NAME, **fields}]}


def test_a_missing_group_is_made_with_retention(answers: Answers, cloud: Cloud) -> None:
    """A group whose name only begins alike does not count as this one."""
    logs = answers(cloud.aws.logs)
    logs.add_response("describe_log_groups", {"logGroups": [{"logGroupName": NAME + "2"}]})
    tags = {"made-by": "image-pipeline-testbed"}
    logs.add_response("create_log_group", {}, {"logGroupName": NAME, "tags": tags})
    logs.add_response("put_retention_policy", {}, {"logGroupName": NAME, "retentionInDays": 14})
    assert Outcome.CREATED == resource.settle(GROUP, cloud)


def test_a_group_as_wanted_is_only_read(answers: Answers, cloud: Cloud) -> None:
    """Nothing is written when nothing differs."""
    logs = answers(cloud.aws.logs)
    logs.add_response("describe_log_groups", groups(retentionInDays=14))
    logs.add_response("list_tags_for_resource", OURS, {"resourceArn": ARN})
    assert Outcome.UNCHANGED == resource.settle(GROUP, cloud)


def test_missing_retention_is_set(answers: Answers, cloud: Cloud) -> None:
    """A run that ended between making and setting is completed by the next."""
    logs = answers(cloud.aws.logs)
    logs.add_response("describe_log_groups", groups())
    logs.add_response("list_tags_for_resource", OURS, {"resourceArn": ARN})
    logs.add_response("put_retention_policy", {})
    assert Outcome.UPDATED == resource.settle(GROUP, cloud)


def test_the_logs_of_an_earlier_function_stay_as_they_are(answers: Answers, cloud: Cloud) -> None:
    """A group that Lambda made for somebody else's function keeps its retention."""
    logs = answers(cloud.aws.logs)
    logs.add_response("describe_log_groups", groups())
    logs.add_response("list_tags_for_resource", {"tags": {}})
    assert Outcome.UNCHANGED == resource.settle(GROUP, cloud)


@pytest.mark.parametrize(
    ("tags", "expected"), [(OURS, Outcome.DESTROYED), ({"tags": {}}, Outcome.KEPT)]
)
def test_destroy_deletes_only_our_group(
    answers: Answers, cloud: Cloud, tags: dict[str, Any], expected: Outcome
) -> None:
    """Logs that are not of this project's making are kept."""
    logs = answers(cloud.aws.logs)
    logs.add_response("describe_log_groups", groups())
    logs.add_response("list_tags_for_resource", tags)
    if expected is Outcome.DESTROYED:
        logs.add_response("delete_log_group", {}, {"logGroupName": NAME})
    assert expected == resource.remove(GROUP, cloud)


def test_destroy_passes_over_what_is_not_there(answers: Answers, cloud: Cloud) -> None:
    """A destroy that was interrupted can be repeated."""
    answers(cloud.aws.logs).add_response("describe_log_groups", {"logGroups": []})
    assert Outcome.ABSENT == resource.remove(GROUP, cloud)


def test_a_group_is_asked_for_by_its_own_name(answers: Answers, cloud: Cloud) -> None:
    """Tags of another group are not taken for its own."""
    logs = answers(cloud.aws.logs)
    logs.add_response("describe_log_groups", {"logGroups": [{"logGroupName": "/other"}]})
    asked = {"resourceArn": "arn:aws:logs:ca-central-1:123456789012:log-group:/other"}
    logs.add_response("list_tags_for_resource", {"tags": {}}, asked)
    assert Outcome.KEPT == resource.remove(LogGroup("/other"), cloud)
