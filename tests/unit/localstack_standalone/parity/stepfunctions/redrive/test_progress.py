"""How far a program came, and what of it a redrive goes on from."""

from __future__ import annotations

from localstack_standalone.parity.stepfunctions.redrive.progress import (
    RUN_ALL_AGAIN,
    ProgramProgress,
    StateVisit,
)


def visit(name: str = "S") -> StateVisit:
    return StateVisit(name=name, entered_id=3, entered_at="then", input=1, variables={"a": 1})


def ended(output: object) -> ProgramProgress:
    made = ProgramProgress()
    made.enter(visit())
    made.leave(output, None, {})
    return made


def test_a_state_that_was_not_left_is_where_it_goes_on() -> None:
    """With its input and variables; not a second time when it is entered."""
    made = ProgramProgress()
    made.enter(visit())
    again = made.redriven()
    assert again.inside == visit()
    assert again.resumes
    assert not made.resumes


def test_between_two_states_it_goes_on_with_the_next() -> None:
    """No state is inside; the output is the next one's input."""
    made = ProgramProgress()
    made.enter(visit())
    made.leave(2, "Next", {"a": 2})
    again = made.redriven()
    assert (None, False) == (again.inside, again.is_over)
    assert ("Next", 2, {"a": 2}) == (again.next_state, again.output, again.variables)


def test_only_an_end_is_over() -> None:
    """Neither what has not begun, nor what leads on."""
    assert not ProgramProgress().is_over
    assert ended(1).is_over
    again = ended(1)
    again.enter(visit("Other"))
    assert not again.is_over


def test_the_first_attempt_of_a_redrive_keeps_what_succeeded() -> None:
    """A retry after it runs all parts again, and its start is told again."""
    state = visit()
    state.begin()
    state.started_id = 4
    state.parts = {0: ended("kept"), 1: ProgramProgress(visit=visit("Inner"))}
    again = state.redriven("Busy")
    again.begin()
    assert ({0: "kept"}, 4) == (again.succeeded(), again.started_id)
    assert again.part(1).resumes
    again.begin()
    assert ({}, None) == (again.succeeded(), again.started_id)
    assert {0: "kept"} == state.succeeded()


def test_what_always_starts_anew_keeps_nothing() -> None:
    """A distributed Map: its iterations are executions of their own."""
    state = visit()
    state.parts = {0: ended(1)}
    again = state.redriven(None)
    again.begin(keeps_parts=False)
    assert {} == again.parts


def test_a_result_that_is_too_large_has_all_parts_run_again() -> None:
    """Nothing is kept of what succeeded, and the start is told again."""
    state = visit()
    state.started_id = 4
    state.parts = {0: ended("x")}
    program = ProgramProgress(visit=state, error=RUN_ALL_AGAIN)
    again = program.redriven().inside
    assert again is not None
    again.begin()
    assert ({}, None) == (again.parts, again.started_id)


def test_parts_inside_parts_go_on() -> None:
    """However deep; the attempt before keeps its own."""
    inner = visit("Inner")
    inner.parts = {0: ended("deep"), 1: ProgramProgress()}
    outer = visit("Outer")
    outer.parts = {0: ProgramProgress(visit=inner)}
    again = outer.redriven(None)
    branch = again.part(0).inside
    assert branch is not None
    branch.begin()
    assert {0: "deep"} == branch.succeeded()
    branch.part(1).leave("later", None, {})
    assert {0: "deep"} == inner.succeeded()
