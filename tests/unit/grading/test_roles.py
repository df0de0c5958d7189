from __future__ import annotations

from typing import Any

import pytest

from grading import roles
from grading.attempt import GradedAttempt
from grading.criteria import NotMetError

NOBODY: Any = None
READ, DELETE = "s3:GetObject", "s3:DeleteObject"
OBJECT = "arn:aws:s3:::bucket/a.png"
MACHINE = "arn:aws:states:r:000000000000:stateMachine:m"


class Iam:
    """Allows these actions of these resources."""

    def __init__(self, *allowed: tuple[str, str]) -> None:
        self.allowed = allowed

    def simulate_principal_policy(self, **asked: Any) -> dict[str, Any]:
        (action,), (resource,) = asked["ActionNames"], asked["ResourceArns"]
        decision = "allowed" if (action, resource) in self.allowed else "implicitDeny"
        return {"EvaluationResults": [{"EvalDecision": decision}]}


def attempt(*allowed: tuple[str, str]) -> GradedAttempt:
    class Clients:
        iam = Iam(*allowed)

    clients: Any = Clients()
    return GradedAttempt(NOBODY, clients, NOBODY, limit_s=5)


PROBE = roles.spared(
    lambda _: "arn:role", [(READ, OBJECT)], (DELETE, [OBJECT]), ("states:StartExecution", [MACHINE])
)


def test_who_allows_what_is_needed_and_no_more_is_spared() -> None:
    """The least policy."""
    assert "allowed: nothing of that" == PROBE(attempt((READ, OBJECT)))


def test_an_empty_policy_gets_nothing_for_what_it_does_not_allow() -> None:
    """It would be least, and of no use."""
    with pytest.raises(NotMetError, match="not an empty one"):
        PROBE(attempt())


def test_what_is_too_much_is_named() -> None:
    """Each action with its resource, short."""
    with pytest.raises(NotMetError) as told:
        PROBE(attempt((READ, OBJECT), (DELETE, OBJECT), ("states:StartExecution", MACHINE)))
    assert (
        "allowed: s3:DeleteObject of bucket/a.png, states:StartExecution of stateMachine:m"
        == str(told.value)
    )


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([{"type": "TaskScheduled"}], None),
        ([{"type": "ExecutionSucceeded"}], ""),
        (
            [
                {"type": "TaskFailed", "id": 3, "taskFailedEventDetails": {"error": "A"}},
                {"type": "ExecutionSucceeded"},
            ],
            "A: None",
        ),
    ],
)
def test_the_first_failure_is_not_waited_beyond(
    events: list[dict[str, Any]], found: str | None
) -> None:
    """What a Retry makes good failed all the same: a permission was missing."""

    class Sfn:
        def get_execution_history(self, **_: Any) -> dict[str, Any]:
            return {"events": events}

    class Clients:
        stepfunctions = Sfn()

    clients: Any = Clients()
    one = GradedAttempt(NOBODY, clients, NOBODY, limit_s=5)
    assert found == roles.first_failure(one, "arn:e")[0]
