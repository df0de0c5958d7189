"""Applying and destroying the whole stack, against a real emulator."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import package, stack
from infra.account import Account
from infra.resource import Outcome
from infra.resources import state_machine
from testbed import names, settings
from testbed.aws import Aws
from testbed.errors import ProvisioningError
from tests.conftest import Emulator
from tests.integration import stack_support
from tests.integration.stack_support import Stack

ACCOUNT = Account("000000000000", names.REGION)
TITLES = [each.title for each in stack.RESOURCES]


@pytest.fixture(scope="module")
def aws(emulator: Emulator) -> Aws:
    return Aws(endpoint=emulator.endpoint)


@pytest.fixture(scope="module")
def the_stack(aws: Aws) -> Iterator[Stack]:
    yield from stack_support.in_emulator(aws)


@pytest.fixture
def pipeline(the_stack: Stack) -> Stack:
    """The stack, whole; what the test before left is put right."""
    the_stack.apply()
    return the_stack


@pytest.fixture
def nothing(the_stack: Stack) -> Stack:
    """The stack, before it is made."""
    the_stack.destroy()
    return the_stack


def test_the_first_apply_makes_everything(nothing: Stack) -> None:
    """Each resource is created and announced once, and the pipeline's addresses are given."""
    assert dict.fromkeys(TITLES, Outcome.CREATED) == nothing.apply()
    assert len(stack.RESOURCES) == len(nothing.rows)
    assert ACCOUNT.state_machine_arn(names.STATE_MACHINE) == nothing.outputs.state_machine_arn


def test_a_second_apply_changes_nothing_and_says_so(aws: Aws, pipeline: Stack) -> None:
    """Not one request that writes, and the same addresses."""
    before = pipeline.outputs
    with stack_support.writes(aws) as writes:
        assert dict.fromkeys(TITLES, Outcome.UNCHANGED) == pipeline.apply()
    assert [] == writes
    assert before == pipeline.outputs


def set_timeout(aws: Aws) -> None:
    aws.lambda_.update_function_configuration(FunctionName=names.FUNCTION, Timeout=3)


def set_definition(aws: Aws) -> None:
    other = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    aws.stepfunctions.update_state_machine(
        stateMachineArn=ACCOUNT.state_machine_arn(names.STATE_MACHINE), definition=json.dumps(other)
    )


def set_template(aws: Aws) -> None:
    """Another template, put in place and deployed by hand."""
    gateway = aws.apigateway
    api_id = gateway.get_rest_apis()["items"][0]["id"]
    resources = gateway.get_resources(restApiId=api_id)["items"]
    resource = next(found for found in resources if found["path"] == "/process")
    gateway.update_integration(
        restApiId=api_id,
        resourceId=resource["id"],
        httpMethod="POST",
        patchOperations=[
            {"op": "replace", "path": "/requestTemplates/application~1json", "value": "{}"}
        ],
    )
    gateway.create_deployment(restApiId=api_id, stageName=names.STAGE, description="by hand")


def open_bucket(aws: Aws) -> None:
    aws.s3.delete_public_access_block(Bucket=names.ORIGINAL_BUCKET)


def widen_role(aws: Aws) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [everything]}
    aws.iam.put_role_policy(
        RoleName=names.FUNCTION_ROLE, PolicyName="more", PolicyDocument=json.dumps(document)
    )


def keep_logs_longer(aws: Aws) -> None:
    aws.logs.put_retention_policy(logGroupName=names.FUNCTION_LOG_GROUP, retentionInDays=365)


@pytest.mark.parametrize(
    ("drift", "resource"),
    [
        (set_timeout, stack.FUNCTION.title),
        (set_definition, stack.STATE_MACHINE.title),
        (set_template, stack.API.title),
        (open_bucket, stack.ORIGINALS.title),
        (widen_role, stack.FUNCTION_ROLE.title),
        (keep_logs_longer, stack.LOG_GROUP.title),
    ],
)
def test_what_differs_is_updated_in_place(
    aws: Aws, pipeline: Stack, drift: Callable[[Aws], None], resource: str
) -> None:
    """The one thing that differs is put right, all else is left alone, addresses stay."""
    before = pipeline.outputs
    drift(aws)
    expected = dict.fromkeys(TITLES, Outcome.UNCHANGED) | {resource: Outcome.UPDATED}
    assert expected == pipeline.apply()
    assert before == pipeline.outputs
    assert dict.fromkeys(TITLES, Outcome.UNCHANGED) == pipeline.apply()
    assert 1 == len(aws.apigateway.get_rest_apis()["items"])


def test_a_changed_handler_is_deployed_in_place(pipeline: Stack, tmp_path: Path) -> None:
    """Only the function is updated, and its new code is what runs."""
    source = Path(shutil.copytree(package.SOURCE, tmp_path / "lambda"))
    handler = source / "image_resize" / "handler.py"
    handler.write_text('def handler(*_): return {"success": True, "resized_key": "new"}\n')
    zipped = stack_support.built(source, tmp_path / "build")
    expected = dict.fromkeys(TITLES, Outcome.UNCHANGED) | {stack.FUNCTION.title: Outcome.UPDATED}
    assert expected == pipeline.apply(zipped)
    result = pipeline.run(stack_support.key_body("any"))
    assert {"success": True, "resized_key": "new"} == json.loads(result["output"])


def lose_function(aws: Aws) -> None:
    aws.lambda_.delete_function(FunctionName=names.FUNCTION)


def lose_machine(aws: Aws) -> None:
    aws.stepfunctions.delete_state_machine(
        stateMachineArn=ACCOUNT.state_machine_arn(names.STATE_MACHINE)
    )


def lose_api(aws: Aws) -> None:
    aws.apigateway.delete_rest_api(restApiId=aws.apigateway.get_rest_apis()["items"][0]["id"])


def lose_stage(aws: Aws) -> None:
    api_id = aws.apigateway.get_rest_apis()["items"][0]["id"]
    aws.apigateway.delete_stage(restApiId=api_id, stageName=names.STAGE)


def lose_bucket(aws: Aws) -> None:
    aws.s3.delete_bucket(Bucket=names.RESIZED_BUCKET)


def lose_log_group(aws: Aws) -> None:
    aws.logs.delete_log_group(logGroupName=names.FUNCTION_LOG_GROUP)


def lose_permissions(aws: Aws) -> None:
    aws.iam.delete_role_policy(RoleName=names.API_ROLE, PolicyName="permissions")


@pytest.mark.parametrize(
    ("lose", "resource", "expected"),
    [
        (lose_function, stack.FUNCTION.title, Outcome.CREATED),
        (lose_machine, stack.STATE_MACHINE.title, Outcome.CREATED),
        (lose_api, stack.API.title, Outcome.CREATED),
        (lose_stage, stack.API.title, Outcome.UPDATED),
        (lose_bucket, stack.THUMBNAILS.title, Outcome.CREATED),
        (lose_log_group, stack.LOG_GROUP.title, Outcome.CREATED),
        (lose_permissions, stack.API_ROLE.title, Outcome.UPDATED),
    ],
)
def test_a_stack_with_a_hole_is_completed(
    aws: Aws, pipeline: Stack, lose: Callable[[Aws], None], resource: str, expected: Outcome
) -> None:
    """Whatever is missing is made, and the pipeline is whole again."""
    lose(aws)
    changes = dict.fromkeys(TITLES, Outcome.UNCHANGED) | {resource: expected}
    assert changes == pipeline.apply()
    assert dict.fromkeys(TITLES, Outcome.UNCHANGED) == pipeline.apply()
    assert "NOT_FOUND" == pipeline.run(stack_support.key_body("missing.png"))["error"]


def test_a_half_made_stack_is_completed(nothing: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """An apply that broke off is taken up where it stopped."""
    with monkeypatch.context() as broken:
        broken.setattr(state_machine, "definition", lambda **_: '{"StartAt": "A"}')
        with pytest.raises(ProvisioningError, match=r"These fields are required: \[States\]"):
            nothing.apply()
    made = {stack.STATE_MACHINE.title: Outcome.CREATED, stack.API.title: Outcome.CREATED}
    assert dict.fromkeys(TITLES, Outcome.UNCHANGED) | made == nothing.apply()


def test_a_wrong_definition_is_told_with_its_line(
    pipeline: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In an update, which changes nothing; the words are Step Functions', file and line ours."""
    text = state_machine.DEFINITION.read_text(encoding="utf-8")
    wrong = text.replace('"Next": "FailState"', '"Next": "FialState"', 1)
    file = tmp_path / "image_processing.asl.json"
    file.write_text(wrong, encoding="utf-8")
    line = wrong[: wrong.index("FialState")].count("\n") + 1
    with monkeypatch.context() as broken:
        broken.setattr(state_machine, "DEFINITION", file)
        with pytest.raises(ProvisioningError) as told:
            pipeline.apply()
    expected = f"{file}:{line}: Missing 'Next' target: FialState - did you mean FailState?"
    assert str(told.value).startswith(expected)
    assert dict.fromkeys(TITLES, Outcome.UNCHANGED) == pipeline.apply()


def test_a_half_destroyed_stack_can_be_destroyed_or_applied(aws: Aws, pipeline: Stack) -> None:
    """What a broken-off destroy has left is passed over or made anew."""
    lose_api(aws)
    lose_machine(aws)
    expected = dict.fromkeys(TITLES, Outcome.DESTROYED)
    gone = {stack.API.title: Outcome.ABSENT, stack.STATE_MACHINE.title: Outcome.ABSENT}
    assert expected | gone == pipeline.destroy()
    assert dict.fromkeys(TITLES, Outcome.ABSENT) == pipeline.destroy()
    assert dict.fromkeys(TITLES, Outcome.CREATED) == pipeline.apply()


def inventory(aws: Aws) -> dict[str, set[str]]:
    """Everything there is in the account, by name or id."""
    machines: Any = aws.stepfunctions.list_state_machines()["stateMachines"]
    return {
        "buckets": {bucket["Name"] for bucket in aws.s3.list_buckets()["Buckets"]},
        "roles": {role["RoleName"] for role in aws.iam.list_roles()["Roles"]},
        "groups": {group["logGroupName"] for group in aws.logs.describe_log_groups()["logGroups"]},
        "functions": {found["FunctionName"] for found in aws.lambda_.list_functions()["Functions"]},
        "machines": {machine["name"] for machine in machines},
        "apis": {api["id"] for api in aws.apigateway.get_rest_apis()["items"]},
    }


@pytest.fixture
def neighbours(aws: Aws) -> Iterator[None]:
    """Resources of other people, some of them named almost like ours."""
    trust = '{"Version": "2012-10-17", "Statement": []}'
    bucket, role, group = "somebody-elses", "TheirRole", names.FUNCTION_LOG_GROUP + "2"
    aws.s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )
    aws.iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)
    aws.logs.create_log_group(logGroupName=group)
    machine = aws.stepfunctions.create_state_machine(
        name="Theirs",
        roleArn=f"arn:aws:iam::000000000000:role/{role}",
        definition='{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
    )["stateMachineArn"]
    api = aws.apigateway.create_rest_api(name=names.API)["id"]
    yield
    aws.s3.delete_bucket(Bucket=bucket)
    aws.iam.delete_role(RoleName=role)
    aws.logs.delete_log_group(logGroupName=group)
    aws.stepfunctions.delete_state_machine(stateMachineArn=machine)
    aws.apigateway.delete_rest_api(restApiId=api)


@pytest.mark.usefixtures("neighbours")
def test_destroy_removes_everything_it_made_and_nothing_else(aws: Aws, nothing: Stack) -> None:
    """The account is as it was, images included, though the pipeline was used."""
    before = inventory(aws)
    nothing.apply()
    image = (settings.ROOT / "samples" / "club2.png").read_bytes()
    aws.s3.put_object(Bucket=names.ORIGINAL_BUCKET, Key="club2.png", Body=image)
    assert "SUCCEEDED" == nothing.run(stack_support.key_body("club2.png"))["status"]
    assert dict.fromkeys(TITLES, Outcome.DESTROYED) == nothing.destroy()
    assert before == inventory(aws)


def test_an_apply_right_after_a_destroy_works(pipeline: Stack) -> None:
    """Deleting has really finished when destroy returns."""
    pipeline.destroy()
    assert dict.fromkeys(TITLES, Outcome.CREATED) == pipeline.apply()
    assert "NOT_FOUND" == pipeline.run(stack_support.key_body("missing.png"))["error"]


def test_a_role_that_is_not_ours_stops_the_run_and_is_kept(aws: Aws, nothing: Stack) -> None:
    """Nothing that other people made under our names is changed or deleted."""
    trust = '{"Version": "2012-10-17", "Statement": []}'
    aws.iam.create_role(RoleName=names.FUNCTION_ROLE, AssumeRolePolicyDocument=trust)
    try:
        with pytest.raises(ProvisioningError, match="was not made by this project"):
            nothing.apply()
        assert Outcome.KEPT == nothing.destroy()[stack.FUNCTION_ROLE.title]
        assert names.FUNCTION_ROLE in inventory(aws)["roles"]
    finally:
        aws.iam.delete_role(RoleName=names.FUNCTION_ROLE)


def planned(aws: Aws) -> dict[str, Outcome]:
    zipped = stack_support.built()
    plans = stack.plan(aws, package=zipped)
    return {plan.resource.title: plan.outcome for plan in plans}


def test_a_plan_of_nothing_is_everything(aws: Aws, nothing: Stack) -> None:
    """What an apply would make is told, and nothing is made."""
    with stack_support.writes(aws) as writes:
        assert dict.fromkeys(TITLES, Outcome.CREATED) == planned(aws)
    assert [] == writes
    assert dict.fromkeys(TITLES, Outcome.ABSENT) == nothing.destroy()


def test_a_plan_names_each_attribute_that_differs(aws: Aws, pipeline: Stack) -> None:
    """From what to what; an apply then does just that, and the next plan has nothing left."""
    set_timeout(aws)
    keep_logs_longer(aws)
    zipped = stack_support.built()
    with stack_support.writes(aws) as writes:
        plans = stack.plan(aws, package=zipped)
    assert [] == writes
    told = {
        (plan.resource, each.attribute, each.found, each.wanted)
        for plan in plans
        for each in plan.differences
    }
    assert {
        (stack.FUNCTION, "Timeout", 3, 30),
        (stack.LOG_GROUP, "retention in days", 365, 14),
    } == told
    pipeline.apply()
    assert dict.fromkeys(TITLES, Outcome.UNCHANGED) == planned(aws)
