"""A trace as one HTML file that needs nothing else: to hand in, or to attach to a bug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.model import as_json
from views import failure, markup, sizes, svg, terminal, theme

if TYPE_CHECKING:
    from markupsafe import Markup

    from runs.model import StateSpan, Trace


def page(trace: Trace, definition: str | None = None) -> Markup:
    """The whole file.

    Args:
        trace: of one request.
        definition: of its state machine, to draw it; no drawing where it is None.
    """
    states: dict[int | None, list[StateSpan]] = {}
    for state in trace.execution.states:
        states.setdefault(state.parent, []).append(state)
    statuses = {state.name: state.status.value for state in trace.execution.states}
    return markup.VIEWS.render(
        "trace.html",
        call=trace.call,
        execution=trace.execution,
        states=states,
        drawing=None if definition is None else svg.svg(definition, statuses),
        whole=as_json(trace),
        invoked=terminal.facts,
        redriven=terminal.redriven,
        sizes=sizes,
        in_words=failure.words,
        theme=theme,
    )
