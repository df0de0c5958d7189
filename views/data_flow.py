"""The data flow through a tested state, for the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from client.tested_state import Step, TestedState

LINE: Final = 80  # characters
# What each field works on (Amazon States Language, "Input and Output Processing"): the first of
# these that there is. A result is the service's own, and variables are beside the data.
_MADE_OF: Final = {
    "InputPath": ("input",),
    "Parameters": ("InputPath", "input"),
    "Arguments": ("input",),
    "ItemsPath": ("Parameters", "InputPath", "input"),
    "ItemSelector": ("ItemsPath", "InputPath", "input"),
    "ResultSelector": ("result", "Parameters", "InputPath", "input"),
    "ResultPath": ("input",),
    "output": ("ResultPath", "ResultSelector", "result", "Parameters", "InputPath", "input"),
}
_COLOURS: Final = {
    "SUCCEEDED": "green",
    "CAUGHT_ERROR": "yellow",
    "RETRIABLE": "yellow",
    "FAILED": "red",
}


def table(tested: TestedState) -> RenderableType:
    """A line for each field: the data after it, where it changed."""
    lines = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    lines.add_column("field")
    lines.add_column("data after it")
    for step in tested.steps:
        shown: RenderableType = Text("the same", style="dim")
        if step.changed:
            shown = Syntax(
                written(step.data), "json", theme="ansi_dark", background_color="default"
            )
        lines.add_row(Text(step.field), shown)
    return Group(_headed(tested), lines, *_facts(tested))


def bases(steps: Iterable[Step]) -> Iterator[tuple[Step, Step | None]]:
    """Each step with the one whose data its field works on, None where that is none."""
    before: dict[str, Step] = {}
    for step in steps:
        made_of = _MADE_OF.get(step.field, ())
        yield step, next((before[name] for name in made_of if name in before), None)
        before[step.field] = step


def written(data: Any) -> str:
    """*data* as JSON, in one line where that is short."""
    line = json.dumps(data, ensure_ascii=False)
    return line if len(line) <= LINE else json.dumps(data, ensure_ascii=False, indent=2)


def summary(tested: TestedState) -> str:
    """Where it leads to, and what error it is: one line, empty where there is nothing to say."""
    answer = tested.answer
    details = answer.get("inspectionData", {}).get("errorDetails", {})
    words = [f"leads to {answer['nextState']}"] if "nextState" in answer else []
    if "catchIndex" in details:
        words.append(f"caught by Catch[{details['catchIndex']}]")
    if "retryBackoffIntervalSeconds" in details:
        wait_s = details["retryBackoffIntervalSeconds"]
        words.append(f"Retry[{details['retryIndex']}] tries again after {wait_s} s, before jitter")
    elif "retryIndex" in details:
        words.append(f"Retry[{details['retryIndex']}] tries no more")
    return ", ".join(words)


def _headed(tested: TestedState) -> Text:
    status = tested.answer["status"]
    head = Text(f"{tested.name}  ", style="bold")
    head.append(status, style=f"{_COLOURS.get(status, 'cyan')} not bold")
    head.append(f"  {tested.kind}", style="dim not bold")
    return head


def _facts(tested: TestedState) -> list[Text]:
    answer = tested.answer
    facts = [(name, answer[name]) for name in ("error", "cause") if name in answer]
    lines = [Text(f"{name}: {value}") for name, value in facts]
    if words := summary(tested):
        lines.append(Text(words))
    return lines
