"""A trace as a tree for the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.text import Text
from rich.tree import Tree

from pipeline.show import printable
from pipeline.trace_model import Status

if TYPE_CHECKING:
    from pipeline.trace_model import (
        Attempt,
        Call,
        ExecutionSpan,
        InvocationSpan,
        StateSpan,
        Trace,
    )

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
        title.append(f" in {call.elapsed_ms:.0f} ms", style="not bold")
    node = root.add(title)
    node.add(_fact("body", call.body))
    if call.request_id:
        node.add(_fact("request id", call.request_id))
    if call.answer:
        node.add(_fact("answer", call.answer))
    node.add(_fact(call.source, call.note))
    if call.rendered is not None:
        node.add(_fact("mapping template →", one_line(call.rendered)))
    elif call.template is not None:
        node.add(_fact("mapping template", one_line(call.template)))


def _state(node: Tree, execution: ExecutionSpan, state: StateSpan) -> Tree:
    title = _headed(state.name, state.status, state.duration_ms)
    title.append(f"  {state.type} at {execution.after_ms(state.entered_at):.0f} ms", style="dim")
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
    title = _headed(f"Attempt {attempt.number}", attempt.status, attempt.duration_ms)
    after_ms = execution.after_ms(attempt.scheduled_at)
    title.append(f"  {attempt.resource} at {after_ms:.0f} ms", style="dim")
    branch = node.add(title)
    _error(branch, attempt.error, attempt.cause)
    if attempt.note:
        branch.add(_fact("note", attempt.note))
    if attempt.invocation is not None:
        _invocation(branch, execution, attempt.invocation)


def _invocation(node: Tree, execution: ExecutionSpan, span: InvocationSpan) -> None:
    title = Text(f"Invocation {span.request_id}", style="bold")
    title.append(f"  {facts(span)}", style="not bold")
    branch = node.add(title)
    branch.add(_fact("log stream", span.log_stream))
    for line in span.lines:
        text = Text(f"{execution.after_ms(line.at):7.0f} ms  ", style="dim")
        text.append(printable(line.text), style="not dim")
        branch.add(text)
    for access in span.objects:
        size = "" if access.length_bytes is None else f"  {access.length_bytes:,} bytes"
        text = Text(f"{access.operation} ", style="cyan")
        text.append(f"s3://{access.bucket}/{printable(access.key)}{size}", style="default")
        text.append(f"  ({access.source}: {printable(access.note)})", style="dim")
        branch.add(text)


def facts(span: InvocationSpan) -> str:
    """Cold or warm, how long, how much memory; what the REPORT line says."""
    if span.duration_ms is None:
        return "its REPORT line has not arrived"
    start = f"cold start, init {span.init_ms:.0f} ms" if span.cold else "warm"
    return (
        f"{start}, ran {span.duration_ms:.0f} ms, used {span.max_memory_mb} of {span.memory_mb} MB"
    )


def one_line(text: str) -> str:
    """JSON *text* without its line breaks; other text as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return " ".join(text.split())


def _headed(name: str, status: Status, duration_ms: float | None) -> Text:
    text = Text(printable(name), style="bold")
    text.append(f"  {status}", style=_COLOURS[status])
    if duration_ms is not None:
        text.append(f" {duration_ms:.0f} ms", style="not bold")
    return text


def _fact(name: str, value: str | None) -> Text:
    text = Text(f"{name} ", style="dim")
    text.append(printable(value or ""), style="not dim")
    return text


def _error(node: Tree, error: str | None, cause: str | None) -> None:
    if error or cause:
        node.add(Text(f"{printable(error or 'error')}: {printable(cause or '')}", style="red"))
