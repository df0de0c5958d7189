from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from grading import stand_in
from grading.criteria import Checks, Criterion, NotMetError, holds, member, same, shown
from testbed import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from grading.attempt import Execution, GradedAttempt

DEFINITION: Final = "definition.asl.json"
ANSWERS: Final = "answers.json"
TOO_LARGE: Final = "too-large.asl.json"
# As the definition that is handed in names it.
RESIZE: Final = "ImageResizeFunction"
STAND_IN: Final = "graded-stand-in"
FORMATS: Final = ("webp", "jpeg")
IMAGE: Final = "stamp.png"
FIVE: Final = tuple(f"five-{number}.png" for number in range(5))
THREE: Final = tuple(f"three-{number}.png" for number in range(3))
LARGE: Final = tuple(f"large-{number}.png" for number in range(4))
MOST_AT_ONCE: Final = 3
MOST_STATES: Final = 8  # for each image
TAKES_S: Final = 0.6
LARGE_BYTES: Final = 40_000  # eight of them are more than an output may be
USD_A_MILLION: Final = 25  # for each transition: 0.025 USD a thousand


def machine(attempt: GradedAttempt) -> str:
    """The definition, with a function of ours for the pipeline's."""
    stand_in.function(attempt, STAND_IN)
    return attempt.machine(attempt.submission.text(DEFINITION).replace(RESIZE, STAND_IN))


def uploaded(attempt: GradedAttempt, key: str) -> str:
    bucket, content = attempt.outputs.original_bucket, settings.ROOT / "samples" / IMAGE
    attempt.aws.s3.put_object(Bucket=bucket, Key=key, Body=content.read_bytes())
    return key


def planned(attempt: GradedAttempt, key: str, *steps: dict[str, Any], **result: Any) -> str:
    """An image for whose formats the function does *steps*, and then makes a thumbnail."""
    attempt.once(machine)  # with a place for plans
    uploaded(attempt, key)
    for kind in FORMATS:
        made = {"success": True, "resized_key": f"thumb-{kind}/{key}", **result}
        stand_in.script(attempt, f"{kind}/{key}", *steps, {"return": made, "sleep": TAKES_S})
    return key


def entry(key: str) -> dict[str, str]:
    return {"key": key, **{kind: f"thumb-{kind}/{key}" for kind in FORMATS}}


def sent(attempt: GradedAttempt, *keys: str) -> Execution:
    found = attempt.run(attempt.once(machine), {"keys": list(keys)})
    if found.status != "SUCCEEDED":
        raise NotMetError(f"{found.status}, error {found.error}, {str(found.cause)[:120]}")
    return found


def five(attempt: GradedAttempt) -> Execution:
    return sent(attempt, *(planned(attempt, key) for key in FIVE))


def three(attempt: GradedAttempt) -> Execution:
    return sent(attempt, *(planned(attempt, key) for key in THREE))


def spoiled(attempt: GradedAttempt) -> Execution:
    """One is not there, one makes the function crash, one is refused; the last one is good."""
    refused = {"success": False, "error": "CORRUPT_IMAGE", "message": "cut off"}
    planned(attempt, "crashing.png", *[{"raise": "BrokenImageError", "message": "a bug"}] * 9)
    planned(attempt, "refused.png", *[{"return": refused}] * 9)
    planned(attempt, "good.png")
    return sent(attempt, "missing.png", "crashing.png", "refused.png", "good.png")


def deployed(attempt: GradedAttempt) -> str:
    attempt.once(machine)
    return "Step Functions takes the definition"


def output(attempt: GradedAttempt) -> str:
    return same("the output", [entry(key) for key in FIVE], attempt.once(five).output)


def asked(attempt: GradedAttempt) -> str:
    attempt.once(five)
    wanted = [{"key": f"{kind}/{FIVE[0]}", "format": kind} for kind in FORMATS]
    calls = [stand_in.noted(attempt, f"{kind}/{FIVE[0]}") for kind in FORMATS]
    return same("its calls", wanted, [note["event"] for notes in calls for note in notes])


def at_once(events: tuple[dict[str, Any], ...]) -> int:
    """How many iterations ran at the same time, at most."""
    running = most = 0
    for event in events:
        running += event["type"] == "MapIterationStarted"
        running -= event["type"] in ("MapIterationSucceeded", "MapIterationFailed")
        most = max(most, running)
    return most


def limited(attempt: GradedAttempt) -> str:
    most = at_once(attempt.once(five).events)
    return holds(f"{most} of {len(FIVE)} at a time", 0 < most <= MOST_AT_ONCE)


def together(attempt: GradedAttempt) -> str:
    most = at_once(attempt.once(five).events)
    return holds(f"{most} of {len(FIVE)} at a time", most > 1)


def parallel(attempt: GradedAttempt) -> str:
    """Alone, so that what runs at the same time are its two formats."""
    found = sent(attempt, planned(attempt, "alone.png"))
    steps = [step for event in found.events if (step := lambda_step(event))]
    first = steps[: steps.index("Succeeded")] if "Succeeded" in steps else steps
    begun = first.count("Started")
    return holds(f"{begun} calls had begun when the first was done", begun == len(FORMATS))


def lambda_step(event: dict[str, Any]) -> str | None:
    """Started, Succeeded and so on, of an event about a call of a function."""
    kind: str = event["type"]
    if kind.startswith("LambdaFunction"):
        return kind.removeprefix("LambdaFunction")
    details = f"{kind[:1].lower()}{kind[1:]}EventDetails"
    return kind[4:] if member(event, details, "resourceType") == "lambda" else None


def cheap(attempt: GradedAttempt) -> str:
    entered, most = len(attempt.once(five).states), MOST_STATES * len(FIVE) + 2
    attempt.once(lambda_calls)
    return holds(f"{entered} states entered for {len(FIVE)} images", entered <= most)


def lambda_calls(attempt: GradedAttempt) -> int:
    """That each of three images has two calls, or nothing about costs is told."""
    attempt.once(three)
    keys = [f"{kind}/{key}" for kind in FORMATS for key in THREE]
    calls = sum(len(stand_in.noted(attempt, key)) for key in keys)
    if calls < len(keys):
        raise NotMetError(f"{calls} calls of the function for {len(THREE)} images in two formats")
    return calls


def result_of(attempt: GradedAttempt, place: int) -> Any:
    return member(attempt.once(spoiled).output, place)


def missing(attempt: GradedAttempt) -> str:
    found = result_of(attempt, 0)
    error = member(found, "error")
    named = isinstance(error, str) and bool(error)
    told = found if named else None
    return holds(f"its result: {shown(found)}", told == {"key": "missing.png", "error": error})


def crashing(attempt: GradedAttempt) -> str:
    wanted = {"key": "crashing.png", "error": "BrokenImageError"}
    return same("its result", wanted, result_of(attempt, 1))


def refused(attempt: GradedAttempt) -> str:
    wanted = {"key": "refused.png", "error": "CORRUPT_IMAGE"}
    return same("its result", wanted, result_of(attempt, 2))


def unspoiled(attempt: GradedAttempt) -> str:
    return same("its result", entry("good.png"), result_of(attempt, 3))


def retried(attempt: GradedAttempt) -> str:
    step = {"raise": "TransientStorageError", "message": "S3 is busy"}
    found = sent(attempt, planned(attempt, "busy.png", step))
    return same("the output", [entry("busy.png")], found.output)


def empty(attempt: GradedAttempt) -> str:
    return same("the output", [], sent(attempt).output)


def small(attempt: GradedAttempt) -> str:
    notes = "x" * LARGE_BYTES
    found = sent(attempt, *(planned(attempt, key, notes=notes) for key in LARGE))
    return same("the output", [entry(key) for key in LARGE], found.output)


def real(attempt: GradedAttempt) -> str:
    """With the pipeline's own function."""
    key = uploaded(attempt, "real.png")
    arn = attempt.machine(attempt.submission.text(DEFINITION))
    found = attempt.run(arn, {"keys": [key]})
    bucket, kinds = attempt.outputs.resized_bucket, []
    for kind in FORMATS:
        thumbnail = f"thumb-{kind}/{key}"
        attempt.object(bucket, thumbnail)
        kinds.append(attempt.aws.s3.head_object(Bucket=bucket, Key=thumbnail)["ContentType"])
    return holds(f"{found.status}, {kinds}", kinds == [f"image/{kind}" for kind in FORMATS])


def states_entered(attempt: GradedAttempt) -> int:
    attempt.once(lambda_calls)
    return len(attempt.once(three).states)


def too_large(attempt: GradedAttempt) -> str | None:
    text = (settings.ROOT / "labs" / "7-many-images" / TOO_LARGE).read_text(encoding="utf-8")
    return attempt.run(attempt.machine(text), {}).error


def answered(name: str, truth: Callable[[GradedAttempt], Any]) -> Callable[[GradedAttempt], str]:
    """A probe: the answer *name* is what the same run gives here."""

    def probe(attempt: GradedAttempt) -> str:
        given = member(attempt.submission.json(ANSWERS), name)
        right = truth(attempt)
        # JSON's true is no number, whatever Python says; 400 and 400.0 are one.
        kind = (int, float) if isinstance(right, int) else str
        is_kind = isinstance(given, kind) and not isinstance(given, bool)
        return holds(f"your answer: {shown(given)}", is_kind and given == right)

    return probe


LAB: Final = Checks(
    title="Many images: Map, Parallel, costs and limits",
    minutes=90,
    files=(DEFINITION, ANSWERS),
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
            "output",
            "The output is a list, in the order of the keys, of what was made of each",
            3,
            'the output: [{"key": …, "webp": "thumb-webp/…", "jpeg": "thumb-jpeg/…"}, …]',
            "A Parallel's result is a list, one element a branch. What would you make of the two?",
            output,
        ),
        Criterion(
            "asked",
            "Each image is asked for once as WebP and once as JPEG",
            2,
            'its calls: [{"key": "webp/…", "format": "webp"}, {"key": "jpeg/…", "format": "jpeg"}]',
            "docs/api.md has the fields that the function takes, and the values.",
            asked,
        ),
        Criterion(
            "limited",
            f"No more than {MOST_AT_ONCE} images are made at a time",
            2,
            f"{MOST_AT_ONCE} of {len(FIVE)} at a time, or 2",
            "A Map starts all its items at once, unless it is told otherwise.",
            limited,
        ),
        Criterion(
            "together",
            "Images are made side by side",
            1,
            f"{MOST_AT_ONCE} of {len(FIVE)} at a time, or 2",
            "One after the other is the other extreme. Look for MapIterationStarted.",
            together,
        ),
        Criterion(
            "parallel",
            "The two formats of an image are made side by side",
            3,
            "2 calls had begun when the first was done",
            "Which type of state has branches?",
            parallel,
        ),
        Criterion(
            "cheap",
            f"An image costs {MOST_STATES} state transitions at most",
            1,
            f"{MOST_STATES * len(FIVE) + 2} states entered for {len(FIVE)} images, or fewer",
            "Which of your states only turn data round? Another state's Output can do that.",
            cheap,
        ),
        Criterion(
            "missing",
            "An image that is not there is told, and spoils no other",
            2,
            'its result: {"key": "missing.png", "error": …}',
            "Which of your states fails first for it? Is it inside what your Catch is about?",
            missing,
        ),
        Criterion(
            "crashing",
            "An image that makes the function crash is told, and spoils no other",
            2,
            'its result: {"key": "crashing.png", "error": "BrokenImageError"}',
            "A failed branch fails the Parallel, a failed item the Map. Where do you catch it?",
            crashing,
        ),
        Criterion(
            "refused",
            "An image that the function refuses is told, and spoils no other",
            3,
            'its result: {"key": "refused.png", "error": "CORRUPT_IMAGE"}',
            "A refusal is a result: nothing is raised, and no Catch sees it.",
            refused,
        ),
        Criterion(
            "unspoiled",
            "The good image behind them is made all the same",
            2,
            f"its result: {json.dumps(entry('good.png'))}",
            "ToleratedFailurePercentage is of distributed Maps. An inline one fails with its item.",
            unspoiled,
        ),
        Criterion(
            "retried",
            "TransientStorageError is tried again",
            2,
            f"the output: [{json.dumps(entry('busy.png'))}]",
            "Where is the Retry: at the task, or around all that was done already?",
            retried,
        ),
        Criterion(
            "empty",
            "No key is no image",
            1,
            "the output: []",
            'Run it with {"keys": []}, and read the history.',
            empty,
        ),
        Criterion(
            "small",
            "Results of the function that are large do not make the output too large",
            2,
            "four images whose results have 40 kB more: the output has their keys alone",
            "All items' results are one state's output. What do you need of each, and since when?",
            small,
        ),
        Criterion(
            "real",
            "With the pipeline's own function there are a WebP and a JPEG",
            2,
            "SUCCEEDED, ['image/webp', 'image/jpeg']",
            "Run it on your testbed, and list the resized bucket.",
            real,
        ),
        Criterion(
            "states-entered",
            "states_entered: how many states your definition enters for three images",
            1,
            "a number, of three images without a failure",
            "Count the events whose type ends with StateEntered.",
            answered("states_entered", states_entered),
        ),
        Criterion(
            "function-calls",
            "function_calls: how often it calls the function for them",
            1,
            "a number",
            "Count the events TaskScheduled whose resourceType is lambda.",
            answered("function_calls", lambda attempt: attempt.once(lambda_calls)),
        ),
        Criterion(
            "million-usd",
            "million_usd: what the states of a million such executions cost, in USD",
            1,
            "a number, at 0.025 USD for a thousand states entered",
            "states_entered is of one execution.",
            answered("million_usd", lambda attempt: USD_A_MILLION * states_entered(attempt)),
        ),
        Criterion(
            "too-large",
            "too_large_error: with which error a state fails whose output is too large",
            1,
            "an error's name",
            "Run too-large.asl.json: `describe-execution` has a field for it.",
            answered("too_large_error", too_large),
        ),
    ),
)
