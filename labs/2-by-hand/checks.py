from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from grading import inside
from grading.criteria import Checks, Criterion, NotMetError, holds, member, same, shown

if TYPE_CHECKING:
    from grading.attempt import GradedAttempt

BUCKET: Final = "lab-2-images"
OTHER: Final = "lab-2-other"
KEY: Final = "a.png"
CONTENT: Final = b"\x89PNG of a kind" * 99
AWKWARD: Final = "two words/ä+b%20.png"
GROUP: Final = "/aws/lambda/lab-2-catalogue"
STREAM: Final = "of-the-grader"
SETTINGS: Final = ("Runtime", "Handler", "Timeout", "MemorySize", "Environment")


def buckets(attempt: GradedAttempt) -> None:
    region: Any = {"LocationConstraint": attempt.aws.region}
    for bucket in (BUCKET, OTHER):
        attempt.aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=region)
        for key in (KEY, AWKWARD):
            attempt.aws.s3.put_object(Bucket=bucket, Key=key, Body=CONTENT)
    attempt.aws.logs.create_log_group(logGroupName=GROUP)
    attempt.aws.logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)


def role(attempt: GradedAttempt) -> str:
    """With both policies that were handed in."""
    attempt.once(buckets)
    trust, policy = attempt.submission.json("trust.json"), attempt.submission.json("policy.json")
    return attempt.role("lambda", trust=trust, policy=policy, name="Lab2Role")


def trusted_role(attempt: GradedAttempt) -> str:
    """That Lambda may take on, whatever trust.json says."""
    attempt.once(buckets)
    return attempt.role("lambda", policy=attempt.submission.json("policy.json"), name="Lab2Policy")


def settings(attempt: GradedAttempt) -> dict[str, Any]:
    given = attempt.submission.json("function.json")
    if not isinstance(given, dict):
        raise NotMetError(f"function.json is {shown(given)}")
    return {name: given[name] for name in SETTINGS if name in given}


def made(attempt: GradedAttempt, name: str, role: str, bucket: str | None = None) -> str:
    given = dict(attempt.once(settings))
    if bucket is not None:
        variables: Any = member(given, "Environment", "Variables")
        given["Environment"] = {"Variables": {**(variables or {}), "BUCKET": bucket}}
    attempt.function(name, "function/", role=role, **given)
    return name


def function(attempt: GradedAttempt) -> str:
    """All as it was handed in."""
    return made(attempt, "lab-2-catalogue", attempt.once(role))


def elsewhere(attempt: GradedAttempt) -> str:
    """The same code with another bucket, under a role that may all."""
    attempt.once(buckets)
    return made(attempt, "elsewhere", attempt.role("lambda"), OTHER)


def trusted_function(attempt: GradedAttempt) -> str:
    return made(attempt, "trusted", attempt.once(trusted_role), BUCKET)


def asking(attempt: GradedAttempt) -> str:
    return inside.function(attempt, attempt.once(trusted_role))


def facts() -> dict[str, Any]:
    return {"bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}


def trusted(attempt: GradedAttempt) -> str:
    inside.function(attempt, attempt.once(role))
    return "Lambda takes the role on"


def runs(attempt: GradedAttempt) -> str:
    attempt.once(buckets)
    name = made(attempt, "as-configured", attempt.role("lambda"))
    return f"it returned {shown(attempt.invoked(name, {'key': KEY}))}"


def result(attempt: GradedAttempt) -> str:
    # Whatever the policy lacks: the code alone is asked.
    found = attempt.invoked(attempt.once(elsewhere), {"key": KEY})
    return same("it returned", {"key": KEY, **facts()}, found)


def written(attempt: GradedAttempt) -> str:
    attempt.invoked(attempt.once(elsewhere), {"key": KEY})
    text = attempt.object(OTHER, f"catalogue/{KEY}.json")
    try:
        found = json.loads(text)
    except ValueError:
        found = repr(text[:100])
    return same("the object has", {"key": KEY, **facts()}, found)


def awkward(attempt: GradedAttempt) -> str:
    attempt.invoked(attempt.once(elsewhere), {"key": AWKWARD})
    attempt.object(OTHER, f"catalogue/{AWKWARD}.json")
    return "the object is there"


def whole(attempt: GradedAttempt) -> str:
    name = attempt.once(function)
    attempt.invoked(name, {"key": KEY})
    attempt.object(BUCKET, f"catalogue/{KEY}.json")
    return "the object is there"


def missing(attempt: GradedAttempt) -> str:
    found = attempt.invoked(attempt.once(trusted_function), {"key": "nothing.png"})
    return same("it returned", {"key": "nothing.png", "error": "NOT_FOUND"}, found)


def logged(attempt: GradedAttempt) -> str:
    line = [{"timestamp": 1, "message": "a line"}]
    name = attempt.once(asking)
    more = {"logGroupName": GROUP, "logStreamName": STREAM, "logEvents": line}
    seen = inside.asked(attempt, name, "logs:put_log_events", **more)
    return holds(f"logs:PutLogEvents: {seen}", seen == inside.ALLOWED)


def no_delete(attempt: GradedAttempt) -> str:
    name = attempt.once(asking)
    return inside.denied(attempt, name, "s3:delete_object", Bucket=BUCKET, Key="never")


def no_other(attempt: GradedAttempt) -> str:
    name = attempt.once(asking)
    return inside.denied(attempt, name, "s3:get_object", Bucket=OTHER, Key=KEY)


def no_overwriting(attempt: GradedAttempt) -> str:
    name = attempt.once(asking)
    return inside.denied(attempt, name, "s3:put_object", Bucket=BUCKET, Key="b.png", Body="x")


LAB: Final = Checks(
    title="A bucket, a role, a function by hand",
    minutes=60,
    enforce=True,
    files=("trust.json", "policy.json", "function.json", "function/"),
    criteria=(
        Criterion(
            "trusted",
            "trust.json: Lambda may take the role on",
            2,
            "CreateFunction with the role succeeds",
            "A role's trust policy names the service that acts under it. Which one is named?",
            trusted,
        ),
        Criterion(
            "runs",
            "function.json: the function can be made, and answers",
            1,
            "an answer, and no error, for an image that is there, if all is allowed",
            "The answer has the error's type and a stack trace; so has the log.",
            runs,
        ),
        Criterion(
            "result",
            "It returns the image's key, its length and its SHA-256",
            3,
            f'it returned: {{"key": "{KEY}", "bytes": …, "sha256": "…"}}',
            "hashlib has SHA-256. Lambda makes JSON of what the handler returns.",
            result,
        ),
        Criterion(
            "written",
            "It writes the same as JSON to catalogue/<key>.json, in the bucket of BUCKET",
            3,
            "an object with the same JSON, in the bucket that the variable BUCKET names",
            "The grader gives BUCKET another value. Does anything else name a bucket?",
            written,
        ),
        Criterion(
            "awkward",
            "Keys are taken as they are: blanks, slashes, umlauts, percent signs",
            1,
            f"the object catalogue/{AWKWARD}.json",
            "boto3 encodes keys by itself. What is done to the key before?",
            awkward,
        ),
        Criterion(
            "whole",
            "It does so in lab-2-images, under its own role",
            2,
            f"the object catalogue/{KEY}.json in {BUCKET}",
            "Do the calls, the policies, and BUCKET in function.json agree? `make iam` "
            "knows who was refused what.",
            whole,
        ),
        Criterion(
            "missing",
            "For a key that is not there it returns the error NOT_FOUND",
            2,
            'it returned: {"key": "nothing.png", "error": "NOT_FOUND"}',
            "S3 says AccessDenied for a key that is not there to who may not list the bucket.",
            missing,
        ),
        Criterion(
            "logged",
            "policy.json: it may write its log",
            2,
            f"logs:PutLogEvents: allowed, for {GROUP}",
            "Without it there are no lines, and no error. AWS's managed policy "
            "AWSLambdaBasicExecutionRole shows which actions that takes.",
            logged,
        ),
        Criterion(
            "no-delete",
            "policy.json: it may delete nothing",
            1,
            "AccessDenied",
            "Which of your statements has a * in its actions?",
            no_delete,
        ),
        Criterion(
            "no-other-bucket",
            "policy.json: it may read no other bucket",
            1,
            "AccessDenied",
            "Which of your statements has a * for its resource?",
            no_other,
        ),
        Criterion(
            "no-overwriting",
            "policy.json: it may write below catalogue/ alone",
            1,
            "AccessDenied",
            "A resource can have a prefix of keys.",
            no_overwriting,
        ),
    ),
)
