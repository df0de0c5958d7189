from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from grading import inside, roles
from grading.criteria import Checks, Criterion, NotMetError, holds, same
from testbed import names, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grading.attempt import GradedAttempt

ORIGINALS: Final = names.ORIGINAL_BUCKET
RESIZED: Final = names.RESIZED_BUCKET
OTHER: Final = "lab-5-other"
KEY: Final = "lab-5.png"
GROUP: Final = names.FUNCTION_LOG_GROUP
OTHER_GROUP: Final = "/aws/lambda/lab-5-other"
STREAM: Final = "of-the-grader"
HERE: Final = f"{names.REGION}:000000000000"
FUNCTION: Final = f"arn:aws:lambda:{HERE}:function:{names.FUNCTION}"
OTHER_FUNCTION: Final = f"arn:aws:lambda:{HERE}:function:lab-5-other"
MACHINE: Final = f"arn:aws:states:{HERE}:stateMachine:{names.STATE_MACHINE}"
OTHER_MACHINE: Final = f"arn:aws:states:{HERE}:stateMachine:lab-5-other"
EXECUTION: Final = f"arn:aws:states:{HERE}:execution:{names.STATE_MACHINE}:one"
PASS: Final = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
IMAGE: Final = (settings.ROOT / "samples" / "club2.png").read_bytes()


def things(attempt: GradedAttempt) -> None:
    """An image to read, and what is nobody's business."""
    s3, logs, region = attempt.aws.s3, attempt.aws.logs, attempt.aws.region
    place: Any = {"LocationConstraint": region}
    s3.create_bucket(Bucket=OTHER, CreateBucketConfiguration=place)
    for bucket in (ORIGINALS, RESIZED, OTHER):
        s3.put_object(Bucket=bucket, Key=KEY, Body=IMAGE)
    logs.create_log_group(logGroupName=OTHER_GROUP)
    logs.create_log_stream(logGroupName=OTHER_GROUP, logStreamName=STREAM)


FUNCTION_ROLE: Final = roles.handed_in("function-policy.json")
MACHINE_ROLE: Final = roles.handed_in("machine-policy.json")
API_ROLE: Final = roles.handed_in("api-policy.json")
AS_FUNCTION: Final = roles.asking(FUNCTION_ROLE, things)
AS_MACHINE: Final = roles.asking(MACHINE_ROLE, things)
AS_API: Final = roles.asking(API_ROLE, things)


def reads(attempt: GradedAttempt) -> str:
    name = attempt.once(AS_FUNCTION)
    return inside.allowed(attempt, name, "s3:get_object", Bucket=ORIGINALS, Key=KEY)


def missing(attempt: GradedAttempt) -> str:
    name, wanted = attempt.once(AS_FUNCTION), {"Bucket": ORIGINALS, "Key": "none.png"}
    seen = inside.asked(attempt, name, "s3:get_object", **wanted)
    return same("s3:get_object of a key that is not there", "NoSuchKey", seen)


def writes(attempt: GradedAttempt) -> str:
    name, key = attempt.once(AS_FUNCTION), names.thumbnail_key(KEY)
    return inside.allowed(attempt, name, "s3:put_object", Bucket=RESIZED, Key=key, Body="x")


def logged(attempt: GradedAttempt) -> str:
    name, where = attempt.once(AS_FUNCTION), {"logGroupName": GROUP, "logStreamName": STREAM}
    line = [{"timestamp": 1, "message": "a line"}]
    made = inside.allowed(attempt, name, "logs:create_log_stream", **where)
    return (
        f"{made}; {inside.allowed(attempt, name, 'logs:put_log_events', logEvents=line, **where)}"
    )


def invokes(attempt: GradedAttempt) -> str:
    name, dry = attempt.once(AS_MACHINE), "DryRun"
    call = {"FunctionName": names.FUNCTION, "InvocationType": dry}
    return inside.allowed(attempt, name, "lambda:invoke", **call)


def starts(attempt: GradedAttempt) -> str:
    name = attempt.once(AS_API)
    return inside.allowed(attempt, name, "stepfunctions:start_execution", stateMachineArn=MACHINE)


NEEDED: Final[dict[Callable[[GradedAttempt], str], tuple[tuple[str, str], ...]]] = {
    FUNCTION_ROLE: (
        ("s3:GetObject", f"arn:aws:s3:::{ORIGINALS}/{KEY}"),
        ("s3:PutObject", f"arn:aws:s3:::{RESIZED}/{names.thumbnail_key(KEY)}"),
    ),
    MACHINE_ROLE: (("lambda:InvokeFunction", FUNCTION),),
    API_ROLE: (("states:StartExecution", MACHINE),),
}


def spared(
    role: Callable[[GradedAttempt], str], *surplus: tuple[str, Sequence[str]]
) -> Callable[[GradedAttempt], str]:
    """A probe: *role* may do none of *surplus*, and something of what is needed."""
    return roles.spared(role, NEEDED[role], *surplus)


def objects(*buckets: str) -> list[str]:
    return [f"arn:aws:s3:::{bucket}/{KEY}" for bucket in buckets]


def stream(group: str) -> list[str]:
    return [f"arn:aws:logs:{HERE}:log-group:{group}:log-stream:{STREAM}"]


def reads_originals_alone(attempt: GradedAttempt) -> str:
    spared(FUNCTION_ROLE, ("s3:GetObject", objects(RESIZED, OTHER)))(attempt)
    name = attempt.once(AS_FUNCTION)
    seen = [
        inside.denied(attempt, name, "s3:get_object", Bucket=bucket, Key=KEY)
        for bucket in (RESIZED, OTHER)
    ]
    return "; ".join(seen)


def writes_thumbnails_alone(attempt: GradedAttempt) -> str:
    spared(FUNCTION_ROLE, ("s3:PutObject", objects(ORIGINALS, RESIZED, OTHER)))(attempt)
    name = attempt.once(AS_FUNCTION)
    seen = [
        inside.denied(attempt, name, "s3:put_object", Bucket=bucket, Key="new", Body="x")
        for bucket in (ORIGINALS, RESIZED)
    ]
    return "; ".join(seen)


def trusting(attempt: GradedAttempt) -> str:
    """ARN of the pipeline's machine's role, with the trust policy that was handed in."""
    iam, text = attempt.aws.iam, json.dumps(attempt.submission.json("machine-trust.json"))
    attempt.accepted(
        "UpdateAssumeRolePolicy",
        lambda: iam.update_assume_role_policy(
            RoleName=names.STATE_MACHINE_ROLE, PolicyDocument=text
        ),
    )
    return f"arn:aws:iam::000000000000:role/{names.STATE_MACHINE_ROLE}"


def trusted(attempt: GradedAttempt) -> str:
    """That Step Functions may take the role on for the pipeline's machine."""
    arn = attempt.once(trusting)
    sfn = attempt.aws.stepfunctions
    attempt.accepted(
        "UpdateStateMachine",
        lambda: sfn.update_state_machine(stateMachineArn=MACHINE, roleArn=arn),
    )
    return f"Step Functions takes the role on for {names.STATE_MACHINE}"


def no_other_machine(attempt: GradedAttempt) -> str:
    attempt.once(trusted)
    arn, sfn = attempt.once(trusting), attempt.aws.stepfunctions
    try:
        sfn.create_state_machine(name="lab-5-other", definition=PASS, roleArn=arn)
    except sfn.exceptions.ClientError as error:
        code = error.response["Error"]["Code"]
        return holds(f"CreateStateMachine: {code}", code in inside.DENIED)
    raise NotMetError("another state machine was made with the role")


def no_other_service(attempt: GradedAttempt) -> str:
    attempt.once(trusted)
    try:
        inside.function(attempt, attempt.once(trusting))
    except NotMetError as error:
        return holds(str(error), "cannot be assumed by Lambda" in str(error))
    raise NotMetError("a function was made with the state machine's role")


def pipeline(attempt: GradedAttempt) -> None:
    """The pipeline's own roles have what was handed in, and nothing else."""
    attempt.once(things)
    attempt.once(trusting)
    for name, file in (
        (names.FUNCTION_ROLE, "function-policy.json"),
        (names.STATE_MACHINE_ROLE, "machine-policy.json"),
        (names.API_ROLE, "api-policy.json"),
    ):
        text = json.dumps(attempt.submission.json(file))
        roles.put_policy(attempt, name, text)


def whole(attempt: GradedAttempt) -> str:
    attempt.once(pipeline)
    answer = attempt.post(json.dumps({"key": KEY}))
    if answer.status_code != 200:
        raise NotMetError(f"the API answered {answer.status_code}: {answer.text}")
    arn, sfn = str(answer.json()["executionArn"]), attempt.aws.stepfunctions
    failure = attempt.until(
        lambda: roles.first_failure(attempt, arn), "the end of the execution, or its first failure"
    )
    if failure:
        sfn.stop_execution(executionArn=arn)
        raise NotMetError(failure)
    attempt.object(RESIZED, names.thumbnail_key(KEY))
    return "the thumbnail is there"


LAB: Final = Checks(
    title="Least privilege: the missing and the surplus statement",
    minutes=60,
    enforce=True,
    files=("function-policy.json", "machine-policy.json", "machine-trust.json", "api-policy.json"),
    criteria=(
        Criterion(
            "whole",
            "With the four documents an image becomes a thumbnail",
            3,
            "POST is answered with 200, the execution succeeds, and the thumbnail is there",
            "The first that is refused ends it: API, state machine, or function? Begin there.",
            whole,
        ),
        Criterion(
            "reads",
            "The function may read an original",
            2,
            f"s3:get_object of {ORIGINALS}/{KEY}: allowed",
            "Which ARN has an object, and which its bucket?",
            reads,
        ),
        Criterion(
            "missing-key",
            "The function can tell a key that is not there from one that is forbidden",
            2,
            "s3:get_object of a key that is not there: NoSuchKey",
            "S3 tells what is missing only to those who could have seen it in a list.",
            missing,
        ),
        Criterion(
            "writes",
            "The function may write a thumbnail",
            2,
            f"s3:put_object of {RESIZED}/{names.thumbnail_key(KEY)}: allowed",
            "Which ARN has an object, and which its bucket?",
            writes,
        ),
        Criterion(
            "logged",
            "The function may write its log",
            2,
            f"logs:create_log_stream and put_log_events in {GROUP}: allowed",
            "Two actions. The ARN of a log group in a policy has something after its name.",
            logged,
        ),
        Criterion(
            "no-delete",
            "The function may delete nothing",
            1,
            "not allowed: s3:DeleteObject, of no bucket",
            "Which action has the pipeline never asked for? `make iam` tells what was used.",
            spared(
                FUNCTION_ROLE,
                ("s3:DeleteObject", objects(ORIGINALS, RESIZED, OTHER)),
                ("s3:DeleteObjectVersion", objects(ORIGINALS, RESIZED, OTHER)),
                ("s3:DeleteBucket", [f"arn:aws:s3:::{ORIGINALS}"]),
            ),
        ),
        Criterion(
            "reads-originals-alone",
            "The function may read originals, and no other objects",
            1,
            f"s3:get_object of {RESIZED}/{KEY} and of {OTHER}/{KEY}: AccessDenied",
            "A statement is about an action and a resource. Look at the second.",
            reads_originals_alone,
        ),
        Criterion(
            "writes-thumbnails-alone",
            "The function may write thumbnails, and no other objects",
            1,
            f"s3:put_object of {ORIGINALS}/new and of {RESIZED}/new: AccessDenied",
            "Is each of the resources needed? What do the keys of all thumbnails have in common?",
            writes_thumbnails_alone,
        ),
        Criterion(
            "no-other-log",
            "The function may do nothing in CloudWatch Logs but write its own log",
            1,
            f"not allowed: writing to {OTHER_GROUP}, deleting or reading {GROUP}",
            "How much does a * in an action allow, and how much one in a resource?",
            spared(
                FUNCTION_ROLE,
                ("logs:PutLogEvents", stream(OTHER_GROUP)),
                ("logs:CreateLogStream", stream(OTHER_GROUP)),
                ("logs:DeleteLogStream", stream(GROUP)),
                ("logs:GetLogEvents", stream(GROUP)),
            ),
        ),
        Criterion(
            "nowhere-else",
            "The function may do nothing in other services",
            1,
            "not allowed: iam:PutRolePolicy, iam:PassRole, sts:AssumeRole, lambda:InvokeFunction",
            "Who may write the role's policy may do everything. Is each statement needed?",
            spared(
                FUNCTION_ROLE,
                ("iam:PutRolePolicy", [f"arn:aws:iam::000000000000:role/{names.FUNCTION_ROLE}"]),
                ("iam:PassRole", [f"arn:aws:iam::000000000000:role/{names.API_ROLE}"]),
                ("sts:AssumeRole", [f"arn:aws:iam::000000000000:role/{names.API_ROLE}"]),
                ("lambda:InvokeFunction", [FUNCTION, OTHER_FUNCTION]),
                ("states:StartExecution", [MACHINE]),
            ),
        ),
        Criterion(
            "invokes",
            "The state machine may invoke the function",
            2,
            f"lambda:invoke of {names.FUNCTION}: allowed",
            "The operation is Invoke; the action has another name.",
            invokes,
        ),
        Criterion(
            "no-other-function",
            "The state machine may invoke no other function",
            1,
            "not allowed: lambda:InvokeFunction of lab-5-other",
            "Does the resource name one function?",
            spared(MACHINE_ROLE, ("lambda:InvokeFunction", [OTHER_FUNCTION])),
        ),
        Criterion(
            "only-invokes",
            "The state machine may do nothing else to the function",
            1,
            "not allowed: reading its code, changing it, deleting it",
            "Who may change a function's code may do all that the function's role may.",
            spared(
                MACHINE_ROLE,
                ("lambda:GetFunction", [FUNCTION]),
                ("lambda:UpdateFunctionCode", [FUNCTION]),
                ("lambda:UpdateFunctionConfiguration", [FUNCTION]),
                ("lambda:DeleteFunction", [FUNCTION]),
                ("lambda:AddPermission", [FUNCTION]),
            ),
        ),
        Criterion(
            "trusted",
            "Step Functions may take the state machine's role on",
            2,
            "UpdateStateMachine of the pipeline's machine succeeds",
            "A trust policy has a principal, sts:AssumeRole, and conditions that all have to hold.",
            trusted,
        ),
        Criterion(
            "no-other-machine",
            "No other state machine may have that role",
            1,
            "CreateStateMachine of lab-5-other with the role: AccessDeniedException",
            "Step Functions says for which machine it asks: aws:SourceArn. Who looks at that?",
            no_other_machine,
        ),
        Criterion(
            "no-other-service",
            "No function may have that role",
            1,
            "CreateFunction with the role: it cannot be assumed by Lambda",
            "A principal can be a list.",
            no_other_service,
        ),
        Criterion(
            "starts",
            "The API may start an execution of the state machine",
            2,
            f"stepfunctions:start_execution of {MACHINE}: allowed",
            "The execution is not there yet when it is started. On what is that done?",
            starts,
        ),
        Criterion(
            "starts-no-other",
            "The API may start no other state machine",
            1,
            "not allowed: states:StartExecution of lab-5-other",
            "Does the resource name one state machine?",
            spared(API_ROLE, ("states:StartExecution", [OTHER_MACHINE])),
        ),
        Criterion(
            "only-starts",
            "The API may do nothing but start executions",
            1,
            "not allowed: stopping or reading an execution, changing the state machine",
            "An API that only starts needs neither to look nor to stop.",
            spared(
                API_ROLE,
                ("states:StopExecution", [EXECUTION]),
                ("states:DescribeExecution", [EXECUTION]),
                ("states:GetExecutionHistory", [EXECUTION]),
                ("states:UpdateStateMachine", [MACHINE]),
                ("states:DeleteStateMachine", [MACHINE]),
            ),
        ),
    ),
)
