"""Roles whose policies were handed in: made, asked from inside, and asked what they allow too much.

What the probes of several labs have in common; docs/labs.md says how a lab is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from grading import inside
from grading.criteria import NotMetError, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grading.attempt import GradedAttempt

EMPTY: Final = "it allows nothing of what it is there for; the least policy is not an empty one"
_FAILED: Final = ("TaskFailed", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")
_S3: Final = "arn:aws:s3:::"
_ACCOUNT: Final = "000000000000:"

type MakeRole = Callable[[GradedAttempt], str]
"""Makes a role, once for all probes, and gives its ARN."""


def handed_in(file: str) -> MakeRole:
    """Makes a role that a function may take on, with the policy in *file*."""

    def make(attempt: GradedAttempt) -> str:
        return attempt.role("lambda", policy=attempt.submission.json(file))

    return make


def asking(role: MakeRole, things: Callable[[GradedAttempt], None]) -> MakeRole:
    """Makes a function of the grader's that makes calls under *role*, when *things* are there."""

    def make(attempt: GradedAttempt) -> str:
        attempt.once(things)
        return inside.function(attempt, attempt.once(role))

    return make


def permitted(attempt: GradedAttempt, arn: str, action: str, resource: str) -> bool:
    """Whether the role with *arn* may do *action*; nothing is done, whatever comes of it."""
    told = attempt.aws.iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=[action], ResourceArns=[resource]
    )
    return told["EvaluationResults"][0]["EvalDecision"] == "allowed"


def spared(
    role: MakeRole, needed: Sequence[tuple[str, str]], *surplus: tuple[str, Sequence[str]]
) -> Callable[[GradedAttempt], str]:
    """A probe: *role* may do none of *surplus*, and something of what is *needed*.

    Args:
        role: what is asked.
        needed: actions, each with a resource, of which it allows one at least.
        surplus: actions, each with resources.
    """

    def probe(attempt: GradedAttempt) -> str:
        arn = attempt.once(role)
        if not any(permitted(attempt, arn, *each) for each in needed):
            raise NotMetError(EMPTY)
        found = [
            f"{action} of {resource.rpartition(_ACCOUNT)[2].removeprefix(_S3)}"
            for action, resources in surplus
            for resource in resources
            if permitted(attempt, arn, action, resource)
        ]
        return holds("allowed: " + (", ".join(found) or "nothing of that"), not found)

    return probe


def put_policy(attempt: GradedAttempt, name: str, text: str) -> None:
    """The role *name*, one of the pipeline's own, has the policy *text* and nothing else.

    Raises:
        NotMetError: IAM refuses it.
    """
    iam = attempt.aws.iam
    attempt.accepted(
        "PutRolePolicy",
        lambda: iam.put_role_policy(RoleName=name, PolicyName="permissions", PolicyDocument=text),
    )


def first_failure(attempt: GradedAttempt, execution_arn: str) -> tuple[str | None, str]:
    """What failed first in an execution, empty if it succeeded; what is tried again counts, too.

    None while nothing of that is known, with what was seen.
    """
    sfn = attempt.aws.stepfunctions
    events: list[Any] = sfn.get_execution_history(executionArn=execution_arn)["events"]
    for event in events:
        if event["type"] == "ExecutionSucceeded":
            return "", ""
        if event["type"] in _FAILED:
            told = next((each for each in event.values() if isinstance(each, dict)), {})
            return f"{told.get('error')}: {told.get('cause')}", ""
    return None, f"{len(events)} events"
