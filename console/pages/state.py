"""States: one of the machine's states alone, and what each of its fields made of the data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from nicegui import ui

from client import tested_state
from console import elements
from console.commands import Cli
from console.difference_elements import flow
from console.page import Page
from testbed.errors import TestbedError
from views import data_flow
from views.explain import Topic

if TYPE_CHECKING:
    from client.tested_state import TestedState
    from console.watch import Deployment, WatchedTestbed

REFRESH_S: Final = 1
REAL, RESULT, ERROR = "real", "result", "error"
WAYS: Final = {
    REAL: "call it for real",
    RESULT: "a result in its place",
    ERROR: "an error in its place",
}
EVENT: Final = '{"key": "club2.png"}'
GIVEN: Final = {
    REAL: "",
    RESULT: '{"Payload": {"success": true, "key": "thumb-club2.png"}}',
    ERROR: "Lambda.TooManyRequestsException: Rate Exceeded.",
}


async def draw(watch: WatchedTestbed) -> None:
    """The form, and below it what came of it."""
    await _Form(watch).refresh()


PAGE: Final = Page(
    route="/state",
    title="States",
    lede="Tests one state of the machine alone, as AWS's TestState does: no execution, no waiting "
    "for retries.",
    draw=draw,
)


class _Form:
    """What is asked, drawn when the testbed is found."""

    def __init__(self, watch: WatchedTestbed) -> None:
        self._watch = watch
        self._note = elements.text("loading", "p", "dim").props("role=status")
        self._around = elements.box(classes="tested")
        self._state, self._way, self._input = "", REAL, EVENT
        self._mocks = dict(GIVEN)
        self._drawn = False
        ui.timer(REFRESH_S, self.refresh)

    async def refresh(self) -> None:
        """Draw the form, once the states are known."""
        if self._drawn or not self._watch.up:
            return
        self._drawn = True
        try:
            kinds = await self._watch.call(_states)
        except TestbedError as error:
            self._note.set_text(str(error))
            self._drawn = False
            return
        self._note.set_text(f"{len(kinds)} states")
        self._state = next(iter(kinds))
        with self._around:
            with elements.box("section", "card"):
                self._fields(kinds)
            self._result = elements.box("section", "card").props("aria-live=polite")
        self._result.set_visibility(False)

    def _fields(self, kinds: dict[str, str]) -> None:
        shown = {name: f"{name} ({kind})" for name, kind in kinds.items()}
        elements.field("State", elements.chooser(shown, self._choose_state))
        given = elements.area(self._set_input, EVENT, rows=4)
        elements.field("Input", given, "JSON")
        elements.field("What it calls", elements.chooser(WAYS, self._choose_way))
        self._mock = elements.box(classes="mock")
        elements.button("Test", self._test, classes="primary")

    def _choose_state(self, name: str) -> None:
        self._state = name

    def _set_input(self, text: str) -> None:
        self._input = text

    def _choose_way(self, way: str) -> None:
        self._way = way
        self._mock.clear()
        if way == REAL:
            return
        with self._mock:
            area = elements.area(self._set_mock, self._mocks[way], rows=3)
            hint = "JSON, as the service gives it" if way == RESULT else "Error: cause"
            elements.field(way.capitalize(), area, hint)

    def _set_mock(self, text: str) -> None:
        self._mocks[self._way] = text

    async def _test(self) -> None:
        asked = (self._state, self._input, self._way, self._mocks[self._way])
        try:
            tested = await self._watch.call(lambda found: run(found, *asked))
        except TestbedError as error:
            words = str(error)
            self._show(lambda: elements.empty("It was not tested", words))
            return
        cli = Cli(self._watch.found.outputs)
        mocks = {RESULT: "", ERROR: "", self._way: self._mocks[self._way]}
        command = cli.test_state(self._state, self._input, mocks[RESULT], mocks[ERROR])
        self._show(lambda: _draw(tested, command))

    def _show(self, draw_it: Any) -> None:
        self._result.clear()
        self._result.set_visibility(True)
        with self._result:
            draw_it()


def _states(found: Deployment) -> dict[str, str]:
    arn = found.outputs.state_machine_arn
    machine = found.aws.stepfunctions.describe_state_machine(stateMachineArn=arn)
    return tested_state.names(machine["definition"])


def run(found: Deployment, name: str, given: str, way: str, mock: str) -> TestedState:
    """Run the state *name* with the input *given*, and *mock* in the *way* that was chosen.

    Raises:
        TestbedError: a text is no JSON, or the state cannot be tested.
    """
    for what, text in (("the input", given), *((("the result", mock),) if way == RESULT else ())):
        try:
            json.loads(text)
        except ValueError as error:
            raise TestbedError(f"{what} is no JSON: {error}") from error
    mocked = {RESULT: tested_state.mock_result, ERROR: tested_state.mock_error}.get(way)
    arn = found.outputs.state_machine_arn
    return tested_state.run(found.aws, arn, name, given, mock=mocked(mock) if mocked else None)


def _draw(tested: TestedState, command: str) -> None:
    with elements.box(classes="row"):
        elements.text(tested.name, "h2")
        with elements.box(classes="named"):
            elements.Chip(tested.answer["status"])
            elements.explain(Topic.STATUS, tested.answer["status"])
    elements.text(data_flow.summary(tested), "p")
    elements.facts({name: tested.answer.get(name) for name in ("error", "cause")})
    flow(tested.steps)
    elements.commands(command)
