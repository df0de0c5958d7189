"""Users, roles, sessions and services, each with what limits it, by AWS's evaluation logic."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from conformance import runner
from conformance.features import iam
from conformance.report import Verdict
from testbed import names
from tests.integration.iam.conftest import ACCOUNT, People, document
from tests.support import functions
from tests.support.testbeds import ProvisionedTestbed

READS: dict[str, Any] = {"Action": "s3:GetObject", "Resource": "*"}
LISTS: dict[str, Any] = {"Action": "s3:ListBucket", "Resource": "*"}
ALL: dict[str, Any] = {"Action": "*", "Resource": "*"}


@contextlib.contextmanager
def denied(code: str = "AccessDenied", status: int = 403, says: str = "") -> Iterator[None]:
    """The block is refused with this error."""
    with pytest.raises(ClientError) as refused:
        yield
    answer = refused.value.response
    assert (code, status) == (
        answer["Error"]["Code"],
        answer["ResponseMetadata"]["HTTPStatusCode"],
    )
    assert says in answer["Error"]["Message"]


def test_a_user_may_what_its_policy_allows_and_no_more(people: People, bucket: str) -> None:
    """The message names user, action and resource, and what is missing."""
    name, client = people.user(READS)
    s3 = client("s3")
    assert b"a" == s3.get_object(Bucket=bucket, Key="a")["Body"].read()
    says = (
        f"User: arn:aws:iam::{ACCOUNT}:user/{name} is not authorized to perform: s3:PutObject on "
        f'resource: "arn:aws:s3:::{bucket}/a" because no identity-based policy allows'
    )
    with denied(says=says):
        s3.put_object(Bucket=bucket, Key="a", Body=b"x")


def test_a_user_has_the_policies_of_its_groups_and_managed_ones(
    people: People, bucket: str
) -> None:
    """Until it leaves the group; a policy's newer default version counts at once."""
    iam, name = people.aws.iam, f"g-{uuid.uuid4().hex[:12]}"
    user, client = people.user()
    arn = iam.create_policy(PolicyName=name, PolicyDocument=document(READS))["Policy"]["Arn"]
    iam.create_group(GroupName=name)
    iam.attach_group_policy(GroupName=name, PolicyArn=arn)
    with denied():
        client("s3").get_object(Bucket=bucket, Key="a")
    iam.add_user_to_group(GroupName=name, UserName=user)
    client("s3").get_object(Bucket=bucket, Key="a")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(LISTS), SetAsDefault=True)
    with denied():
        client("s3").get_object(Bucket=bucket, Key="a")
    client("s3").list_objects_v2(Bucket=bucket)


def test_a_key_that_was_switched_off_is_none(people: People, bucket: str) -> None:
    """S3 has a word of its own for it."""
    name, client = people.user(ALL)
    (key,) = people.aws.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
    people.aws.iam.update_access_key(
        UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive"
    )
    with denied("InvalidAccessKeyId"):
        client("s3").list_objects_v2(Bucket=bucket)
    with denied("InvalidClientTokenId"):
        client("iam").list_users()


def test_the_conformance_check_passes_where_policies_are_enforced(
    enforcing: ProvisionedTestbed,
) -> None:
    """It is the one that tells an emulator that warns from AWS."""
    wanted = [check for check in iam.CHECKS if check.name == "policies are enforced"]
    found = runner.run(wanted, enforcing.endpoint)
    assert [Verdict.PASSES] == [each.verdict for each in found.results], found.results


def test_an_explicit_deny_wins(people: People, bucket: str) -> None:
    """Over what the same policy allows."""
    denies = {"Effect": "Deny", "Action": "s3:Get*", "Resource": f"arn:aws:s3:::{bucket}/b/*"}
    _, client = people.user(ALL, denies)
    client("s3").get_object(Bucket=bucket, Key="a")
    with denied(says="with an explicit deny in an identity-based policy"):
        client("s3").get_object(Bucket=bucket, Key="b/c")


def test_not_action_allows_all_else(people: People, bucket: str) -> None:
    """IAM User Guide, "NotAction"."""
    _, client = people.user({"NotAction": "s3:ListBucket", "Resource": "*"})
    client("s3").get_object(Bucket=bucket, Key="a")
    with denied():
        client("s3").list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"StringLike": {"s3:prefix": "b/*"}}, True),
        ({"StringLike": {"s3:prefix": "c/*"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": names.REGION}}, True),
        ({"StringNotEquals": {"aws:RequestedRegion": names.REGION}}, False),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "tea"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "milk"}}, False),
    ],
    ids=str,
)
def test_conditions_are_asked(
    people: People, bucket: str, condition: dict[str, Any], *, allowed: bool
) -> None:
    """Of the service, of the request and of who asks."""
    name, client = people.user({**LISTS, "Condition": condition})
    people.aws.iam.tag_user(UserName=name, Tags=[{"Key": "team", "Value": "tea"}])
    with contextlib.nullcontext() if allowed else denied():
        client("s3").list_objects_v2(Bucket=bucket, Prefix="b/")


def test_a_boundary_limits_what_a_policy_allows(people: People, bucket: str) -> None:
    """And allows nothing by itself."""
    name = f"b-{uuid.uuid4().hex[:12]}"
    made = people.aws.iam.create_policy(PolicyName=name, PolicyDocument=document(READS))
    _, client = people.user(LISTS, PermissionsBoundary=made["Policy"]["Arn"])
    with denied(says="because no permissions boundary allows the s3:ListBucket action"):
        client("s3").list_objects_v2(Bucket=bucket)
    with denied(says="because no identity-based policy allows the s3:GetObject action"):
        client("s3").get_object(Bucket=bucket, Key="a")


def test_a_session_policy_limits_the_role(people: People, bucket: str) -> None:
    """Inline, or by ARN."""
    role = people.role(ALL)
    people.assume(role)("s3").list_objects_v2(Bucket=bucket)
    limited = people.assume(role, Policy=document(READS))
    limited("s3").get_object(Bucket=bucket, Key="a")
    with denied(says="because no session policy allows the s3:ListBucket action"):
        limited("s3").list_objects_v2(Bucket=bucket)
    name = f"s-{uuid.uuid4().hex[:12]}"
    made = people.aws.iam.create_policy(PolicyName=name, PolicyDocument=document(READS))
    by_arn = people.assume(role, PolicyArns=[{"arn": made["Policy"]["Arn"]}])
    by_arn("s3").get_object(Bucket=bucket, Key="a")
    with denied(says="because no session policy allows"):
        by_arn("s3").list_objects_v2(Bucket=bucket)


def test_who_assumes_a_role_must_be_trusted(people: People) -> None:
    """The account's trust needs a policy of the user's; the user's own does not."""
    role = people.role(LISTS)
    _, nobody = people.user()
    name, somebody = people.user({"Action": "sts:AssumeRole", "Resource": role})
    with denied(says=f"is not authorized to perform: sts:AssumeRole on resource: {role}"):
        people.assume(role, nobody("sts"))
    session = people.assume(role, somebody("sts"))
    found = session("sts").get_caller_identity()["Arn"]
    assert f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rpartition('/')[2]}/cup" == found
    own = document(
        {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{name}"}, "Action": "sts:AssumeRole"}
    )
    people.assume(people.role(trust=own), somebody("sts"))


def test_a_trust_policy_may_want_an_external_id(people: People) -> None:
    """IAM User Guide, "Access to AWS accounts owned by third parties"."""
    trust = document(
        {
            "Principal": {"AWS": ACCOUNT},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "42"}},
        }
    )
    role = people.role(trust=trust)
    _, client = people.user({"Action": "sts:AssumeRole", "Resource": "*"})
    with denied():
        people.assume(role, client("sts"))
    people.assume(role, client("sts"), ExternalId="42")


def test_a_session_token_is_the_user_s_own(people: People, bucket: str) -> None:
    """GetSessionToken: the same user, with the same policies."""
    name, client = people.user(READS)
    token = people.session(client("sts").get_session_token()["Credentials"])
    assert f"arn:aws:iam::{ACCOUNT}:user/{name}" == token("sts").get_caller_identity()["Arn"]
    token("s3").get_object(Bucket=bucket, Key="a")
    with denied():
        token("s3").list_objects_v2(Bucket=bucket)


def test_a_federation_token_is_limited_by_its_policy(people: People, bucket: str) -> None:
    """The user's policies and that one; without one, nothing."""
    _, client = people.user(ALL)
    given = client("sts").get_federation_token(Name="cup", Policy=document(READS))
    token = people.session(given["Credentials"])
    token("s3").get_object(Bucket=bucket, Key="a")
    with denied(says=f"arn:aws:sts::{ACCOUNT}:federated-user/cup"):
        token("s3").list_objects_v2(Bucket=bucket)


@contextlib.contextmanager
def bucket_policy(people: People, bucket: str, *statements: dict[str, Any]) -> Iterator[None]:
    people.aws.s3.put_bucket_policy(Bucket=bucket, Policy=document(*statements))
    try:
        yield
    finally:
        people.aws.s3.delete_bucket_policy(Bucket=bucket)


def test_a_bucket_policy_allows_and_denies(people: People, bucket: str) -> None:
    """In one account either allows; a deny in either denies."""
    name, client = people.user()
    arn, objects = f"arn:aws:iam::{ACCOUNT}:user/{name}", f"arn:aws:s3:::{bucket}/*"
    with denied():
        client("s3").get_object(Bucket=bucket, Key="a")
    allows = {"Principal": {"AWS": arn}, "Action": "s3:GetObject", "Resource": objects}
    with bucket_policy(people, bucket, allows):
        client("s3").get_object(Bucket=bucket, Key="a")
    _, mighty = people.user(ALL)
    denies = {**allows, "Effect": "Deny", "Principal": "*"}
    with (
        bucket_policy(people, bucket, denies),
        denied(says="with an explicit deny in a resource-based policy"),
    ):
        mighty("s3").get_object(Bucket=bucket, Key="a")


def test_nobody_reads_what_is_not_public(people: People, bucket: str) -> None:
    """Without a signature: a bucket policy for everybody, or an access control list."""
    url = f"{people.endpoint}/{bucket}/a"
    assert (403, True) == (
        (refused := requests.get(url, timeout=10)).status_code,
        "<Code>AccessDenied</Code>" in refused.text,
    )
    public = {"Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    with bucket_policy(people, bucket, public):
        assert b"a" == requests.get(url, timeout=10).content
    people.aws.s3.put_object_acl(Bucket=bucket, Key="a", ACL="public-read")
    assert b"a" == requests.get(url, timeout=10).content
    people.aws.s3.put_object_acl(Bucket=bucket, Key="a", ACL="private")
    assert 403 == requests.get(url, timeout=10).status_code


def test_nobody_learns_which_keys_there_are(people: People, bucket: str) -> None:
    """AccessDenied for one that is missing, and for the marker of one that was deleted."""
    versioning = {"Status": "Enabled"}
    people.aws.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versioning)
    people.aws.s3.put_object(Bucket=bucket, Key="gone", Body=b"gone", ACL="public-read")
    people.aws.s3.delete_object(Bucket=bucket, Key="gone")
    for key in ("no-such", "gone"):
        answer = requests.get(f"{people.endpoint}/{bucket}/{key}", timeout=10)
        assert (403, True) == (answer.status_code, "<Code>AccessDenied</Code>" in answer.text), key


def test_a_presigned_url_may_what_its_signer_may(people: People, bucket: str) -> None:
    """At the time when it is used."""
    name, client = people.user(READS)
    where = {"Bucket": bucket, "Key": "a"}
    url = client("s3").generate_presigned_url("get_object", Params=where)
    assert b"a" == requests.get(url, timeout=10).content
    people.aws.iam.delete_user_policy(UserName=name, PolicyName="own")
    assert 403 == requests.get(url, timeout=10).status_code


def test_what_is_not_there_is_no_secret_of_a_bucket(people: People) -> None:
    """NoSuchBucket, whoever asks."""
    _, client = people.user()
    with denied("NoSuchBucket", 404):
        client("s3").list_objects_v2(Bucket=f"no-{uuid.uuid4().hex}")


def test_a_copy_needs_reading_and_writing(people: People, bucket: str) -> None:
    """And says which of the two is missing."""
    _, client = people.user({"Action": "s3:PutObject", "Resource": "*"})
    with denied(says="s3:GetObject on resource"):
        client("s3").copy_object(Bucket=bucket, Key="d", CopySource=f"{bucket}/a")


def test_deletions_are_denied_key_by_key(people: People, bucket: str) -> None:
    """The others are done (Amazon S3 API Reference, DeleteObjects)."""
    s3 = people.aws.s3
    for key in ("mine/1", "mine/2", "yours/1"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    own = {"Action": "s3:DeleteObject", "Resource": f"arn:aws:s3:::{bucket}/mine/*"}
    _, client = people.user(own)

    def deleted(*keys: str) -> tuple[list[str], list[tuple[str, str]]]:
        found = client("s3").delete_objects(
            Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]}
        )
        gone = [each["Key"] for each in found.get("Deleted", ())]
        return gone, [(each["Key"], each["Code"]) for each in found.get("Errors", ())]

    assert (["mine/1"], [("yours/1", "AccessDenied")]) == deleted("mine/1", "yours/1")
    assert ([], [("yours/1", "AccessDenied")]) == deleted("yours/1")
    assert (["mine/2"], []) == deleted("mine/2")
    s3.head_object(Bucket=bucket, Key="yours/1")


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "expected"),
    [
        ("lambda", "invoke", {"FunctionName": names.FUNCTION}, ("AccessDeniedException", 403)),
        ("lambda", "list_functions", {}, ("AccessDeniedException", 403)),
        ("stepfunctions", "list_state_machines", {}, ("AccessDeniedException", 400)),
        ("logs", "describe_log_groups", {}, ("AccessDeniedException", 400)),
        ("apigateway", "get_rest_apis", {}, ("AccessDeniedException", 403)),
        ("iam", "list_roles", {}, ("AccessDenied", 403)),
        ("events", "put_events", {"Entries": [{"Source": "a"}]}, ("AccessDeniedException", 400)),
    ],
)
def test_each_service_denies_in_its_own_form(
    people: People, service: str, operation: str, parameters: Any, expected: tuple[str, int]
) -> None:
    """As SDKs know it."""
    _, client = people.user()
    with denied(*expected):
        getattr(client(service), operation)(**parameters)


def test_a_role_must_be_passed(people: People) -> None:
    """Who makes a machine with it must be allowed to give it to Step Functions."""
    trust = document({"Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"})
    role = people.role(trust=trust)
    makes = {"Action": "states:CreateStateMachine", "Resource": "*"}
    passes = {
        "Action": "iam:PassRole",
        "Resource": role,
        "Condition": {"StringEquals": {"iam:PassedToService": "states.amazonaws.com"}},
    }
    machine = {
        "definition": json.dumps({"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}}),
        "roleArn": role,
    }
    _, without = people.user(makes)
    with denied("AccessDeniedException", 400, says=f"iam:PassRole on resource: {role}"):
        without("stepfunctions").create_state_machine(name="without", **machine)
    _, client = people.user(makes, passes)
    client("stepfunctions").create_state_machine(name=f"m-{uuid.uuid4().hex}", **machine)


@pytest.fixture
def function(people: People) -> Iterator[str]:
    """A function with a role, and without a policy."""
    trust = document({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})
    name = f"f-{uuid.uuid4().hex[:12]}"
    people.aws.lambda_.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=people.role(trust=trust),
        Handler="app.handler",
        Code={"ZipFile": functions.zipped("def handler(e, c): return 1")},
    )
    functions.until_settled(people.aws, name)
    yield name
    people.aws.lambda_.delete_function(FunctionName=name)


def test_s3_invokes_only_what_its_policy_lets_it(
    people: People, bucket: str, function: str
) -> None:
    """AddPermission for this bucket: before, the configuration is refused."""
    where = people.aws.lambda_.get_function(FunctionName=function)["Configuration"]["FunctionArn"]
    wanted: Any = {
        "LambdaFunctionConfigurations": [
            {"LambdaFunctionArn": where, "Events": ["s3:ObjectCreated:*"]}
        ]
    }
    s3 = people.aws.s3
    with denied("InvalidArgument", 400):
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=wanted)
    people.aws.lambda_.add_permission(
        FunctionName=function,
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{bucket}",
        SourceAccount=ACCOUNT,
    )
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=wanted)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})


def test_a_function_s_policy_lets_a_user_in(people: People, function: str) -> None:
    """Without any policy of the user's, in the same account."""
    name, client = people.user()
    with denied("AccessDeniedException"):
        client("lambda").invoke(FunctionName=function)
    people.aws.lambda_.add_permission(
        FunctionName=function,
        StatementId="me",
        Action="lambda:InvokeFunction",
        Principal=f"arn:aws:iam::{ACCOUNT}:user/{name}",
    )
    assert b"1" == client("lambda").invoke(FunctionName=function)["Payload"].read()


def test_an_administrator_is_asked_nothing(enforcing: ProvisionedTestbed, bucket: str) -> None:
    """``test``, an account, or any key that was not made here."""
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/s3/aws4_request, "
        "SignedHeaders=host, Signature=0"
    }
    for key in ("test", ACCOUNT, "AKIAIOSFODNN7EXAMPLE"):
        signed = {name: value.format(key) for name, value in headers.items()}
        found = requests.get(f"{enforcing.endpoint}/{bucket}/a", headers=signed, timeout=10)
        assert (key, 200) == (key, found.status_code)
