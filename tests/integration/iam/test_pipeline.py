"""Each statement of the pipeline's roles is there for one step: without it, that step fails."""

from __future__ import annotations

import contextlib
import copy
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from infra import policies
from infra.account import Account
from testbed import names, waiting
from testbed.settings import ROOT
from tests.integration.iam.conftest import ACCOUNT, REPORT, change_to, document
from tests.support import functions
from tests.support.testbeds import ProvisionedTestbed

HERE = Account(ACCOUNT, names.REGION)
ROLES = {
    names.FUNCTION_ROLE: policies.function_role(HERE),
    names.STATE_MACHINE_ROLE: policies.state_machine_role(HERE),
    names.API_ROLE: policies.api_role(HERE),
}
DENIED = "is not authorized to perform: {action} on resource: {resource} because no identity-based"
NOBODY = document({"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
SETTLED_S = 0.5
KEY, MISSING = "club2.png", "none.png"


@pytest.fixture(scope="module", autouse=True)
def _an_image(enforcing: ProvisionedTestbed) -> None:
    content = (ROOT / "samples" / KEY).read_bytes()
    enforcing.aws.s3.put_object(Bucket=names.ORIGINAL_BUCKET, Key=KEY, Body=content)


def post(where: ProvisionedTestbed, key: str = KEY) -> requests.Response:
    return requests.post(where.outputs.api_url, json={"key": key}, timeout=20)


def outcome(where: ProvisionedTestbed, key: str = KEY) -> tuple[str, str]:
    """The error and cause of the first thing that failed in an execution; SUCCEEDED without one.

    What is tried again is not waited for.
    """
    arn = post(where, key).json()["executionArn"]
    states = where.aws.stepfunctions

    def probe() -> tuple[tuple[str, str] | None, str]:
        events = states.get_execution_history(executionArn=arn)["events"]
        for event in events:
            if event["type"].endswith("Failed"):
                (told,) = (told for name, told in event.items() if name.endswith("Details"))
                return (told["error"], told["cause"]), event["type"]  # type: ignore[index]
        done = [event["type"] for event in events if event["type"] == "ExecutionSucceeded"]
        return (("SUCCEEDED", "") if done else None), f"{len(events)} events"

    found = waiting.until(probe, "the execution's first failure, or its end", timeout_s=20)
    with contextlib.suppress(states.exceptions.ClientError):
        states.stop_execution(executionArn=arn)
    return found


@contextlib.contextmanager
def without(where: ProvisionedTestbed, role: str, action: str) -> Iterator[None]:
    """*role* without the statement that allows *action*, meanwhile."""
    iam, grants = where.aws.iam, ROLES[role]
    rest = copy.deepcopy(grants.permissions)
    rest["Statement"] = [one for one in rest["Statement"] if action not in json.dumps(one)]
    assert len(rest["Statement"]) == len(grants.permissions["Statement"]) - 1
    if rest["Statement"]:
        _put(where, role, rest)
    else:
        iam.delete_role_policy(RoleName=role, PolicyName="permissions")
    try:
        yield
    finally:
        _put(where, role, grants.permissions)


def _put(where: ProvisionedTestbed, role: str, permissions: Any) -> None:
    where.aws.iam.put_role_policy(
        RoleName=role, PolicyName="permissions", PolicyDocument=json.dumps(permissions)
    )


@contextlib.contextmanager
def distrusting(where: ProvisionedTestbed, role: str) -> Iterator[None]:
    """*role* with another trust policy, meanwhile."""
    iam = where.aws.iam
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=NOBODY)
    try:
        yield
    finally:
        trust = json.dumps(ROLES[role].trust)
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust)


def test_every_statement_has_its_test() -> None:
    """One more statement in `infra.policies` wants one more test here."""
    listed = [one["Action"] for grants in ROLES.values() for one in grants.permissions["Statement"]]
    assert [
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        "lambda:InvokeFunction",
        "states:StartExecution",
    ] == listed


def test_with_all_of_them_the_pipeline_runs(enforcing: ProvisionedTestbed) -> None:
    """They are enough; and a key that is not there is not there."""
    assert "SUCCEEDED" == outcome(enforcing)[0]
    assert "NOT_FOUND" == outcome(enforcing, MISSING)[0]


@pytest.mark.parametrize(
    ("action", "bucket", "key"),
    [
        ("s3:GetObject", names.ORIGINAL_BUCKET, KEY),
        ("s3:PutObject", names.RESIZED_BUCKET, names.thumbnail_key(KEY)),
    ],
)
def test_without_its_object_the_function_fails(
    enforcing: ProvisionedTestbed, action: str, bucket: str, key: str
) -> None:
    """With S3's own words in the cause, which name the object in quotes."""
    with without(enforcing, names.FUNCTION_ROLE, action):
        error, cause = outcome(enforcing)
    assert "CONFIG_ERROR" == error
    assert DENIED.format(action=action, resource=f'"arn:aws:s3:::{bucket}/{key}"') in cause


def test_without_listing_a_missing_key_is_denied_and_no_other(
    enforcing: ProvisionedTestbed,
) -> None:
    """S3 API reference, GetObject, "Permissions": 403 in the place of 404."""
    with without(enforcing, names.FUNCTION_ROLE, "s3:ListBucket"):
        assert "SUCCEEDED" == outcome(enforcing)[0]
        error, cause = outcome(enforcing, MISSING)
    assert "CONFIG_ERROR" == error
    bucket = f'"arn:aws:s3:::{names.ORIGINAL_BUCKET}"'
    assert DENIED.format(action="s3:ListBucket", resource=bucket) in cause


def test_without_logs_it_runs_and_writes_no_line(enforcing: ProvisionedTestbed) -> None:
    """Lambda writes with the function's role, and tells nobody that it may not."""
    with without(enforcing, names.FUNCTION_ROLE, "logs:PutLogEvents"):
        quiet = functions.invoke(enforcing.aws, names.FUNCTION, {"key": KEY})
        assert quiet.payload["success"]
        refused = _until_missing(enforcing, "logs:PutLogEvents")
    loud = functions.invoke(enforcing.aws, names.FUNCTION, {"key": KEY})
    lines = functions.logged(enforcing.aws, names.FUNCTION, f"REPORT RequestId: {loud.request_id}")
    assert refused["resource"].endswith(f"log-group:{names.FUNCTION_LOG_GROUP}:*")
    assert not [line for line in lines if quiet.request_id in line]


def _until_missing(where: ProvisionedTestbed, action: str) -> Any:
    """What the report says of *action*, when it was denied and nobody has asked for half a second.

    Lines go in batches a tenth of a second apart.
    """
    changed: dict[int, float] = {}

    def probe() -> tuple[Any, str]:
        told = requests.get(f"{where.endpoint}{REPORT}", timeout=10).json()
        missing = [one for each in told["principals"] for one in each["missing"]]
        found = [one for one in missing if one["action"] == action]
        if not found:
            return None, "never denied"
        since = changed.setdefault(found[0]["count"], time.monotonic())
        settled = time.monotonic() - since > SETTLED_S
        return (found[0] if settled else None), f"denied {found[0]['count']} times"

    return waiting.until(probe, f"{action} denied", timeout_s=20)


def test_without_invoking_the_task_fails(enforcing: ProvisionedTestbed) -> None:
    """With the SDK's error, as AWS's histories have it."""
    with without(enforcing, names.STATE_MACHINE_ROLE, "lambda:InvokeFunction"):
        error, cause = outcome(enforcing)
    assert "Lambda.AWSLambdaException" == error
    function = HERE.function_arn(names.FUNCTION)
    assert DENIED.format(action="lambda:InvokeFunction", resource=function) in cause
    assert "(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException;" in cause


def test_without_starting_the_api_says_so(enforcing: ProvisionedTestbed) -> None:
    """Step Functions' 400 goes through the integration's responses, as each of its errors."""
    with without(enforcing, names.API_ROLE, "states:StartExecution"):
        refused = post(enforcing)
    assert (500, "AccessDeniedException") == (refused.status_code, refused.json()["error"])
    machine = HERE.state_machine_arn(names.STATE_MACHINE)
    denied = DENIED.format(action="states:StartExecution", resource=machine)
    assert denied in refused.json()["message"]


def test_an_api_without_its_role_is_configured_wrongly(enforcing: ProvisionedTestbed) -> None:
    """At once, and well again as soon as the role trusts API Gateway."""
    with distrusting(enforcing, names.API_ROLE):
        refused = post(enforcing)
    assert (500, {"message": "Internal server error"}) == (refused.status_code, refused.json())
    assert 200 == post(enforcing).status_code


def test_a_machine_without_its_role_fails_its_task(enforcing: ProvisionedTestbed) -> None:
    """And no machine can be made with that."""
    states, role = enforcing.aws.stepfunctions, HERE.role_arn(names.STATE_MACHINE_ROLE)
    only_pass = json.dumps({"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
    with distrusting(enforcing, names.STATE_MACHINE_ROLE):
        error, cause = outcome(enforcing)
        with pytest.raises(states.exceptions.ClientError, match="nor the regional one") as refused:
            states.create_state_machine(name="other", definition=only_pass, roleArn=role)
    assert "States.Permissions" == error
    assert "The principal states.amazonaws.com is not authorized to assume" in cause
    assert "AccessDeniedException" == refused.value.response["Error"]["Code"]


def test_only_the_one_machine_may_have_its_role(enforcing: ProvisionedTestbed) -> None:
    """``aws:SourceArn`` is another machine's."""
    states, role = enforcing.aws.stepfunctions, HERE.role_arn(names.STATE_MACHINE_ROLE)
    only_pass = json.dumps({"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
    with pytest.raises(states.exceptions.ClientError, match="nor the regional one"):
        states.create_state_machine(name="other", definition=only_pass, roleArn=role)


def test_a_map_reads_its_items_with_the_machine_s_role(enforcing: ProvisionedTestbed) -> None:
    """Which may list the bucket for this machine alone."""
    iam, states = enforcing.aws.iam, enforcing.aws.stepfunctions
    machine = HERE.state_machine_arn("mapped")
    trust = {
        "Principal": {"Service": "states.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"ArnEquals": {"aws:SourceArn": machine}},
    }
    iam.create_role(RoleName="mapped", AssumeRolePolicyDocument=document(trust))
    listing = {
        "Resource": "arn:aws:states:::s3:listObjectsV2",
        "Parameters": {"Bucket": names.ORIGINAL_BUCKET},
    }
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "End": True}},
    }
    mapped = {"Type": "Map", "ItemReader": listing, "ItemProcessor": processor, "End": True}
    made = states.create_state_machine(
        name="mapped",
        definition=json.dumps({"StartAt": "M", "States": {"M": mapped}}),
        roleArn=HERE.role_arn("mapped"),
    )["stateMachineArn"]
    assert machine == made
    denied = DENIED.format(
        action="s3:ListBucket", resource=f'"arn:aws:s3:::{names.ORIGINAL_BUCKET}"'
    )
    assert denied in _ended(enforcing, made)["cause"]
    lists = {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{names.ORIGINAL_BUCKET}"}
    iam.put_role_policy(RoleName="mapped", PolicyName="own", PolicyDocument=document(lists))
    assert "SUCCEEDED" == _ended(enforcing, made)["status"]


def _ended(where: ProvisionedTestbed, machine: str) -> Any:
    """The description of an execution, when it ended."""
    states = where.aws.stepfunctions
    arn = states.start_execution(stateMachineArn=machine)["executionArn"]

    def probe() -> tuple[Any, str]:
        found = states.describe_execution(executionArn=arn)
        return (None if found["status"] == "RUNNING" else found), found["status"]

    return waiting.until(probe, "the execution's end", timeout_s=20)


def test_a_function_without_its_role_starts_no_environment(enforcing: ProvisionedTestbed) -> None:
    """One that runs has its credentials; no other function can be made."""
    aws = enforcing.aws
    with distrusting(enforcing, names.FUNCTION_ROLE):
        aws.lambda_.update_function_configuration(FunctionName=names.FUNCTION, Description="anew")
        functions.until_settled(aws, names.FUNCTION)
        error, cause = outcome(enforcing)
        with pytest.raises(
            aws.lambda_.exceptions.InvalidParameterValueException, match="cannot be assumed"
        ):
            aws.lambda_.create_function(
                FunctionName="other",
                Runtime="python3.13",
                Role=HERE.role_arn(names.FUNCTION_ROLE),
                Handler="app.handler",
                Code={"ZipFile": functions.zipped("def handler(e, c): pass")},
            )
    assert "Lambda.AWSLambdaException" == error
    assert cause.startswith("The role defined for the function cannot be assumed by Lambda.")
    assert "SUCCEEDED" == outcome(enforcing)[0]


def test_who_warns_refuses_nothing_and_says_it_once(enforcing: ProvisionedTestbed) -> None:
    """The statement in the log can be pasted as it stands."""
    change_to(enforcing.endpoint, "warn")
    try:
        with without(enforcing, names.FUNCTION_ROLE, "s3:PutObject"):
            assert ["SUCCEEDED"] * 2 == [outcome(enforcing)[0] for _ in range(2)]
    finally:
        change_to(enforcing.endpoint, "enforce")
    (log,) = enforcing.state_dir.rglob("*.log")
    told = [line for line in log.read_text(encoding="utf-8").splitlines() if "IAM: AWS" in line]
    about = [line for line in told if f"s3:::{names.RESIZED_BUCKET}" in line]
    assert 1 == len(about), about
    pasted = json.loads(about[0].partition("What is missing: ")[2])
    assert {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{names.RESIZED_BUCKET}/*",
    } == pasted


def test_the_report_tells_used_unused_and_missing(enforcing: ProvisionedTestbed) -> None:
    """By role; and the least policy is what the run needed."""
    told = requests.get(f"{enforcing.endpoint}{REPORT}", timeout=10).json()
    by_name = {each["principal"]: each for each in told["principals"]}
    of_api = by_name[HERE.role_arn(names.API_ROLE)]
    assert "enforce" == told["mode"]
    assert ROLES[names.API_ROLE].permissions == of_api["least"]
    (statement,) = of_api["statements"]
    assert 0 < statement["uses"]
