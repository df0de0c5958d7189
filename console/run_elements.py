"""What shows a run: its graph, its timeline, its states and what an invocation told."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Final

from console import elements, links
from views import failure, sizes, svg, terminal
from views.explain import Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from console.commands import Cli
    from console.timeline import Bar
    from runs.model import Attempt, ExecutionSpan, InvocationSpan, StateSpan


_WORST_FIRST: Final = ("RUNNING", "FAILED", "TIMED_OUT", "ABORTED", "CAUGHT", "SUCCEEDED")
_CHOSEN: Final = (
    "const state = event.target.closest('[data-state]');"
    " if (state) { event.preventDefault(); emit(state.dataset.state); }"
)
_IS_KEY: Final = "event.key === 'Enter' || event.key === ' '"


class MachineGraph(elements.Rendered):
    """A state machine's drawing."""

    def on_choice(self, choose: Callable[[str], None]) -> None:
        """Have *choose* get the name of each state that is clicked, or pressed by a key."""
        for kind, handler in (
            ("click", f"(event) => {{ {_CHOSEN} }}"),
            ("keydown", f"(event) => {{ if ({_IS_KEY}) {{ {_CHOSEN} }} }}"),
        ):
            self.on(kind, lambda event: choose(str(event.args)), js_handler=handler)

    def draw(
        self,
        definition: str,
        states: Sequence[StateSpan] = (),
        *,
        selected: str | None = None,
        interactive: bool = False,
    ) -> None:
        """Draw *definition*, with how each of *states* stands and how long it took."""
        visits = collections.Counter(state.name for state in states)
        statuses: dict[str, str] = {}
        notes: dict[str, str] = {}
        for state in states:
            statuses[state.name] = _worse(state, statuses.get(state.name))
            if visits[state.name] > 1:
                notes[state.name] = f"{state.type} · {visits[state.name]}x"
            elif state.duration_ms is not None:
                notes[state.name] = f"{state.type} · {sizes.duration(state.duration_ms)}"
        self.show(
            svg.svg(definition, statuses, notes=notes, selected=selected, interactive=interactive)
        )


def _worse(state: StateSpan, before: str | None) -> str:
    """How a state stands that was entered before: as now, but a failed branch is not hidden."""
    now = state.status.value
    if before is None or state.parent is None:
        return now
    return min(now, before, key=_WORST_FIRST.index)


def gantt(bars: Iterable[Bar]) -> None:
    """A timeline."""
    elements.Rendered("ol", "gantt").render("gantt.html", bars=bars, duration=sizes.duration)


def invocation(execution: ExecutionSpan, span: InvocationSpan) -> None:
    """An invocation's numbers and its log lines, with times after the execution's start."""
    elements.facts(
        {
            "Request id": span.request_id,
            "Start": None if span.cold is None else terminal.start(execution, span),
            "Ran": sizes.duration(span.duration_ms) or None,
            "Memory": None
            if span.memory_mb is None
            else f"{span.max_memory_mb} of {span.memory_mb} MB",
        }
    )
    elements.injected(span.injected)
    log = elements.Rendered("ol", "log").render(
        "log.html", lines=span.lines, after_ms=execution.after_ms, duration=sizes.duration
    )
    log.props["aria-label"] = "Log lines"


def visit(execution: ExecutionSpan, state: StateSpan, cli: Cli) -> None:
    """A state that was entered: input, attempts with their invocations, output."""
    with elements.box(classes="row"):
        with elements.box(classes="named"):
            elements.Chip(state.status.value)
            elements.explain(Topic.STATUS, state.status.value)
        with elements.box(classes="named"):
            elements.text(f"{state.type} {sizes.duration(state.duration_ms)}", "span")
            elements.explain(Topic.STATE_TYPE, state.type)
    if not state.attempts and state.error:
        with elements.box("p", "bad"):
            elements.text(f"{state.error}: {failure.words(state.cause)}", "span")
            elements.explain(Topic.ERROR, state.error)
    elements.folded("Input", state.input, opened=True)
    for attempt in state.attempts:
        _attempt(execution, attempt, cli)
    elements.folded("Output", state.output, opened=True)


def _attempt(execution: ExecutionSpan, attempt: Attempt, cli: Cli) -> None:
    elements.text(f"{attempt.title} · {attempt.resource}", "h3")
    with elements.box(classes="row"):
        elements.Chip(attempt.status.value)
        elements.text(sizes.duration(attempt.duration_ms), "span")
    if attempt.error or attempt.cause:
        with elements.box("p", "bad"):
            elements.text(f"{attempt.error or 'error'}: {failure.words(attempt.cause)}", "span")
            elements.explain(Topic.ERROR, attempt.error or "")
        elements.folded("Cause", attempt.cause)
    elements.injected(attempt.injected)
    if attempt.child is not None:
        name = attempt.child.rpartition(":")[2]
        elements.link(f"Nested execution {name}", links.execution(cli.outputs, attempt.child))
    if attempt.note and attempt.child is None:
        elements.text(attempt.note, "p", "dim")
    if attempt.invocation is not None:
        invocation(execution, attempt.invocation)
        _objects(attempt.invocation)
        elements.commands(cli.log(attempt.invocation.request_id))


def _objects(span: InvocationSpan) -> None:
    if span.objects:
        elements.text("S3", "h3")
    for one in span.objects:
        size = "" if one.length_bytes is None else f", {sizes.length(one.length_bytes)}"
        with elements.box("p"):
            elements.text(one.operation, "b")
            elements.text(f" s3://{one.bucket}/{one.key}{size} ", "span")
            elements.text(f"({one.source}: {one.note})", "span", "dim")
