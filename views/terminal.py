"""A trace as a tree for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text
from rich.tree import Tree

from runs.model import Status
from views import failure, sizes

if TYPE_CHECKING:
    import datetime as dt

    from client.fetch import ImageFacts
    from runs.model import Attempt, Call, ExecutionSpan, InvocationSpan, StateSpan, Trace

_LONGEST_LINE: Final = 200
_COLOURS: Final = {
    Status.SUCCEEDED: "green",
    Status.CAUGHT: "yellow",
    Status.RUNNING: "cyan",
    Status.FAILED: "red",
    Status.TIMED_OUT: "red",
    Status.ABORTED: "red",
}


def tree(trace: Trace) -> Tree:
    """The request from its POST to the objects; times are those after the execution's start."""
    execution = trace.execution
    root = Tree(Text(f"Request {execution.name}", style="bold"))
    _call(root, trace.call)
    node = root.add(_headed("Execution", execution.status, execution.duration_ms))
    node.add(_fact("state machine", execution.state_machine_arn.rpartition(":")[2]))
    node.add(_fact("started", f"{execution.started_at:%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC"))
    if execution.redriven_at is not None:
        node.add(_fact("redriven", redriven(execution, execution.redriven_at)))
    _error(node, execution.error, execution.cause)
    branches: dict[int | None, Tree] = {None: node}
    for state in execution.states:
        branches[state.id] = _state(branches.get(state.parent, node), execution, state)
    return root


def _call(root: Tree, call: Call) -> None:
    title = Text(f"POST {call.url}", style="bold")
    if call.status is not None:
        title.append(f"  {call.status}", style="green" if call.status < 300 else "red")  # noqa: PLR2004
    if call.elapsed_ms is not None:
        title.append(f" in {sizes.duration(call.elapsed_ms)}", style="not bold")
    node = root.add(title)
    node.add(_fact("body", call.body))
    if call.request_id:
        node.add(_fact("request id", call.request_id))
    if call.answer:
        node.add(_fact("answer", call.answer))
    node.add(_fact(call.source, call.note))
    if call.rendered is not None:
        node.add(_fact("mapping template →", sizes.one_line(call.rendered)))
    elif call.template is not None:
        node.add(_fact("mapping template", sizes.one_line(call.template)))
    if call.rendered_note:
        node.add(_fact("rendering", call.rendered_note))
    _injected(node, call.injected)


def _state(node: Tree, execution: ExecutionSpan, state: StateSpan) -> Tree:
    title = _headed(state.name, state.status, state.duration_ms)
    title.append(f"  {state.type} at {_after(execution, state.entered_at)}", style="dim")
    branch = node.add(title)
    branch.add(_fact("input", state.input))
    if not state.attempts:
        _error(branch, state.error, state.cause)
    for attempt in state.attempts:
        _attempt(branch, execution, attempt)
    if state.output is not None:
        branch.add(_fact("output", state.output))
    return branch


def _attempt(node: Tree, execution: ExecutionSpan, attempt: Attempt) -> None:
    title = _headed(attempt.title, attempt.status, attempt.duration_ms)
    title.append(f"  {attempt.resource} at {_after(execution, attempt.scheduled_at)}", style="dim")
    branch = node.add(title)
    _error(branch, attempt.error, attempt.cause)
    _injected(branch, attempt.injected)
    if attempt.note:
        branch.add(_fact("note", attempt.note))
    if attempt.invocation is not None:
        _invocation(branch, execution, attempt.invocation)


def _invocation(node: Tree, execution: ExecutionSpan, span: InvocationSpan) -> None:
    title = Text(f"Invocation {span.request_id}", style="bold")
    title.append(f"  {facts(execution, span)}", style="not bold")
    branch = node.add(title)
    branch.add(_fact("log stream", span.log_stream))
    _injected(branch, span.injected)
    for line in span.lines:
        text = Text(f"{_after(execution, line.at):>10}  ", style="dim")
        text.append(printable(line.text), style="not dim")
        branch.add(text)
    for access in span.objects:
        size = "" if access.length_bytes is None else f"  {sizes.length(access.length_bytes)}"
        text = Text(f"{access.operation} ", style="cyan")
        text.append(f"s3://{access.bucket}/{printable(access.key)}{size}", style="default")
        text.append(f"  ({access.source}: {printable(access.note)})", style="dim")
        branch.add(text)


def image(what: str, name: str, facts: ImageFacts | None) -> Text:
    """One line on an image: *what* it is, where it is, its format and sizes."""
    kind = "not recognised as an image"
    if facts is not None:
        size = f"{facts.width_px}\u00d7{facts.height_px}"
        kind = f"{facts.format} {size}, {sizes.length(facts.length_bytes)}"
    return named(what, f"{name}  {kind}")


def named(name: str, value: str) -> Text:
    """One line of a list: a name and, in a column of its own, a value."""
    return Text.assemble((f"{name:<10}", "dim"), printable(value))


def printable(text: str) -> str:
    """*text* on one line and without control characters: keys and log lines may hold any."""
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text.replace("\t", "  ")
    )
    return shown if len(shown) <= _LONGEST_LINE else shown[: _LONGEST_LINE - 2] + " …"


def facts(execution: ExecutionSpan, span: InvocationSpan) -> str:
    """Cold or warm, how long, how much memory; what the REPORT line says."""
    if span.duration_ms is None:
        return "its REPORT line has not arrived"
    ran = sizes.duration(span.duration_ms)
    used = f"used {span.max_memory_mb} of {span.memory_mb} MB"
    return f"{start(execution, span)}, ran {ran}, {used}"


def start(execution: ExecutionSpan, span: InvocationSpan) -> str:
    """How the environment of an invocation began, as far as that is known."""
    if span.cold:
        return f"cold start, init {sizes.duration(span.init_ms)}"
    return "begun anew after the failure before" if execution.begins_anew(span) else "warm"


def redriven(execution: ExecutionSpan, last: dt.datetime) -> str:
    """How often, and when *last*."""
    return f"{sizes.times(execution.redrives)}, last at {_after(execution, last)}"


def _headed(name: str, status: Status, duration_ms: float | None) -> Text:
    text = Text(printable(name), style="bold")
    text.append(f"  {status}", style=_COLOURS[status])
    if duration_ms is not None:
        text.append(f" {sizes.duration(duration_ms)}", style="not bold")
    return text


def _after(execution: ExecutionSpan, moment: dt.datetime) -> str:
    return sizes.duration(execution.after_ms(moment))


def _injected(node: Tree, faults: tuple[str, ...]) -> None:
    """Faults that were asked for: nobody is to take them for the pipeline's own."""
    for fault in faults:
        node.add(Text(f"⚡ {printable(fault)}", style="magenta"))


def _fact(name: str, value: str | None) -> Text:
    text = Text(f"{name} ", style="dim")
    text.append(printable(value or ""), style="not dim")
    return text


def _error(node: Tree, error: str | None, cause: str | None) -> None:
    if error or cause:
        node.add(
            Text(f"{printable(error or 'error')}: {printable(failure.words(cause))}", style="red")
        )
