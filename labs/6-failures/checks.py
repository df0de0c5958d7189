from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from grading.criteria import Checks, Criterion, NotMetError, holds, same, shown
from testbed import faults, settings

if TYPE_CHECKING:
    from grading.attempt import Execution, GradedAttempt

DEFINITION: Final = "definition.asl.json"
FUNCTION: Final = "function/"
# As the definition that is handed in names it.
BOOKING: Final = "BookingFunction"
IMAGE: Final = settings.ROOT / "samples" / "stamp.png"
LATENCY_MS: Final = 40_000
# A quarter of what S3 takes then: time for a cold start and a second attempt on a busy machine.
SOON_S: Final = 20.0
MOST_ATTEMPTS: Final = 6
MOST_CALLS: Final = 8


def uploaded(attempt: GradedAttempt, key: str) -> str:
    bucket, content = attempt.outputs.original_bucket, IMAGE.read_bytes()
    attempt.aws.s3.put_object(Bucket=bucket, Key=key, Body=content)
    return key


def role(attempt: GradedAttempt) -> str:
    return attempt.role("lambda")


def machine(attempt: GradedAttempt, name: str = BOOKING) -> str:
    """The definition, with a function *name* of its own: so that its faults are its own, too."""
    out = attempt.outputs
    buckets = {"ORIGINAL_BUCKET": out.original_bucket, "RESIZED_BUCKET": out.resized_bucket}
    environment, role_arn = {"Variables": buckets}, attempt.once(role)
    attempt.function(name, FUNCTION, role=role_arn, Environment=environment, Timeout=60)
    return attempt.machine(attempt.submission.text(DEFINITION).replace(BOOKING, name))


def have(attempt: GradedAttempt, **rule: Any) -> None:
    faults.put(attempt.endpoint, [rule])


def s3_has(attempt: GradedAttempt, customer: str, **rule: Any) -> None:
    """A fault in reading the image of *customer*, and no other."""
    place = f"{attempt.outputs.original_bucket}/{customer}.png"
    have(attempt, name=customer, operation="s3:GetObject", resource=place, **rule)


def booked(
    attempt: GradedAttempt, customer: str, arn: str = "", *, within_s: float = 30
) -> Execution:
    """An execution that books the image of *customer*."""
    given = {"key": f"{customer}.png", "customer": customer}
    return attempt.run(arn or attempt.once(machine), given, within_s=within_s)


def attempts(found: Execution) -> int:
    """How often the function was called, or was to be."""
    kinds = ("TaskScheduled", "LambdaFunctionScheduled")
    return sum(event["type"] in kinds for event in found.events)


def entries(attempt: GradedAttempt, customer: str) -> list[Any]:
    bucket, prefix = attempt.outputs.resized_bucket, f"ledger/{customer}/"
    listed = attempt.aws.s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    texts = [attempt.object(bucket, each["Key"]) for each in listed]
    try:
        return [json.loads(text) for text in texts]
    except ValueError as error:
        raise NotMetError(f"an entry is no JSON: {shown(str(texts))}") from error


def once_only(attempt: GradedAttempt, customer: str, found: Execution) -> str:
    """That it succeeded, and that there is one entry."""
    there = len(entries(attempt, customer))
    told = f"{found}, {attempts(found)} attempts, {there} entries"
    return holds(told, (found.status, there) == ("SUCCEEDED", 1))


def plain(attempt: GradedAttempt) -> Execution:
    uploaded(attempt, "plain.png")
    return booked(attempt, "plain")


def succeeds(attempt: GradedAttempt) -> str:
    found = attempt.once(plain)
    return holds(str(found), found.status == "SUCCEEDED")


def entered(attempt: GradedAttempt) -> str:
    attempt.once(plain)
    wanted = {"key": "plain.png", "sha256": hashlib.sha256(IMAGE.read_bytes()).hexdigest()}
    return same("the entries", [wanted], entries(attempt, "plain"))


def twice(attempt: GradedAttempt) -> str:
    uploaded(attempt, "twice.png")
    ended = [booked(attempt, "twice").status for _ in range(2)]
    there = len(entries(attempt, "twice"))
    return holds(f"{ended}, {there} entries", there == 2)


def crashed(attempt: GradedAttempt) -> str:
    uploaded(attempt, "crashed.png")
    arn = machine(attempt, "graded-crashed")
    rule = {"operation": "lambda:Invoke", "resource": "graded-crashed", "kind": "crash"}
    have(attempt, name="crashed", first=1, when="after", **rule)
    return once_only(attempt, "crashed", booked(attempt, "crashed", arn))


def lost(attempt: GradedAttempt) -> str:
    uploaded(attempt, "lost.png")
    place = f"{attempt.outputs.resized_bucket}/ledger/lost/*"
    rule = {"operation": "s3:PutObject", "resource": place, "kind": "lost-connection"}
    have(attempt, name="lost", first=1, when="after", **rule)
    return once_only(attempt, "lost", booked(attempt, "lost"))


def busy(attempt: GradedAttempt) -> str:
    uploaded(attempt, "busy.png")
    s3_has(attempt, "busy", kind="throttling", first=2)
    return once_only(attempt, "busy", booked(attempt, "busy"))


def throttled(attempt: GradedAttempt) -> str:
    uploaded(attempt, "throttled.png")
    arn = machine(attempt, "graded-throttled")
    rule = {"operation": "lambda:Invoke", "resource": "graded-throttled", "kind": "throttling"}
    have(attempt, name="throttled", first=2, **rule)
    return once_only(attempt, "throttled", booked(attempt, "throttled", arn))


def slow(attempt: GradedAttempt) -> str:
    attempt.once(plain)  # a cold start is no fault of S3's
    uploaded(attempt, "slow.png")
    s3_has(attempt, "slow", kind="latency", latency=str(LATENCY_MS), first=1)
    return once_only(attempt, "slow", booked(attempt, "slow", within_s=SOON_S))


def outage(attempt: GradedAttempt) -> tuple[Execution, int]:
    uploaded(attempt, "outage.png")
    s3_has(attempt, "outage", kind="unavailable")
    found = booked(attempt, "outage")
    on = faults.fetch(attempt.endpoint)
    return found, next(each.hits for each in on if each.name == "outage")


def given_up(attempt: GradedAttempt) -> str:
    found, _calls = attempt.once(outage)
    told = (found.status, found.error)
    return holds(str(found), told == ("FAILED", "TransientStorageError"))


def few_calls(attempt: GradedAttempt) -> str:
    found, calls = attempt.once(outage)
    told = f"{found.status}, {calls} calls of S3 by {attempts(found)} attempts"
    return holds(told, found.status != "RUNNING" and 1 < calls <= MOST_CALLS)


def works(attempt: GradedAttempt) -> None:
    """What fails on a good day, too, is not given up in time: it never worked."""
    found = attempt.once(plain)
    if found.status != "SUCCEEDED":
        raise NotMetError(f"on a good day: {found}")


def dying(attempt: GradedAttempt) -> str:
    works(attempt)
    uploaded(attempt, "dying.png")
    arn = machine(attempt, "graded-dying")
    rule = {"operation": "lambda:Invoke", "resource": "graded-dying", "kind": "out-of-memory"}
    have(attempt, name="dying", **rule)
    found = booked(attempt, "dying", arn)
    calls = attempts(found)
    return holds(f"{found}, {calls} attempts", found.status == "FAILED" and calls <= MOST_ATTEMPTS)


def denied(attempt: GradedAttempt) -> str:
    works(attempt)
    uploaded(attempt, "denied.png")
    s3_has(attempt, "denied", kind="access-denied")
    found = booked(attempt, "denied")
    calls = attempts(found)
    return holds(f"{found}, {calls} attempts", (found.status, calls) == ("FAILED", 1))


def broken(attempt: GradedAttempt) -> str:
    works(attempt)
    found = attempt.run(attempt.once(machine), {"key": 7, "customer": "broken"})
    calls = attempts(found)
    return holds(f"{found}, {calls} attempts", (found.status, calls) == ("FAILED", 1))


def missing(attempt: GradedAttempt) -> str:
    found = booked(attempt, "missing")
    told = (found.status, found.error)
    return holds(str(found), told == ("FAILED", "NOT_FOUND"))


LAB: Final = Checks(
    title="Failures: retries that help and that hurt, idempotency",
    minutes=90,
    files=(DEFINITION, FUNCTION),
    criteria=(
        Criterion(
            "succeeds",
            "On a good day an image is booked",
            1,
            "SUCCEEDED by Book → WasItBooked → Booked",
            "Read the execution's history, and the function's log.",
            succeeds,
        ),
        Criterion(
            "entered",
            "There is one entry then, with the image's key and its SHA-256",
            1,
            'the entries: [{"key": "plain.png", "sha256": …}]',
            "This worked at first: `awslocal s3 ls --recursive` shows the ledger.",
            entered,
        ),
        Criterion(
            "twice",
            "Who asks twice is booked twice",
            3,
            "2 entries of 2 executions for one image",
            "What is the same in two attempts of one execution, and another in two executions?",
            twice,
        ),
        Criterion(
            "crashed",
            "A function that is killed when its work was done books once",
            4,
            "SUCCEEDED, 1 entries",
            "The second attempt does all of it again. How would it know, or not need to know?",
            crashed,
        ),
        Criterion(
            "lost",
            "An entry whose acknowledgement was lost is there once",
            3,
            "SUCCEEDED, 1 entries",
            "Nobody knows whether it was written. Which name makes writing it again harmless?",
            lost,
        ),
        Criterion(
            "busy",
            "S3 that says SlowDown twice is asked again",
            2,
            "SUCCEEDED, 1 entries",
            "How does your function end when S3 answers 503, and who tries again then?",
            busy,
        ),
        Criterion(
            "throttled",
            "Lambda that refuses two invocations is asked again",
            1,
            "SUCCEEDED, 1 entries",
            "Lambda's own errors have names of their own. The history has this one.",
            throttled,
        ),
        Criterion(
            "slow",
            f"S3 that takes {LATENCY_MS // 1000} seconds for an answer is not waited for",
            3,
            f"SUCCEEDED within {SOON_S:.0f} seconds, 1 entries",
            "How long does boto3 wait for an answer, if nobody says otherwise?",
            slow,
        ),
        Criterion(
            "given-up",
            "When S3 does not come back, the execution fails with TransientStorageError",
            2,
            "FAILED, error TransientStorageError",
            "The name of the exception that your function raises is the error's name.",
            given_up,
        ),
        Criterion(
            "few-calls",
            "S3 that is down is not stormed",
            3,
            f"FAILED, 2 to {MOST_CALLS} calls of S3",
            "boto3 tries again by itself, and the state machine, too: attempts multiply.",
            few_calls,
        ),
        Criterion(
            "dying",
            "A function that is killed each time is given up",
            2,
            f"FAILED, {MOST_ATTEMPTS} attempts at most",
            "An image that needs too much memory needs it again. How many attempts has that?",
            dying,
        ),
        Criterion(
            "denied",
            "What is denied is not tried again",
            3,
            "FAILED, 1 attempts",
            "Which of S3's answers may be another one in a second, and which never?",
            denied,
        ),
        Criterion(
            "broken",
            "A request that can never work is not tried again",
            2,
            'FAILED, 1 attempts, for {"key": 7, …}',
            "What does your Retry list, and what is the name of an error that is a mistake?",
            broken,
        ),
        Criterion(
            "missing",
            "An image that is not there fails the execution with NOT_FOUND",
            2,
            "FAILED, error NOT_FOUND",
            "The Choice and the Fail state know what a refusal is. What does your function return?",
            missing,
        ),
    ),
)
