from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from grading.criteria import Checks, Criterion, NotMetError, holds, member, shown
from testbed import names, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from grading.attempt import Execution, GradedAttempt

ANSWERS: Final = "answers.json"
REQUEST: Final = "request.json"
IMAGE: Final = "club2.png"
MISSING: Final = "never-uploaded.png"
LOOK: Final = "Run it again and read: `make trace` shows the whole way of the last request."


def uploaded(attempt: GradedAttempt) -> str:
    content = (settings.ROOT / "samples" / IMAGE).read_bytes()
    attempt.aws.s3.put_object(Bucket=attempt.outputs.original_bucket, Key=IMAGE, Body=content)
    return IMAGE


def sent(attempt: GradedAttempt, body: str) -> Execution:
    attempt.once(uploaded)
    answer = attempt.post(body)
    if answer.status_code != 200:
        raise NotMetError(f"the API answered {answer.status_code}: {answer.text[:200]}")
    return attempt.ended(answer.json()["executionArn"])


def twice(attempt: GradedAttempt) -> Execution:
    first = sent(attempt, json.dumps({"key": IMAGE}))
    sent(attempt, json.dumps({"key": IMAGE}))
    return first


def missing(attempt: GradedAttempt) -> Execution:
    attempt.once(twice)  # so that its cold starts are counted alone
    attempt.once(cold_starts)
    return sent(attempt, json.dumps({"key": MISSING}))


def reports(attempt: GradedAttempt) -> list[str]:
    group = names.log_group(attempt.outputs.function_name)
    pages = attempt.aws.logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    lines = [event["message"] for page in pages for event in page["events"]]
    return [line for line in lines if line.startswith("REPORT ")]


def cold_starts(attempt: GradedAttempt) -> int:
    attempt.once(twice)

    def probe() -> tuple[list[str] | None, str]:
        found = reports(attempt)
        return (found if len(found) == 2 else None), f"{len(found)} REPORT lines"

    found = attempt.until(probe, "two REPORT lines in the function's log")
    return sum("Init Duration" in line for line in found)


def thumbnail(attempt: GradedAttempt) -> dict[str, str]:
    attempt.once(twice)
    bucket, key = attempt.outputs.resized_bucket, names.thumbnail_key(IMAGE)
    return attempt.aws.s3.head_object(Bucket=bucket, Key=key)["Metadata"]


def invocations(attempt: GradedAttempt) -> int:
    kind = "TaskScheduled"
    return sum(event["type"] == kind for event in attempt.once(missing).events)


def without_key(attempt: GradedAttempt) -> tuple[int, int]:
    attempt.once(missing)
    arn = attempt.outputs.state_machine_arn
    listed = attempt.aws.stepfunctions.list_executions
    before = len(listed(stateMachineArn=arn)["executions"])
    status = attempt.post('{"name": "club2.png"}').status_code
    return status, len(listed(stateMachineArn=arn)["executions"]) - before


def answered(name: str, truth: Callable[[GradedAttempt], Any]) -> Callable[[GradedAttempt], str]:
    """A probe: the answer *name* is what the same run gives here."""

    def probe(attempt: GradedAttempt) -> str:
        given = member(attempt.submission.json(ANSWERS), name)
        right = truth(attempt)
        # JSON's true is no number, whatever Python says.
        return holds(f"your answer: {shown(given)}", json.dumps(given) == json.dumps(right))

    return probe


def asked(attempt: GradedAttempt) -> dict[str, Any]:
    """What the object is that request.json leads to."""
    body = attempt.submission.text(REQUEST)
    if member(attempt.submission.json(REQUEST), "key") != IMAGE:
        raise NotMetError(f"{REQUEST} has not the key {IMAGE}")
    attempt.once(without_key)  # whatever this body does, it comes after what is counted
    found = sent(attempt, body)
    if found.status != "SUCCEEDED":
        raise NotMetError(str(found))
    bucket, key = attempt.outputs.resized_bucket, member(found.output, "resized_key")
    made: Any = attempt.aws.s3.head_object(Bucket=bucket, Key=str(key))
    return {"type": made["ContentType"], **made["Metadata"]}


def webp(attempt: GradedAttempt) -> str:
    kind = attempt.once(asked)["type"]
    return holds(f"its type is {kind}", kind == "image/webp")


def hundred(attempt: GradedAttempt) -> str:
    made = attempt.once(asked)
    sides = [int(made.get(name, 0)) for name in ("width", "height")]
    return holds(f"it is {sides[0]} x {sides[1]}", max(sides) == 100)


def size(attempt: GradedAttempt) -> list[int]:
    made = attempt.once(thumbnail)
    return [int(made["width"]), int(made["height"])]


def memory(attempt: GradedAttempt) -> int:
    name = attempt.outputs.function_name
    return attempt.aws.lambda_.get_function_configuration(FunctionName=name)["MemorySize"]


LAB: Final = Checks(
    title="Send an image, and read what happened",
    minutes=30,
    files=(ANSWERS, REQUEST),
    criteria=(
        Criterion(
            "states",
            "states: the states that the execution of club2.png entered, in order",
            3,
            "the names in the order of the execution's history",
            LOOK,
            answered("states", lambda attempt: list(attempt.once(twice).states)),
        ),
        Criterion(
            "thumbnail-key",
            "thumbnail_key: the key of the thumbnail",
            1,
            "the key of the object in the resized bucket, without the bucket",
            "`awslocal s3 ls` shows what a bucket holds.",
            answered(
                "thumbnail_key", lambda attempt: member(attempt.once(twice).output, "resized_key")
            ),
        ),
        Criterion(
            "thumbnail-size",
            "thumbnail_size: width and height of the thumbnail, in pixels",
            2,
            "two numbers, the width first",
            "The object's metadata has them: `awslocal s3api head-object`.",
            answered("thumbnail_size", size),
        ),
        Criterion(
            "memory",
            "memory_mb: how much memory the function may use",
            1,
            "a number of megabytes",
            "The line REPORT of its log has what it used, and of how much.",
            answered("memory_mb", memory),
        ),
        Criterion(
            "cold-starts",
            "cold_starts_of_two: how many of the first two runs were cold starts",
            2,
            "a number from 0 to 2, of two runs one after the other in a fresh testbed",
            "A cold start has an Init Duration in its REPORT line. Look at both lines.",
            answered("cold_starts_of_two", lambda attempt: attempt.once(cold_starts)),
        ),
        Criterion(
            "missing-status",
            "missing_status: how an execution ends whose image was never uploaded",
            1,
            "a status of Step Functions, in capitals",
            LOOK,
            answered("missing_status", lambda attempt: attempt.once(missing).status),
        ),
        Criterion(
            "missing-error",
            "missing_error: with which error",
            2,
            "the error's code as the execution has it",
            "`awslocal stepfunctions describe-execution` has a field for it.",
            answered("missing_error", lambda attempt: attempt.once(missing).error),
        ),
        Criterion(
            "missing-invocations",
            "missing_invocations: how often the function was invoked for that",
            2,
            "a number",
            "Does a refusal get tried again? Count the TaskScheduled events.",
            answered("missing_invocations", invocations),
        ),
        Criterion(
            "no-key-http",
            "no_key_http_status: the API's answer to a body without the field key",
            1,
            "a status code of HTTP",
            "`curl` writes it with -w '%{http_code}'.",
            answered("no_key_http_status", lambda attempt: attempt.once(without_key)[0]),
        ),
        Criterion(
            "no-key-executions",
            "no_key_executions: how many executions such a request starts",
            2,
            "a number",
            "Count them before and after: `awslocal stepfunctions list-executions`.",
            answered("no_key_executions", lambda attempt: attempt.once(without_key)[1]),
        ),
        Criterion(
            "request-format",
            "request.json makes a WebP thumbnail of club2.png",
            2,
            "its type is image/webp",
            "docs/api.md has the fields that a request can have.",
            webp,
        ),
        Criterion(
            "request-size",
            "request.json makes its longest side 100 pixels",
            2,
            "100 pixels, and no side is longer",
            "docs/api.md has the fields that a request can have.",
            hundred,
        ),
    ),
)
