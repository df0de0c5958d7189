"""A trace as one HTML file that needs nothing else: to hand in, or to attach to a bug."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

from pipeline import trace_svg, trace_text
from pipeline.trace_model import as_json

if TYPE_CHECKING:
    from pipeline.trace_model import Attempt, Call, ExecutionSpan, InvocationSpan, StateSpan, Trace

# Colours with a contrast of at least 4.5 to 1 on their grounds (WCAG 2.2, 1.4.3).
LIGHT: Final = """
  --ground: #ffffff; --raised: #f4f6f9; --line: #c5ced9; --text: #12202f; --dim: #465669;
  --link: #0b57c2;
  --asl-box: #ffffff; --asl-inner: #f4f6f9; --asl-line: #64748b; --asl-text: #12202f;
  --asl-dim: #465669; --asl-ground: #ffffff;
  --asl-good: #14702e; --asl-good-ground: #daf5e1;
  --asl-bad: #b42318; --asl-bad-ground: #fde5e3;
  --asl-caught: #8a5000; --asl-caught-ground: #fff0d4;
  --asl-busy: #0b57c2; --asl-busy-ground: #dbe9ff;
"""
DARK: Final = """
  --ground: #0f1722; --raised: #18232f; --line: #3a4a5c; --text: #edf2f8; --dim: #b3c0cf;
  --link: #8ab8ff;
  --asl-box: #1d2936; --asl-inner: #16202b; --asl-line: #8fa1b5; --asl-text: #edf2f8;
  --asl-dim: #b3c0cf; --asl-ground: #0f1722;
  --asl-good: #6fdd8b; --asl-good-ground: #123420;
  --asl-bad: #ff9d94; --asl-bad-ground: #431a18;
  --asl-caught: #ffc46b; --asl-caught-ground: #3d2a0b;
  --asl-busy: #8ab8ff; --asl-busy-ground: #15305c;
"""
STYLE: Final = f"""
:root {{ color-scheme: light dark; {LIGHT} }}
@media (prefers-color-scheme: dark) {{ :root {{ {DARK} }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }}
h1 {{ font-size: 1.6rem; overflow-wrap: anywhere; }} h2 {{ font-size: 1.25rem; }}
details {{ border-left: 3px solid var(--line); padding-left: 1rem; margin: .6rem 0; }}
summary {{ cursor: pointer; padding: .15rem 0; }}
pre {{ background: var(--raised); padding: .7rem; border-radius: 6px; overflow-x: auto;
  white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.45 ui-monospace, monospace; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0; }}
dt {{ color: var(--dim); }} dd {{ margin: 0; overflow-wrap: anywhere; }}
.status {{ font-weight: 700; }} .when, .how {{ color: var(--dim); }}
.SUCCEEDED {{ color: var(--asl-good); }} .CAUGHT {{ color: var(--asl-caught); }}
.RUNNING {{ color: var(--asl-busy); }}
.FAILED, .TIMED_OUT, .ABORTED, .error {{ color: var(--asl-bad); }}
{trace_svg.STYLE}
"""


def page(trace: Trace, definition: str | None = None) -> str:
    """The whole file.

    Args:
        trace: of one request.
        definition: of its state machine, to draw it; no drawing where it is None.
    """
    execution = trace.execution
    drawing = ""
    if definition is not None:
        statuses = {state.name: state.status.value for state in execution.states}
        drawing = f"<h2>State machine</h2>{trace_svg.svg(definition, statuses)}"
    # A "<" could end the script element in which the JSON stands, or begin another.
    data = json.dumps(as_json(trace), ensure_ascii=False).replace("<", "\\u003c")
    title = f"Trace of {execution.name}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>{_summary(execution)}{drawing}<h2>Request</h2>"
        f"{_call(trace.call)}<h2>Execution</h2>{_execution(execution)}</main>"
        f'<script type="application/json" id="trace">{data}</script></body></html>\n'
    )


def _summary(execution: ExecutionSpan) -> str:
    took = "" if execution.duration_ms is None else f" in {execution.duration_ms:.0f} ms"
    return (
        f'<p><span class="status {execution.status}">{execution.status}</span>{took}, started '
        f"{execution.started_at:%Y-%m-%d %H:%M:%S} UTC</p>"
        f"{_error(execution.error, execution.cause)}"
    )


def _call(call: Call) -> str:
    status = "" if call.status is None else f" → {call.status}"
    facts = {
        "known": f"{call.source}: {call.note}",
        "request id": call.request_id,
        "took": None if call.elapsed_ms is None else f"{call.elapsed_ms:.0f} ms",
    }
    return (
        f"<details open><summary><b>POST</b> {escape(call.url)}{status}</summary>{_facts(facts)}"
        f"{_code('Body', call.body)}{_code('Answer', call.answer)}"
        f"{_code('Mapping template', call.template)}"
        f"{_code('Rendered: the body of StartExecution', call.rendered)}</details>"
    )


def _execution(execution: ExecutionSpan) -> str:
    children: dict[int | None, list[StateSpan]] = {}
    for state in execution.states:
        children.setdefault(state.parent, []).append(state)

    def branch(parent: int | None) -> str:
        return "".join(_state(execution, one, branch(one.id)) for one in children.get(parent, []))

    return f"{_facts({'ARN': execution.arn})}{branch(None)}"


def _state(execution: ExecutionSpan, state: StateSpan, inner: str) -> str:
    attempts = "".join(_attempt(execution, one) for one in state.attempts)
    error = "" if state.attempts else _error(state.error, state.cause)
    when = f"{state.type} at {execution.after_ms(state.entered_at):.0f} ms"
    return (
        f"<details open><summary>{_titled(state.name, state.status, state.duration_ms)} "
        f'<span class="when">{escape(when)}</span></summary>{error}{_code("Input", state.input)}'
        f"{attempts}{inner}{_code('Output', state.output)}</details>"
    )


def _attempt(execution: ExecutionSpan, attempt: Attempt) -> str:
    when = f"{attempt.resource} at {execution.after_ms(attempt.scheduled_at):.0f} ms"
    invocation = "" if attempt.invocation is None else _invocation(execution, attempt.invocation)
    title = _titled(f"Attempt {attempt.number}", attempt.status, attempt.duration_ms)
    return (
        f'<details open><summary>{title} <span class="when">{escape(when)}</span></summary>'
        f"{_error(attempt.error, attempt.cause)}{_facts({'note': attempt.note or None})}"
        f"{invocation}</details>"
    )


def _invocation(execution: ExecutionSpan, span: InvocationSpan) -> str:
    lines = "\n".join(f"{execution.after_ms(line.at):8.0f} ms  {line.text}" for line in span.lines)
    objects = "".join(
        f"<li><b>{one.operation}</b> s3://{escape(one.bucket)}/{escape(one.key)}"
        f"{'' if one.length_bytes is None else f', {one.length_bytes:,} bytes'} "
        f'<span class="how">({one.source}: {escape(one.note)})</span></li>'
        for one in span.objects
    )
    return (
        f"<details open><summary><b>Invocation</b> {escape(span.request_id)}</summary>"
        f"<p>{escape(trace_text.facts(span))}</p>{_code('Log', lines)}"
        f"{f'<ul>{objects}</ul>' if objects else ''}</details>"
    )


def _titled(name: str, status: str, duration_ms: float | None) -> str:
    took = "" if duration_ms is None else f" {duration_ms:.0f} ms"
    return f'<b>{escape(name)}</b> <span class="status {status}">{status}</span>{took}'


def _error(error: str | None, cause: str | None) -> str:
    if not error and not cause:
        return ""
    return f'<p class="error"><b>{escape(error or "error")}</b>: {escape(cause or "")}</p>'


def _facts(facts: dict[str, str | None]) -> str:
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items() if value
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _code(title: str, text: str | None) -> str:
    if not text:
        return ""
    return f"<details><summary>{escape(title)}</summary><pre>{escape(pretty(text))}</pre></details>"


def pretty(text: str) -> str:
    """JSON *text* with line breaks; other text as it is."""
    try:
        value: Any = json.loads(text)
    except ValueError:
        return text
    return json.dumps(value, indent=2, ensure_ascii=False)
