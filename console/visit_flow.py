"""The data flow of a state in an execution: asked for by a button, for TestState has to run it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client import replayed_state
from console import elements
from console.difference_elements import flow
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from nicegui.element import Element

    from client.replayed_state import ReplayedState
    from console.watch import WatchedTestbed
    from runs.model import ExecutionSpan, StateSpan

HOW: Final = (
    "TestState's words: it was given this visit's input, and its result or error then in place of "
    "a call. Nothing was called."
)
OTHERWISE: Final = (
    "Its output is not the one of the execution: a field asks for what is new each time, such as "
    "the time or a random number, or for something that a history does not have."
)


def offer(
    watch: WatchedTestbed, execution: ExecutionSpan, state: StateSpan, *, into: Element
) -> None:
    """A button; what comes of it is shown in *into*, which has the page's whole width."""

    async def follow() -> None:
        into.clear()
        into.set_visibility(True)
        try:
            found = await watch.call(
                lambda found: replayed_state.replay(found.aws, execution, state)
            )
        except TestbedError as error:
            with into:
                elements.text(f"Data flow of {state.name}", "h2")
                elements.text(f"It cannot be followed: {error}", "p", "bad")
            return
        with into:
            elements.text(f"Data flow of {state.name}", "h2")
            show(found)
        into.run_method("scrollIntoView", {"block": "nearest"})

    elements.button(
        "Data flow", follow, classes="small", name=f"Data flow of {state.name}, field by field"
    )


def show(found: ReplayedState) -> None:
    """The steps, and whether they lead to what the execution had."""
    elements.text(HOW, "p", "dim")
    if found.faithful is False:
        elements.text(f"≠ {OTHERWISE}", "p", "notice")
    elements.facts({name: found.tested.answer.get(name) for name in ("error", "cause")})
    flow(found.tested.steps)
