"""What S3 has not: each service's settings are there after a kill -9, as they were told before."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.kept import KeptEmulator, kept_emulator

ROLE = "arn:aws:iam::000000000000:role/for-functions"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
ALLOW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}
HANDLER = """
import boto3

def handler(event, context):
    if event.get("fail"):
        raise RuntimeError("as it was asked")
    if "put" in event:
        boto3.client("s3").put_object(Bucket="effects", Key=event["put"], Body=b"done")
    return event
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptEmulator]:
    with kept_emulator(tmp_path_factory.mktemp("kept"), LAMBDA_RETRY_BASE_DELAY_SECONDS="1") as it:
        it.aws.client("iam").create_role(
            RoleName="for-functions", AssumeRolePolicyDocument=json.dumps(TRUST)
        )
        it.aws.s3.create_bucket(
            Bucket="effects", CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
        )
        yield it


def code() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("code.py", HANDLER)
    return file.getvalue()


def make_function(kept: KeptEmulator, name: str, **given: Any) -> Any:
    functions = kept.aws.client("lambda")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="code.handler",
        Role=ROLE,
        Code={"ZipFile": code()},
        **given,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name)
    return functions


def told(ask: Callable[[], Any]) -> Any:
    """What a call answers, but for what belongs to the call."""
    answer = ask()
    answer.pop("ResponseMetadata")
    return answer


def test_iam(kept: KeptEmulator) -> None:
    iam = kept.aws.client("iam")
    iam.create_user(UserName="student", Tags=[{"Key": "course", "Value": "1"}])
    iam.create_group(GroupName="class")
    iam.add_user_to_group(GroupName="class", UserName="student")
    key = iam.create_access_key(UserName="student")["AccessKey"]
    policy = iam.create_policy(PolicyName="reading", PolicyDocument=json.dumps(ALLOW))["Policy"]
    iam.create_policy_version(
        PolicyArn=policy["Arn"], PolicyDocument=json.dumps(ALLOW), SetAsDefault=True
    )
    iam.attach_role_policy(RoleName="for-functions", PolicyArn=policy["Arn"])
    aws_own = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    iam.attach_role_policy(RoleName="for-functions", PolicyArn=aws_own)
    iam.put_role_policy(
        RoleName="for-functions", PolicyName="inline", PolicyDocument=json.dumps(ALLOW)
    )

    def all_of_it() -> list[Any]:
        iam = kept.aws.client("iam")
        return [
            told(lambda: iam.get_role(RoleName="for-functions")),
            told(lambda: iam.list_attached_role_policies(RoleName="for-functions")),
            told(lambda: iam.get_role_policy(RoleName="for-functions", PolicyName="inline")),
            told(lambda: iam.get_policy(PolicyArn=policy["Arn"])),
            told(lambda: iam.list_policy_versions(PolicyArn=policy["Arn"])),
            told(lambda: iam.get_policy(PolicyArn=aws_own)),
            told(lambda: iam.get_group(GroupName="class")),
            told(lambda: iam.list_user_tags(UserName="student")),
            told(lambda: iam.list_access_keys(UserName="student")),
        ]

    before = all_of_it()
    kept.restart()
    assert all_of_it() == before
    assert before[8]["AccessKeyMetadata"][0]["AccessKeyId"] == key["AccessKeyId"]
    iam = kept.aws.client("iam")
    iam.detach_role_policy(RoleName="for-functions", PolicyArn=policy["Arn"])
    iam.detach_role_policy(RoleName="for-functions", PolicyArn=aws_own)


def test_functions(kept: KeptEmulator) -> None:
    functions = kept.aws.client("lambda")
    layer = functions.publish_layer_version(LayerName="library", Content={"ZipFile": code()})
    make_function(
        kept,
        "kept",
        Environment={"Variables": {"COLOUR": "red"}},
        Timeout=7,
        MemorySize=256,
        Layers=[layer["LayerVersionArn"]],
        Tags={"course": "1"},
    )
    version = functions.publish_version(FunctionName="kept")["Version"]
    functions.get_waiter("function_active_v2").wait(FunctionName="kept", Qualifier=version)
    functions.create_alias(FunctionName="kept", Name="live", FunctionVersion=version)
    functions.put_function_concurrency(FunctionName="kept", ReservedConcurrentExecutions=5)
    functions.add_permission(
        FunctionName="kept",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
    )
    functions.put_function_event_invoke_config(FunctionName="kept", MaximumRetryAttempts=1)
    make_function(kept, "gone").delete_function(FunctionName="gone")

    def all_of_it() -> list[Any]:
        functions = kept.aws.client("lambda")
        named = {"FunctionName": "kept"}
        listed = told(functions.list_functions)["Functions"]
        found = told(lambda: functions.get_function(**named))
        found["Code"].pop("Location")  # a presigned URL
        return [
            sorted(each["FunctionName"] for each in listed if each["FunctionName"] != "gone"),
            found,
            told(lambda: functions.get_function_configuration(**named)),
            told(lambda: functions.list_versions_by_function(**named)),
            told(lambda: functions.list_aliases(**named)),
            told(lambda: functions.get_policy(**named)),
            told(lambda: functions.get_function_event_invoke_config(**named)),
            told(lambda: functions.list_layer_versions(LayerName="library")),
            told(lambda: functions.get_function_concurrency(**named)),
        ]

    before = all_of_it()
    kept.restart()
    after = all_of_it()
    assert after == before
    assert before[0] == ["kept"]
    functions = kept.aws.client("lambda")
    for qualifier in ("$LATEST", version, "live"):
        answer = functions.invoke(FunctionName="kept", Qualifier=qualifier, Payload=b'{"a": 1}')
        assert json.load(answer["Payload"]) == {"a": 1}


def test_an_event_that_was_accepted_is_delivered(kept: KeptEmulator) -> None:
    functions = make_function(kept, "later")
    # The first attempt fails; the second would come after the crash.
    functions.put_function_concurrency(FunctionName="later", ReservedConcurrentExecutions=0)
    functions.invoke(FunctionName="later", InvocationType="Event", Payload=b'{"put": "never"}')
    functions.delete_function_concurrency(FunctionName="later")
    functions.invoke(FunctionName="later", InvocationType="Event", Payload=b'{"put": "effect"}')

    kept.restart()

    kept.wait_for_object("effects", "effect")


def test_log_events(kept: KeptEmulator) -> None:
    logs = kept.aws.client("logs")
    logs.create_log_group(logGroupName="/kept/group", tags={"course": "1"})
    logs.put_retention_policy(logGroupName="/kept/group", retentionInDays=7)
    for stream in ("one", "two", "gone"):
        logs.create_log_stream(logGroupName="/kept/group", logStreamName=stream)
    now = int(time.time() * 1000)
    for number in range(3):
        for stream in ("one", "two", "gone"):
            event = {"timestamp": now + number, "message": f"{stream} {number}"}
            logs.put_log_events(logGroupName="/kept/group", logStreamName=stream, logEvents=[event])
    logs.delete_log_stream(logGroupName="/kept/group", logStreamName="gone")
    logs.create_log_group(logGroupName="/short/group")
    logs.create_log_stream(logGroupName="/short/group", logStreamName="old")
    long_ago: Any = [{"timestamp": now - 2 * 86_400_000, "message": "too old tomorrow"}]
    logs.put_log_events(logGroupName="/short/group", logStreamName="old", logEvents=long_ago)
    logs.put_retention_policy(logGroupName="/short/group", retentionInDays=1)

    def all_of_it() -> list[Any]:
        logs = kept.aws.client("logs")
        named = {"logGroupName": "/kept/group"}
        return [
            told(lambda: logs.describe_log_groups(logGroupNamePrefix="/kept")),
            told(lambda: logs.describe_log_streams(**named)),
            told(lambda: logs.get_log_events(**named, logStreamName="one", startFromHead=True)),
            told(lambda: logs.filter_log_events(**named)),
            told(lambda: logs.list_tags_log_group(**named)),
        ]

    before = all_of_it()
    kept.restart()
    assert all_of_it() == before
    logs = kept.aws.client("logs")
    old = logs.get_log_events(logGroupName="/short/group", logStreamName="old")
    assert old["events"] == []
    event = {"timestamp": now + 9, "message": "one more"}
    logs.put_log_events(logGroupName="/kept/group", logStreamName="one", logEvents=[event])
    kept.restart()
    after = kept.aws.client("logs").get_log_events(
        logGroupName="/kept/group", logStreamName="one", startFromHead=True
    )
    assert [each["message"] for each in after["events"]] == ["one 0", "one 1", "one 2", "one more"]


def test_event_rules(kept: KeptEmulator) -> None:
    functions = make_function(kept, "target")
    arn = functions.get_function(FunctionName="target")["Configuration"]["FunctionArn"]
    events = kept.aws.client("events")
    events.create_event_bus(Name="own", Tags=[{"Key": "course", "Value": "1"}])
    events.put_rule(
        Name="rule", EventBusName="own", EventPattern='{"source": ["a.test"]}', State="ENABLED"
    )
    events.put_targets(
        Rule="rule", EventBusName="own", Targets=[{"Id": "1", "Arn": arn, "InputPath": "$.detail"}]
    )
    before = told(lambda: events.list_rules(EventBusName="own"))

    kept.restart()

    events = kept.aws.client("events")
    assert told(lambda: events.list_rules(EventBusName="own")) == before
    events.put_events(
        Entries=[
            {
                "Source": "a.test",
                "DetailType": "kept",
                "Detail": '{"put": "by-rule"}',
                "EventBusName": "own",
            }
        ]
    )

    kept.wait_for_object("effects", "by-rule")


def test_a_rest_api(kept: KeptEmulator) -> None:
    apis = kept.aws.client("apigateway")
    api = apis.create_rest_api(name="kept", tags={"course": "1"})["id"]
    [root] = apis.get_resources(restApiId=api)["items"]
    path = apis.create_resource(restApiId=api, parentId=root["id"], pathPart="hello")["id"]
    named = {"restApiId": api, "resourceId": path, "httpMethod": "GET"}
    apis.put_method(**named, authorizationType="NONE")
    apis.put_integration(
        **named, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
    )
    apis.put_method_response(**named, statusCode="200")
    apis.put_integration_response(
        **named, statusCode="200", responseTemplates={"application/json": '{"hello": "there"}'}
    )
    apis.create_model(restApiId=api, name="Own", contentType="application/json", schema="{}")
    apis.create_deployment(restApiId=api, stageName="lesson")
    # Not deployed, so not served.
    apis.put_integration_response(**named, statusCode="200", responseTemplates={})

    def all_of_it() -> list[Any]:
        apis = kept.aws.client("apigateway")
        return [
            told(lambda: apis.get_rest_api(restApiId=api)),
            told(lambda: apis.get_resources(restApiId=api, embed=["methods"])),
            told(lambda: apis.get_stages(restApiId=api)),
            told(lambda: apis.get_deployments(restApiId=api)),
            told(lambda: apis.get_models(restApiId=api)),
        ]

    before = all_of_it()
    kept.restart()
    assert all_of_it() == before
    answer = kept.ask(f"/_aws/execute-api/{api}/lesson/hello")
    assert answer.json() == {"hello": "there"}
