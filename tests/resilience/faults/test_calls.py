"""What a call meets that a rule is about, from outside and from within."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from testbed import faults
from tests.integration.parity.conftest import Machines
from tests.integration.parity.conftest import machines as machines  # noqa: PLC0414 - a fixture
from tests.resilience.faults.conftest import Faulty
from tests.support import functions

ECHO = "def handler(event, context):\n    print('echo')\n    return event\n"


@pytest.fixture(scope="module")
def function(emulator: Any) -> Iterator[str]:
    name = functions.make(emulator.aws, ECHO)
    yield name
    emulator.aws.lambda_.delete_function(FunctionName=name)


def refusal(call: Any, **parameters: Any) -> tuple[str, int]:
    """Code and status of the error that *call* gets."""
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    told: Any = raised.value.response
    return told["Error"]["Code"], told["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("operation", "service", "kind", "expected"),
    [
        ("s3:ListBuckets", "s3", "throttling", ("SlowDown", 503)),
        ("s3:ListBuckets", "s3", "internal-error", ("InternalError", 500)),
        ("s3:ListBuckets", "s3", "unavailable", ("ServiceUnavailable", 503)),
        ("s3:ListBuckets", "s3", "access-denied", ("AccessDenied", 403)),
        ("lambda:ListFunctions", "lambda", "throttling", ("TooManyRequestsException", 429)),
        ("lambda:ListFunctions", "lambda", "internal-error", ("ServiceException", 500)),
        ("states:ListStateMachines", "stepfunctions", "throttling", ("ThrottlingException", 400)),
        ("states:*", "stepfunctions", "internal-error", ("InternalFailure", 500)),
        ("apigateway:GetRestApis", "apigateway", "throttling", ("TooManyRequestsException", 429)),
        ("iam:ListRoles", "iam", "throttling", ("Throttling", 400)),
        ("logs:Describe*", "logs", "throttling", ("ThrottlingException", 400)),
        ("logs:*", "logs", "access-denied", ("AccessDeniedException", 400)),
        ("*", "sts", "throttling", ("Throttling", 400)),
    ],
)
def test_each_service_answers_with_its_own_error(
    faulty: Faulty, operation: str, service: str, kind: str, expected: tuple[str, int]
) -> None:
    """And does again what it is asked, when the rule is gone."""
    asked = {
        "s3": "list_buckets",
        "lambda": "list_functions",
        "stepfunctions": "list_state_machines",
        "apigateway": "get_rest_apis",
        "iam": "list_roles",
        "logs": "describe_log_groups",
        "sts": "get_caller_identity",
    }
    call = getattr(faulty.client(service), asked[service])
    faulty.have(operation, kind)
    assert expected == refusal(call)
    assert [(1, 1)] == [(rule.calls, rule.hits) for rule in faulty.rules()]
    faults.remove(faulty.endpoint)
    call()


def test_lambda_says_which_limit(faulty: Faulty, function: str) -> None:
    """Reason and Type are members of its error."""
    faulty.have("lambda:Invoke", "throttling")
    with pytest.raises(ClientError) as raised:
        faulty.client("lambda").invoke(FunctionName=function)
    told: Any = raised.value.response
    assert ("ConcurrentInvocationLimitExceeded", "User") == (told["Reason"], told["Type"])
    assert "Rate Exceeded." == told["Error"]["Message"]


def test_a_denial_names_who_what_and_which(faulty: Faulty, bucket: str) -> None:
    """As S3 words it within one account."""
    faulty.have("s3:GetObject", "access-denied", resource=f"{bucket}/*")
    with pytest.raises(ClientError) as raised:
        faulty.client("s3").get_object(Bucket=bucket, Key="a")
    words = raised.value.response["Error"]["Message"]
    assert (
        "User: arn:aws:iam::000000000000:root is not authorized to perform: s3:GetObject on "
        f'resource: "arn:aws:s3:::{bucket}/a" because no identity-based policy allows the '
        "s3:GetObject action"
    ) == words


def test_a_bucket_is_gone_for_who_asks(faulty: Faulty, bucket: str) -> None:
    """HEAD has no body to say it in, as on AWS; the others keep theirs; it is there afterwards."""
    s3 = faulty.client("s3")
    faulty.have("s3:*", "no-such-bucket", resource=bucket)
    assert ("NoSuchBucket", 404) == refusal(s3.put_object, Bucket=bucket, Key="b", Body=b"")
    assert ("404", 404) == refusal(s3.head_object, Bucket=bucket, Key="a")
    s3.list_buckets()
    faults.remove(faulty.endpoint)
    assert 1 == s3.list_objects_v2(Bucket=bucket)["KeyCount"]


def test_a_resource_bounds_a_rule(faulty: Faulty, bucket: str) -> None:
    """Only keys of the pattern are hit."""
    s3 = faulty.client("s3")
    faulty.have("s3:PutObject", "throttling", resource="*/thumb-*")
    s3.put_object(Bucket=bucket, Key="b", Body=b"")
    assert ("SlowDown", 503) == refusal(s3.put_object, Bucket=bucket, Key="thumb-b", Body=b"")


def test_latency_is_added(faulty: Faulty, bucket: str) -> None:
    """Before the call is done; others are as quick as ever."""
    s3 = faulty.client("s3")
    faulty.have("s3:GetObject", "latency", latency="300")
    began = time.monotonic()
    s3.get_object(Bucket=bucket, Key="a")["Body"].read()
    assert time.monotonic() - began >= 0.3
    assert [1] == [rule.hits for rule in faulty.rules()]


def test_switching_off_frees_who_waits(faulty: Faulty) -> None:
    """A call that was to wait for minutes is answered."""
    s3 = faulty.client("s3")
    faulty.have("s3:ListBuckets", "latency", latency="600000")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(s3.list_buckets)
        while not faulty.rules()[0].hits:
            pass  # until it has begun
        faults.remove(faulty.endpoint)
        assert "Buckets" in waiting.result(30)


@pytest.mark.parametrize(("when", "is_there"), [("before", False), ("after", True)])
def test_a_connection_is_lost_before_or_after(
    faulty: Faulty, bucket: str, when: str, *, is_there: bool
) -> None:
    """No answer comes; what was asked for is not done, or is."""
    s3 = faulty.client("s3")
    faulty.have("s3:PutObject", "lost-connection", when=when)
    with pytest.raises(ConnectionClosedError):
        s3.put_object(Bucket=bucket, Key="b", Body=b"b")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert is_there == ("b" in keys)


def test_a_lost_answer_leaves_no_lock(faulty: Faulty, bucket: str) -> None:
    """S3 lets nobody write an object while somebody reads it; HEAD is lost as well."""
    s3 = faulty.client("s3")
    faulty.have("s3:*etObject", "lost-connection", when="after")
    faulty.have("s3:HeadObject", "lost-connection", when="after")
    with pytest.raises(ConnectionClosedError):
        s3.get_object(Bucket=bucket, Key="a")
    with pytest.raises(ConnectionClosedError):
        s3.head_object(Bucket=bucket, Key="a")
    s3.put_object(Bucket=bucket, Key="a", Body=b"new")
    faults.remove(faulty.endpoint)
    assert b"new" == s3.get_object(Bucket=bucket, Key="a")["Body"].read()


def task(machines: Machines, function: str, **more: Any) -> dict[str, Any]:
    """How the execution of one Lambda task ends."""
    invoke = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function},
        "End": True,
        **more,
    }
    return machines.run(machines.make({"StartAt": "T", "States": {"T": invoke}}), {"a": 1})


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("throttling", "Lambda.TooManyRequestsException"),
        ("internal-error", "Lambda.ServiceException"),
        ("access-denied", "Lambda.AWSLambdaException"),
        ("lost-connection", "Lambda.SdkClientException"),
    ],
)
def test_a_task_of_step_functions_meets_them_too(
    faulty: Faulty, machines: Machines, function: str, kind: str, error: str
) -> None:
    """By the names that AWS's own sample Retry has."""
    faulty.have("lambda:Invoke", kind, resource=function)
    assert ("FAILED", error) == tuple(
        task(machines, function)[name] for name in ("status", "error")
    )


def test_an_answer_that_a_task_loses_was_done(
    faulty: Faulty, machines: Machines, function: str
) -> None:
    """Tried again it succeeds, and the function ran twice."""
    faulty.have("lambda:Invoke", "lost-connection", resource=function, when="after", first=1)
    again = [{"ErrorEquals": ["Lambda.SdkClientException"], "IntervalSeconds": 1}]
    assert "SUCCEEDED" == task(machines, function, Retry=again)["status"]
    assert 2 == faulty.rules()[0].calls


def test_calls_of_the_emulators_own_have_none(faulty: Faulty, function: str) -> None:
    """AWS has none there that could fail: log lines arrive, roles are assumed."""
    faulty.have("logs:*", "throttling")
    faulty.have("sts:*", "access-denied")
    fresh = functions.make(faulty.emulator.aws, ECHO)
    answer = faulty.client("lambda").invoke(FunctionName=fresh, LogType="Tail")
    assert 200 == answer["StatusCode"]
    assert [0, 0] == [rule.hits for rule in faulty.rules()]
    faults.remove(faulty.endpoint)
    functions.logged(faulty.emulator.aws, fresh, "echo")


def test_a_seed_repeats_what_was(faulty: Faulty) -> None:
    """The same calls have the same faults; of another seed they are others."""
    s3 = faulty.client("s3")

    def run(seed: int) -> list[bool]:
        faulty.have("s3:ListBuckets", "throttling", seed, rate=0.5)
        return [_is_refused(s3.list_buckets) for _ in range(40)]

    first = run(7)
    assert first == run(7)
    assert first != run(8)
    assert 0 < sum(first) < 40


def _is_refused(call: Any) -> bool:
    try:
        call()
    except ClientError:
        return True
    return False


def test_a_role_is_named_in_its_denial(faulty: Faulty, bucket: str) -> None:
    """Whoever calls, by session."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}
        ],
    }
    name = f"r-{uuid.uuid4().hex[:8]}"
    aws = faulty.emulator.aws
    role = aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    given = aws.sts.assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="cup")["Credentials"]
    faulty.have("s3:GetObject", "access-denied")
    with pytest.raises(ClientError) as raised:
        faulty.client("s3", **given).get_object(Bucket=bucket, Key="a")
    session = f"arn:aws:sts::000000000000:assumed-role/{name}/cup"
    assert f"User: {session} is not" in raised.value.response["Error"]["Message"]
