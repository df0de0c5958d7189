from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grading.criteria import Checks, Criterion, holds, member, same

if TYPE_CHECKING:
    from grading.attempt import GradedAttempt

FILE: Final = "definition.asl.json"


# What several probes need is made once, by `attempt.once(machine)`.
def machine(attempt: GradedAttempt) -> str:
    return attempt.machine(attempt.submission.text(FILE))


# A probe gives what was seen. `same` and `holds` say by themselves when that is not enough.
def doubled(attempt: GradedAttempt) -> str:
    found = attempt.run(attempt.once(machine), {"n": 21})
    return same("n in the output", 42, member(found.output, "n"))


# Try more than one value: a definition that always says 42 would do for the first.
def zero(attempt: GradedAttempt) -> str:
    found = attempt.run(attempt.once(machine), {"n": 0})
    return same("n in the output", 0, member(found.output, "n"))


def kept(attempt: GradedAttempt) -> str:
    found = attempt.run(attempt.once(machine), {"n": 21, "unit": "px"})
    return same("unit in the output", "px", member(found.output, "unit"))


def refused(attempt: GradedAttempt) -> str:
    found = attempt.run(attempt.once(machine), {"n": "many"})
    return holds(str(found), found.status == "FAILED")


LAB: Final = Checks(
    title="Twice as much",
    minutes=10,
    files=(FILE,),
    criteria=(
        Criterion(
            "doubled",  # its name in tables; once in a lab
            "The number is doubled",  # what is wanted, for students
            3,  # points
            "n in the output: 42, for an n of 21",  # what is seen where it is met
            "Where in a Pass state may JSONata stand?",  # where to look, without the answer
            doubled,
        ),
        Criterion(
            "zero",
            "So is another one",
            1,
            "n in the output: 0, for an n of 0",
            "What does your definition look at?",
            zero,
        ),
        Criterion(
            "kept",
            "The rest of the input is as it was",
            2,
            'unit in the output: "px"',
            "Output is all that is handed on. JSONata can merge two objects.",
            kept,
        ),
        Criterion(
            "refused",
            "What is no number fails the execution",
            1,
            "FAILED",
            "What does JSONata make of an arithmetic with a text?",
            refused,
        ),
    ),
)
