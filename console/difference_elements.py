"""What shows how data changed: two values as one, and the data flow through a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console import elements
from views import data_flow, differences
from views.explain import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from client.tested_state import Step


def difference(before: Any, after: Any, label: str) -> None:
    """*after*, in which is marked what *before* had otherwise."""
    lines = differences.lines(before, after)
    made = elements.Rendered("pre", "code difference").render(
        "difference.html", lines=differences.cut(lines)
    )
    made.props["tabindex"] = "0"
    made.props["role"] = "group"
    made.props["aria-label"] = label


def flow(steps: Sequence[Step]) -> None:
    """The steps side by side, each with what it changed against the one that it was made of."""
    with elements.box("ol", "flow"):
        for step, base in data_flow.bases(steps):
            _step(step, base)


def _step(step: Step, base: Step | None) -> None:
    before = base.data if base is not None else differences.NOTHING
    same = base is not None and not differences.differ(before, step.data)
    with elements.box("li", "" if same else "changed"):
        with elements.box("p"):
            elements.text(step.field, "b")
            elements.explain(Topic.FIELD, step.field)
            elements.text(" " + _told(step, base, same=same), "span", "dim")
        if same:
            elements.folded(f"Data after {step.field}", data_flow.written(step.data))
        elif base is None:
            elements.code(data_flow.written(step.data), f"Data after {step.field}")
        else:
            difference(before, step.data, f"Data after {step.field}")


def _told(step: Step, base: Step | None, *, same: bool) -> str:
    if base is None:
        return "what it got" if step.field == "input" else "new"
    if same:
        return f"the same as {base.field}"
    changes = differences.counted(differences.lines(base.data, step.data))
    return f"against {base.field}: {changes}"
