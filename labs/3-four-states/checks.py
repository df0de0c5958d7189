from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grading import stand_in
from grading.criteria import Checks, Criterion, holds, same

if TYPE_CHECKING:
    from grading.attempt import Execution, GradedAttempt

FILE: Final = "definition.asl.json"
GOOD: Final = {"return": {"success": True, "resized_key": "thumb-good.png"}}
REFUSED: Final = {"return": {"success": False, "error": "NOT_FOUND", "message": "no such object"}}
PASSING: Final = {"raise": "TransientStorageError", "message": "S3 is busy"}
LASTING: Final = {"raise": "BrokenImageError", "message": "a bug in the function"}
# Waits of 1 and 2 seconds are plenty for what passes.
SOON_S: Final = 10.0
MOST_CALLS: Final = 6
ENDS_WITHIN_S: Final = 20


def machine(attempt: GradedAttempt) -> str:
    attempt.once(stand_in.install)
    return attempt.machine(attempt.submission.text(FILE))


def sent(
    attempt: GradedAttempt, key: str, *steps: dict[str, object], within_s: float = 10
) -> Execution:
    stand_in.plan(attempt, key, *steps)
    return attempt.run(attempt.once(machine), {"key": key}, within_s=within_s)


def deployed(attempt: GradedAttempt) -> str:
    attempt.once(machine)
    return "Step Functions takes the definition"


def good(attempt: GradedAttempt) -> str:
    found = sent(attempt, "good.png", GOOD)
    way = ("ResizeImage", "WasResizeSuccessful", "SuccessState")
    return holds(str(found), (found.status, found.states) == ("SUCCEEDED", way))


def output(attempt: GradedAttempt) -> str:
    found = sent(attempt, "output.png", GOOD)
    return same("the output", GOOD["return"], found.output)


def refused(attempt: GradedAttempt) -> str:
    found = sent(attempt, "refused.png", REFUSED)
    way = ("ResizeImage", "WasResizeSuccessful", "FailState")
    return holds(str(found), (found.status, found.states) == ("FAILED", way))


def malformed(attempt: GradedAttempt) -> str:
    found = sent(attempt, "malformed.png", {"return": {"resized_key": "thumb-malformed.png"}})
    way = ("ResizeImage", "WasResizeSuccessful", "FailState")
    return holds(str(found), (found.status, found.states) == ("FAILED", way))


def retried(attempt: GradedAttempt) -> str:
    found = sent(attempt, "passing.png", PASSING, PASSING, GOOD, within_s=SOON_S)
    calls = len(stand_in.calls(attempt, "passing.png"))
    return holds(f"{found}, {calls} calls", calls == 3)


def throttled(attempt: GradedAttempt) -> str:
    step = {"raise": "Lambda.TooManyRequestsException", "message": "Rate exceeded"}
    found = sent(attempt, "throttled.png", step, GOOD, within_s=SOON_S)
    calls = len(stand_in.calls(attempt, "throttled.png"))
    return holds(f"{found}, {calls} calls", calls == 2)


def not_retried(attempt: GradedAttempt) -> str:
    found = sent(attempt, "lasting.png", LASTING)
    calls = len(stand_in.calls(attempt, "lasting.png"))
    return holds(f"{found}, {calls} calls", calls == 1 and found.status != "RUNNING")


def caught(attempt: GradedAttempt) -> str:
    found = sent(attempt, "caught.png", LASTING)
    way = ("ResizeImage", "FailState")
    return holds(str(found), (found.status, found.states) == ("FAILED", way))


def bounded(attempt: GradedAttempt) -> str:
    found = sent(attempt, "endless.png", PASSING, within_s=ENDS_WITHIN_S)
    calls = len(stand_in.calls(attempt, "endless.png"))
    met = found.status == "FAILED" and found.states[-1:] == ("FailState",)
    return holds(f"{found}, {calls} calls", met and 1 < calls <= MOST_CALLS)


def named(attempt: GradedAttempt) -> str:
    found = sent(attempt, "named.png", LASTING)
    cause = found.cause or ""
    told = f"error {found.error}, cause {cause[:80]!r}"
    return holds(told, found.error == "BrokenImageError" and "a bug in the function" in cause)


LAB: Final = Checks(
    title="From no to four states: Choice, Retry, Catch",
    minutes=60,
    files=(FILE,),
    criteria=(
        Criterion(
            "deployed",
            "Step Functions takes the definition",
            1,
            "CreateStateMachine succeeds",
            "What was seen names the state and the field; `make lint-pipeline` explains the codes.",
            deployed,
        ),
        Criterion(
            "good",
            "A good image goes by ResizeImage and WasResizeSuccessful to SuccessState",
            3,
            "SUCCEEDED by ResizeImage → WasResizeSuccessful → SuccessState",
            "A Choice looks at the function's result. What does the state before it hand on?",
            good,
        ),
        Criterion(
            "output",
            "The execution's output is the function's result, and nothing else",
            1,
            'the output: {"success": true, "resized_key": "thumb-good.png"}',
            "Lambda's answer has more in it than what the function returned. Where is that?",
            output,
        ),
        Criterion(
            "refused",
            "A refusal, success: false, ends in FailState",
            3,
            "FAILED by ResizeImage → WasResizeSuccessful → FailState",
            "A refusal is a result, not an error: nothing is raised. Who looks at results?",
            refused,
        ),
        Criterion(
            "malformed",
            "A result without the field success ends in FailState, too",
            2,
            "FAILED by ResizeImage → WasResizeSuccessful → FailState",
            "On AWS, to compare a variable that is missing ends the execution. Ask first whether "
            "it is there.",
            malformed,
        ),
        Criterion(
            "retried",
            "TransientStorageError is tried again, twice at least",
            3,
            "3 calls of the function",
            "Which error names does your Retry list, and how many attempts has it?",
            retried,
        ),
        Criterion(
            "throttled",
            "A Lambda that is throttled is tried again",
            1,
            "2 calls of the function",
            "Lambda's own errors have names of their own; its developer guide lists those that "
            "state machines should handle.",
            throttled,
        ),
        Criterion(
            "not-retried",
            "An error that does not pass is not tried again",
            2,
            "1 call of the function",
            "States.ALL in a Retry is all errors. What does a second attempt at a bug give?",
            not_retried,
        ),
        Criterion(
            "caught",
            "An error that is not tried again goes from ResizeImage to FailState",
            2,
            "FAILED by ResizeImage → FailState",
            "Without a Catch an error ends the execution where it is.",
            caught,
        ),
        Criterion(
            "bounded",
            "An error that never passes ends in FailState after a few attempts",
            2,
            f"FAILED in FailState within {ENDS_WITHIN_S} s, with 2 to {MOST_CALLS} calls",
            "Count: MaxAttempts is of retries. And how long do the waits become with BackoffRate?",
            bounded,
        ),
        Criterion(
            "named",
            "A failed execution names the error and the cause that the function gave",
            2,
            "error BrokenImageError, and a cause with the function's message",
            "A Fail state can take Error and Cause from its input. What does Catch put there?",
            named,
        ),
    ),
)
