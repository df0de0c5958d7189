from typing import Any

import pytest

from infra import log_group
from infra.change import Change
from testbed.aws import Aws
from tests.unit.infra.conftest import Answers

NAME = "/aws/lambda/F"
ARN = "arn:aws:logs:ca-central-1:123456789012:log-group:/aws/lambda/F"
OURS = {"tags": {"made-by": "image-pipeline-testbed"}}


def groups(**fields: Any) -> dict[str, Any]:
    """What a search by prefix finds: a longer name too."""
    return {"logGroups": [{"logGroupName": NAME + "2"}, {"logGroupName": NAME, **fields}]}


def test_a_missing_group_is_made_with_retention(aws: Aws, answers: Answers) -> None:
    """A group whose name only begins alike does not count as this one."""
    logs = answers(aws.logs)
    logs.add_response("describe_log_groups", {"logGroups": [{"logGroupName": NAME + "2"}]})
    tags = {"made-by": "image-pipeline-testbed"}
    logs.add_response("create_log_group", {}, {"logGroupName": NAME, "tags": tags})
    logs.add_response("put_retention_policy", {}, {"logGroupName": NAME, "retentionInDays": 14})
    assert Change.CREATED == log_group.ensure(aws.logs, NAME, arn=ARN)


def test_a_group_as_wanted_is_only_read(aws: Aws, answers: Answers) -> None:
    """Nothing is written when nothing differs."""
    answers(aws.logs).add_response("describe_log_groups", groups(retentionInDays=14))
    assert Change.UNCHANGED == log_group.ensure(aws.logs, NAME, arn=ARN)


def test_missing_retention_is_set(aws: Aws, answers: Answers) -> None:
    """A run that ended between making and setting is completed by the next."""
    logs = answers(aws.logs)
    logs.add_response("describe_log_groups", groups())
    logs.add_response("list_tags_for_resource", OURS, {"resourceArn": ARN})
    logs.add_response("put_retention_policy", {})
    assert Change.UPDATED == log_group.ensure(aws.logs, NAME, arn=ARN)


def test_the_logs_of_an_earlier_function_stay_as_they_are(aws: Aws, answers: Answers) -> None:
    """A group that Lambda made for somebody else's function keeps its retention."""
    logs = answers(aws.logs)
    logs.add_response("describe_log_groups", groups())
    logs.add_response("list_tags_for_resource", {"tags": {}})
    assert Change.UNCHANGED == log_group.ensure(aws.logs, NAME, arn=ARN)


@pytest.mark.parametrize(
    ("tags", "expected"), [(OURS, Change.DESTROYED), ({"tags": {}}, Change.KEPT)]
)
def test_destroy_deletes_only_our_group(
    aws: Aws, answers: Answers, tags: dict[str, Any], expected: Change
) -> None:
    """Logs that are not of this project's making are kept."""
    logs = answers(aws.logs)
    logs.add_response("describe_log_groups", groups())
    logs.add_response("list_tags_for_resource", tags)
    if expected is Change.DESTROYED:
        logs.add_response("delete_log_group", {}, {"logGroupName": NAME})
    assert expected == log_group.destroy(aws.logs, NAME, arn=ARN)


def test_destroy_passes_over_what_is_not_there(aws: Aws, answers: Answers) -> None:
    """A destroy that was interrupted can be repeated."""
    answers(aws.logs).add_response("describe_log_groups", {"logGroups": []})
    assert Change.ABSENT == log_group.destroy(aws.logs, NAME, arn=ARN)
