# A lab of your own: `cp -r labs/template labs/9-<name>`, then change all three files.
# What a criterion can do: docs/labs.md, "How a lab is made". The other labs are examples.

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grading.criteria import Checks, Criterion, holds, same

if TYPE_CHECKING:
    from grading.attempt import GradedAttempt


def machine(attempt: GradedAttempt) -> str:
    """What several criteria need is made once: `attempt.once(machine)`."""
    return attempt.machine(attempt.submission.text("definition.asl.json"))


def accepted(attempt: GradedAttempt) -> str:
    attempt.once(machine)  # a refusal is *not met* by itself
    return "it is taken"


def doubled(attempt: GradedAttempt) -> str:
    found = attempt.run(attempt.once(machine), {"n": 21})
    return same("the output", {"n": 42}, found.output)


def refused(attempt: GradedAttempt) -> str:
    found = attempt.run(attempt.once(machine), {"n": -1})
    return holds(str(found), (found.status, found.error) == ("FAILED", "Negative"))


LAB: Final = Checks(
    title="Twice as much",
    minutes=30,
    files=("definition.asl.json",),  # what is handed in; a folder ends with a slash
    criteria=(
        Criterion(
            "accepted",  # its name in tables
            "Step Functions takes the definition",  # what students read
            1,  # points
            "CreateStateMachine succeeds",  # what is expected
            "The refusal names a place in the definition.",  # a hint that does not give it away
            accepted,  # looks; gives what was seen
        ),
        Criterion(
            "doubled",
            "The number is doubled",
            3,
            'the output: {"n": 42}, for {"n": 21}',
            "JSONata can multiply; in which field of the state may it?",
            doubled,
        ),
        Criterion(
            "refused",
            "A negative number is refused",
            2,
            'FAILED, error Negative, for {"n": -1}',
            "Which type of state looks at a value, and which ends an execution with an error?",
            refused,
        ),
    ),
)
