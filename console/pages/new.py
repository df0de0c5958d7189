"""New execution: any state machine, started with an input that is checked while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nicegui import ui

from client import machines
from console import elements, express_answer, links
from console.commands import Cli
from console.drawn_once import DrawnOnce
from console.json_entry import JsonEntry
from console.page import Page
from runs import express
from testbed.errors import TestbedError
from views import sizes

if TYPE_CHECKING:
    from client.machines import Machine
    from console.watch import Deployment, WatchedTestbed

SHOWN_CHARACTERS: Final = 90
EXPRESS: Final = (
    "An Express machine: it is run to its end, and its answer is shown here. Its inputs are those "
    "that were sent from this console. Its executions are among Executions if its log is on."
)


async def draw(watch: WatchedTestbed) -> None:
    """For the machine that the address names, or the pipeline's."""
    asked = ui.context.client.request.query_params
    await _New(watch, asked.get("machine", ""), asked.get("like", "")).begin()


PAGE: Final = Page(
    route="/new",
    title="New execution",
    lede="Starts a state machine directly, as StartExecution does. The page Run sends an image "
    "through the API.",
    draw=draw,
    below="/executions",
)


class _New:
    """The form, drawn when the testbed is found."""

    def __init__(self, watch: WatchedTestbed, wanted: str, like: str) -> None:
        self._watch, self._name = watch, ""
        self._place = DrawnOnce(
            watch, lambda found: _look(found, wanted, like), self._draw, classes="tested"
        )

    async def begin(self) -> None:
        """Draw the form, once the machine is known."""
        await self._place.look()

    async def _draw(self, found: tuple[list[Machine], Machine, list[str], str]) -> None:
        listed, self._machine, before, given = found
        self._before = before + self._watch.given_to(self._machine.arn)
        self._place.note.set_text(sizes.number(len(listed), "state machine"))
        with elements.box("section", "card"):
            self._fields(listed, given or next(iter(self._before), "{}"))
        self._answer = elements.box("section", "card").props("aria-live=polite")
        self._answer.set_visibility(False)

    def _fields(self, listed: list[Machine], given: str) -> None:
        options = {one.arn: f"{one.name} ({one.type})" for one in listed}
        chooser = elements.chooser(options, self._choose, chosen=self._machine.arn)
        elements.field("State machine", chooser)
        if self._machine.express:
            elements.text(EXPRESS, "p", "dim")
        if self._before:
            shown = {str(at): _short(text) for at, text in enumerate(self._before)}
            used = elements.chooser({"": "choose one", **shown}, self._use)
            elements.field("Inputs used before", used)
        self._input = JsonEntry("Input", sizes.indented(given) or given, rows=10)
        if not self._machine.express:
            named = elements.entry(self._set_name, kind="text")
            elements.field("Name", named, "Made by Step Functions if left empty")
        with elements.box(classes="row"):
            elements.button("Start", self._start, classes="primary")
            elements.link("Definition", links.definition(self._machine.arn), "button")
        operation = "start-sync-execution" if self._machine.express else "start-execution"
        elements.commands(
            Cli(self._watch.found.outputs).line(
                "stepfunctions", operation, "--state-machine-arn", self._machine.arn,
                "--input", sizes.one_line(given),
            )
        )  # fmt: skip

    def _choose(self, arn: str) -> None:
        ui.navigate.to(links.new_execution(arn))

    def _use(self, at: str) -> None:
        if at:
            text = self._before[int(at)]
            self._input.show(sizes.indented(text) or text)

    def _set_name(self, name: str) -> None:
        self._name = name.strip()

    async def _start(self) -> None:
        if self._input.wrong:
            self._fail(f"The input is {self._input.wrong}")
            return
        arn, given, name = self._machine.arn, self._input.text, self._name
        try:
            if self._machine.express:
                self._watch.remember(arn, given)
                answer, logs = await self._watch.call(
                    lambda found: (
                        machines.run_express(found.aws, arn, given),
                        express.log_of(found.aws, arn).on,
                    )
                )
                its = links.execution(self._watch.found.outputs, answer["executionArn"])
                self._answer.clear()
                self._answer.set_visibility(True)
                with self._answer:
                    elements.text("Answer", "h2")
                    express_answer.show(answer, logged_at=its if logs else "")
                return
            execution = await self._watch.call(
                lambda found: machines.start(found.aws, arn, given, name=name)
            )
        except TestbedError as error:
            self._fail(str(error))
            return
        ui.navigate.to(links.execution(self._watch.found.outputs, execution))

    def _fail(self, why: str) -> None:
        self._answer.clear()
        self._answer.set_visibility(True)
        with self._answer:
            elements.empty("It was not started", why)


def _look(
    found: Deployment, wanted: str, like: str
) -> tuple[list[Machine], Machine, list[str], str]:
    """The machines, the one that is wanted, its latest inputs, and that of the execution *like*."""
    listed = machines.listed(found.aws)
    machine = machines.wanted(listed, wanted or found.outputs.state_machine_arn)
    given = ""
    if express.is_express(like):
        given = express.read(found.aws, like).seen.input
    elif like:
        told = found.aws.stepfunctions.describe_execution(executionArn=like)
        given = told.get("input", "")
    return listed, machine, machines.inputs(found.aws, machine), given


def _short(text: str) -> str:
    line = sizes.one_line(text)
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"
