"""Definitions: any state machine's text beside its graph, edited and run as a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nicegui import ui

from client import machines
from console import elements, express_answer, links
from console.commands import Cli
from console.definition_editor import DefinitionEditor
from console.drawn_once import DrawnOnce
from console.json_entry import JsonEntry
from console.page import Page
from console.run_elements import MachineGraph
from testbed.errors import TestbedError
from views import sizes
from views.definition_text import DefinitionText, LineMistake

if TYPE_CHECKING:
    from client.machines import Machine
    from console.watch import Deployment, WatchedTestbed

CHECK_S: Final = 0.3
HINT: Final = (
    "The line that the cursor is on chooses its state, and a state that is chosen in the graph "
    "marks its lines. Tab indents; Esc, then Tab, leaves the editor."
)
COPY: Final = (
    "Runs what stands above as a state machine of its own, with the same role, and removes that "
    "when it has ended. The machine itself stays as it is."
)


async def draw(watch: WatchedTestbed) -> None:
    """The machine that the address names, or the pipeline's."""
    await _Definitions(watch, ui.context.client.request.query_params.get("machine", "")).begin()


PAGE: Final = Page(
    route="/definitions",
    title="Definitions",
    lede="A state machine as text and as graph: change it, see what is wrong with it, and try it "
    "in a copy.",
    draw=draw,
)


class _Definitions:
    """The page's elements, drawn when the testbed is found."""

    def __init__(self, watch: WatchedTestbed, wanted: str) -> None:
        self._watch = watch
        self._selected: str | None = None
        self._mistakes: list[LineMistake] = []
        self._checked: str | None = None
        self._place = DrawnOnce(watch, lambda found: _look(found, wanted), self._fill)

    async def begin(self) -> None:
        """Draw it, once the machine is known."""
        await self._place.look()

    async def _fill(self, found: tuple[list[Machine], Machine, str, str]) -> None:
        self._machines, self._machine, self._deployed, given = found
        self._graphed = DefinitionText(self._deployed)
        text, given = self._watch.trials.draft(self._machine.arn) or (self._deployed, given)
        self._definition = DefinitionText(text)
        self._place.note.set_text(sizes.number(len(self._machines), "state machine"))
        self._draw(given)
        await self._check()
        ui.timer(CHECK_S, self._check)

    def _draw(self, given: str) -> None:
        options = {one.arn: f"{one.name} ({one.type})" for one in self._machines}
        chooser = elements.chooser(options, self._choose_machine, chosen=self._machine.arn)
        elements.field("State machine", chooser)
        with elements.box(classes="two").style("margin-top:1rem"):
            with elements.box("section", "card"):
                self._draw_text()
            with elements.box("section", "card stays"):
                elements.text("Graph", "h2")
                self._behind = elements.text("", "p", "dim").props("role=status")
                self._graph = MachineGraph()
                self._graph.on_choice(self._choose_in_graph)
        with elements.box("section", "card").style("margin-top:1rem"):
            elements.text("Run a copy", "h2")
            elements.text(COPY, "p", "dim")
            self._input = JsonEntry("Input of the copy", given)
            with elements.box(classes="row"):
                elements.button("Run a copy", self._run, classes="primary")
            self._answer = elements.box().props("aria-live=polite")
        elements.commands(
            Cli(self._watch.found.outputs).line(
                "stepfunctions", "describe-state-machine", "--state-machine-arn", self._machine.arn
            )
        )

    def _draw_text(self) -> None:
        elements.text("Definition", "h2")
        hint = elements.text(HINT, "p", "dim")
        hint.props["id"] = hint.html_id
        self._editor = DefinitionEditor(
            self._definition.text,
            changed=self._change,
            at_line=self._choose_line,
            described_by=hint.html_id,
        )
        self._verdict = elements.text("", "p").props("role=status")
        self._list = elements.box("ul", "mistakes")
        with elements.box(classes="row"):
            self._undo = elements.button("Back to what is deployed", self._reset)
            elements.link("New execution", links.new_execution(self._machine.arn), "button")
            elements.link("Executions", links.executions(self._machine.arn), "button")

    def _choose_machine(self, arn: str) -> None:
        ui.navigate.to(links.definition(arn))

    def _change(self, text: str) -> None:
        self._definition = DefinitionText(text)

    def _reset(self) -> None:
        self._watch.trials.drop_draft(self._machine.arn)
        self._editor.replace(self._deployed)
        self._change(self._deployed)

    def _choose_in_graph(self, name: str) -> None:
        self._select(name)
        if name in self._definition.states:
            self._editor.reveal(self._definition.states[name][0])

    def _choose_line(self, line: int) -> None:
        name = self._definition.state_at(line)
        if name is not None and name != self._selected:
            self._select(name)

    def _select(self, name: str) -> None:
        self._selected = name
        self._mark()
        self._draw_graph()

    def _mark(self) -> None:
        self._editor.mark(self._definition, self._mistakes, self._selected)

    def _draw_graph(self) -> None:
        self._graph.draw(self._graphed.text, selected=self._selected, interactive=True)

    async def _check(self) -> None:
        """Have Step Functions look at what is written, if that is new."""
        definition = self._definition
        if definition.text == self._checked:
            return
        self._checked = definition.text
        try:
            diagnostics = await self._watch.call(
                lambda found: _validate(found, definition, self._machine)
            )
        except TestbedError as error:
            self._checked = None
            self._verdict.set_text(str(error))
            return
        if definition is not self._definition:
            return  # it was typed on: the next look is at that
        self._mistakes = definition.mistakes(diagnostics)
        if not any(one.severity == "ERROR" for one in self._mistakes):
            self._graphed = definition
        self._tell()
        self._mark()
        self._draw_graph()

    def _tell(self) -> None:
        number = len(self._mistakes)
        words = f"✗ {number} thing{'s' if number > 1 else ''} to look at" if number else "✓ Valid"
        changed = self._definition.text != self._deployed
        self._verdict.set_text(words + (", not deployed" if changed else ", as it is deployed"))
        self._verdict.classes(replace="bad" if number else "good")
        self._undo.set_visibility(changed)
        current = self._graphed is self._definition
        self._behind.set_text(
            "Choose a state to see its lines."
            if current
            else "The graph is of the last text without an error."
        )
        self._list.clear()
        self._list.set_visibility(bool(number))
        with self._list:
            for one in self._mistakes:
                elements.text(f"Line {one.line}: {one}", "li")

    async def _run(self) -> None:
        if self._input.wrong:
            ui.notify(f"The input is {self._input.wrong}", type="negative")
            return
        text, given, machine = self._definition.text, self._input.text, self._machine
        trials = self._watch.trials
        trials.keep_draft(machine.arn, text, given)
        try:
            if machine.express:
                answer = await self._watch.call(
                    lambda found: trials.run_express(found, machine.arn, text, given)
                )
                self._answer.clear()
                with self._answer:
                    express_answer.show(answer)
                return
            execution = await self._watch.call(
                lambda found: trials.run(found, machine.arn, text, given)
            )
        except TestbedError as error:
            self._answer.clear()
            with self._answer:
                elements.empty("The copy was not run", str(error), "h3")
            return
        ui.navigate.to(links.execution(self._watch.found.outputs, execution))


def _look(found: Deployment, wanted: str) -> tuple[list[Machine], Machine, str, str]:
    """The machines, the one that is wanted, its definition, and what it was given last."""
    listed = machines.listed(found.aws)
    machine = machines.wanted(listed, wanted or found.outputs.state_machine_arn)
    described = found.aws.stepfunctions.describe_state_machine(stateMachineArn=machine.arn)
    given = next(iter(machines.inputs(found.aws, machine)), "{}")
    return listed, machine, _laid_out(described["definition"]), given


def _laid_out(text: str) -> str:
    """*text*, with line breaks where it has none: machines are often made by programs."""
    return text if "\n" in text.strip() else sizes.indented(text) or text


def _validate(
    found: Deployment, definition: DefinitionText, machine: Machine
) -> list[dict[str, Any]]:
    if definition.unreadable:
        return []
    answer = found.aws.stepfunctions.validate_state_machine_definition(
        definition=definition.text,
        type="EXPRESS" if machine.express else "STANDARD",
        severity="WARNING",
    )
    return [dict(each) for each in answer["diagnostics"]]
