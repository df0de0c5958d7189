from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from grading import inside, stand_in
from grading.criteria import Checks, Criterion, NotMetError, holds, same, shown
from testbed import settings

if TYPE_CHECKING:
    from grading.attempt import Execution, GradedAttempt

DEFINITION: Final = "definition.asl.json"
POLICY: Final = "policy.json"
FUNCTION: Final = "function/"
# As the definition that is handed in names them.
RESIZE, CATALOGUE = "ImageResizeFunction", "CatalogueFunction"
STAND_IN: Final = "graded-stand-in"
ONE, OTHER, ODD = "club2.png", "emblem.png", "summer+rain 100%25.png"
RETURNED: Final = {"success": True, "resized_key": "thumb-a.png", "catalogue_key": "catalogue/a"}


def content(name: str) -> bytes:
    return (settings.ROOT / "samples" / name).read_bytes()


def uploaded(attempt: GradedAttempt, key: str, image: str = ONE) -> str:
    bucket = attempt.outputs.original_bucket
    attempt.aws.s3.put_object(Bucket=bucket, Key=key, Body=content(image))
    return key


def role(attempt: GradedAttempt) -> str:
    return attempt.role("lambda", policy=attempt.submission.json(POLICY))


def asking(attempt: GradedAttempt) -> str:
    return inside.function(attempt, attempt.once(role))


def created(attempt: GradedAttempt, name: str, role_arn: str) -> str:
    out = attempt.outputs
    buckets = {"ORIGINAL_BUCKET": out.original_bucket, "RESIZED_BUCKET": out.resized_bucket}
    environment = {"Variables": buckets}
    attempt.function(name, FUNCTION, role=role_arn, Environment=environment)
    return name


def unbound(attempt: GradedAttempt) -> str:
    """What was handed in, where policies are in nobody's way."""
    return created(attempt, "graded-unbound", attempt.role("lambda"))


def entered(attempt: GradedAttempt, key: str) -> str:
    """That the entry of *key* in the catalogue is right."""
    image = attempt.object(attempt.outputs.original_bucket, key)
    wanted = {"key": key, "bytes": len(image), "sha256": hashlib.sha256(image).hexdigest()}
    found = attempt.object(attempt.outputs.resized_bucket, f"catalogue/{key}.json")
    try:
        entry: Any = json.loads(found)
    except ValueError as error:
        words = shown(found.decode(errors="replace"))
        raise NotMetError(f"the entry is no JSON: {words}") from error
    return same(f"the entry of {key}", wanted, entry)


def invoked(attempt: GradedAttempt, key: str) -> Any:
    event = {"key": key, "resized_key": f"thumb-{key}"}
    return attempt.invoked(attempt.once(unbound), event)


def pair(attempt: GradedAttempt) -> Any:
    """Two images, one after the other, by one environment of the function."""
    for image in (ONE, OTHER):
        uploaded(attempt, image, image)
    earlier = invoked(attempt, ONE)
    invoked(attempt, OTHER)
    return earlier


def first(attempt: GradedAttempt) -> str:
    attempt.once(pair)
    return entered(attempt, ONE)


def returned(attempt: GradedAttempt) -> str:
    place = {"resized_key": f"thumb-{ONE}", "catalogue_key": f"catalogue/{ONE}.json"}
    return same("the result", {"success": True, **place}, attempt.once(pair))


def second(attempt: GradedAttempt) -> str:
    attempt.once(pair)
    return entered(attempt, OTHER)


def literal(attempt: GradedAttempt) -> str:
    attempt.once(pair)  # another environment would be no warm one for that
    uploaded(attempt, ODD, OTHER)
    invoked(attempt, ODD)
    found = attempt.object(attempt.outputs.resized_bucket, f"catalogue/{ODD}.json")
    named = json.loads(found)
    return same("the entry's key", ODD, named.get("key") if isinstance(named, dict) else named)


def machine(attempt: GradedAttempt) -> str:
    """The definition with a function of ours for both: first it resizes, then it catalogues."""
    stand_in.function(attempt, STAND_IN)
    text = attempt.submission.text(DEFINITION)
    return attempt.machine(text.replace(RESIZE, STAND_IN).replace(CATALOGUE, STAND_IN))


def sent(attempt: GradedAttempt, key: str, *steps: dict[str, Any]) -> Execution:
    arn = attempt.once(machine)
    stand_in.script(attempt, key, *steps)
    # Which key the second call is given is another criterion's.
    stand_in.script(attempt, f"thumb-{key}", *steps[1:])
    return attempt.run(arn, {"key": key})


def resized(key: str) -> dict[str, Any]:
    return {"return": {"success": True, "resized_key": f"thumb-{key}"}}


def handed_on(attempt: GradedAttempt) -> str:
    found = sent(attempt, "handed-on.png", resized("handed-on.png"), {"return": RETURNED})
    given = [call["event"] for call in stand_in.noted(attempt, "handed-on.png")[1:]]
    wanted = {"key": "handed-on.png", "resized_key": "thumb-handed-on.png"}
    told = f"{found}; {CATALOGUE} was given {shown(given)}"
    return holds(told, found.status == "SUCCEEDED" and given == [wanted])


def output(attempt: GradedAttempt) -> str:
    found = sent(attempt, "output.png", resized("output.png"), {"return": RETURNED})
    return same("the output", RETURNED, found.output)


def told(attempt: GradedAttempt) -> str:
    step = {"raise": "CatalogueError", "message": "the catalogue is closed"}
    found = sent(attempt, "told.png", resized("told.png"), step)
    return holds(str(found), (found.status, found.error) == ("FAILED", "CatalogueError"))


def refused(attempt: GradedAttempt) -> str:
    step = {"return": {"success": False, "error": "NOT_FOUND", "message": "no such object"}}
    found = sent(attempt, "missing.png", step, step)
    return holds(str(found), (found.status, found.error) == ("FAILED", "NOT_FOUND"))


def may_write(attempt: GradedAttempt) -> str:
    where = {"Bucket": attempt.outputs.resized_bucket, "Key": "catalogue/a/b.png.json"}
    return inside.allowed(attempt, attempt.once(asking), "s3:put_object", Body="{}", **where)


def may_read(attempt: GradedAttempt) -> str:
    key = uploaded(attempt, "may-be-read.png")
    where = {"Bucket": attempt.outputs.original_bucket, "Key": key}
    return inside.allowed(attempt, attempt.once(asking), "s3:get_object", **where)


def no_more(attempt: GradedAttempt) -> str:
    may, out = attempt.once(asking), attempt.outputs
    thumbnail = {"Bucket": out.resized_bucket, "Key": "thumb-a.png"}
    original = {"Bucket": out.original_bucket, "Key": uploaded(attempt, "kept.png")}
    entry = {"Bucket": out.resized_bucket, "Key": "catalogue/kept.png.json"}
    attempt.aws.s3.put_object(Bucket=entry["Bucket"], Key=entry["Key"], Body="{}")
    return "; ".join(
        (
            inside.denied(attempt, may, "s3:put_object", Body="", **thumbnail),
            inside.denied(attempt, may, "s3:put_object", Body="", **original),
            inside.denied(attempt, may, "s3:delete_object", **entry),
        )
    )


def whole(attempt: GradedAttempt) -> str:
    created(attempt, CATALOGUE, attempt.once(role))
    arn = attempt.machine(attempt.submission.text(DEFINITION))
    seen = []
    for image in (OTHER, ONE):
        key = uploaded(attempt, f"whole+{image}", image)
        found = attempt.run(arn, {"key": key})
        if found.status != "SUCCEEDED":
            raise NotMetError(str(found))
        attempt.object(attempt.outputs.resized_bucket, f"thumb-{key}")
        seen.append(entered(attempt, key))
    return "; ".join(seen)


LAB: Final = Checks(
    title="Break and repair: five faults, found by trace, log and history",
    minutes=90,
    files=(DEFINITION, POLICY, FUNCTION),
    enforce=True,
    criteria=(
        Criterion(
            "handed-on",
            "EnterIntoCatalogue gives the function what it needs",
            4,
            'SUCCEEDED, and the function was given [{"key": …, "resized_key": …}], once',
            "Read the execution's history: what does each state get, and what does it hand on?",
            handed_on,
        ),
        Criterion(
            "output",
            "The execution's output is what the catalogue's function returned",
            1,
            f"the output: {json.dumps(RETURNED)}",
            "Compare the last TaskStateExited with what the function returned.",
            output,
        ),
        Criterion(
            "told",
            "An execution whose image could not be entered fails, with the function's error",
            4,
            "FAILED, error CatalogueError",
            "The trace says how the task ended, and how the execution did. Who is in between?",
            told,
        ),
        Criterion(
            "refused",
            "A refusal of ResizeImage still fails the execution",
            1,
            "FAILED, error NOT_FOUND",
            "This worked before. Where does the Choice look, and is it there still?",
            refused,
        ),
        Criterion(
            "may-write",
            "The function may write entries into the catalogue",
            4,
            "s3:put_object below catalogue/: allowed",
            "The function's log says what was denied. Compare the resource letter by letter.",
            may_write,
        ),
        Criterion(
            "may-read",
            "The function may read originals",
            1,
            "s3:get_object of an original: allowed",
            "This worked before; `make iam` shows what the role used and what it lacks.",
            may_read,
        ),
        Criterion(
            "no-more",
            "It may write nowhere else, and delete nothing",
            2,
            "AccessDenied, three times",
            "The fault was in one resource of one statement. What else does yours allow?",
            no_more,
        ),
        Criterion(
            "first",
            "The entry of the first image is right",
            1,
            "key, bytes and sha256 of that image",
            "This worked before. The function's log says where it ends now.",
            first,
        ),
        Criterion(
            "returned",
            "The function returns where the thumbnail and the entry are",
            1,
            "success, resized_key and catalogue_key",
            "This worked before. Invoke it alone: `awslocal lambda invoke`.",
            returned,
        ),
        Criterion(
            "second",
            "The entry of the second image is that of the second image",
            4,
            "key, bytes and sha256 of that image",
            "`make iam` counts the calls of each role: how many reads are there for how many "
            "entries?",
            second,
        ),
        Criterion(
            "literal",
            "Keys are taken as they are",
            4,
            f"the entry's key: {json.dumps(ODD)}",
            "The trace has the key that the client sent, and the log has the one that the function "
            "looked for.",
            literal,
        ),
        Criterion(
            "whole",
            "Two images go the whole way, under your policy, and both are in the catalogue",
            3,
            "SUCCEEDED, with a thumbnail and a right entry for each",
            "Send two images with + in their names to your testbed, started with IAM=enforce.",
            whole,
        ),
    ),
)
