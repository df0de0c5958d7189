"""What StartSyncExecution answered: of an Express execution there is its log beside, at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from console import elements
from runs.model import span_ms
from views import failure, sizes

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import StartSyncExecutionOutputTypeDef

NOT_KEPT: Final = (
    "Step Functions keeps no history of Express executions: this answer, and what the machine "
    "logs, are all there is."
)


def show(answer: StartSyncExecutionOutputTypeDef, *, logged_at: str = "") -> None:
    """Status, output or error, and what it took; *logged_at* is the page of its log, if any."""
    with elements.box(classes="row"):
        elements.Chip(answer["status"])
        took_ms = span_ms(answer["startDate"], answer["stopDate"])
        elements.text(sizes.duration(took_ms), "span")
    if answer.get("error") or answer.get("cause"):
        words = f"{answer.get('error', 'error')}: {failure.words(answer.get('cause'))}"
        elements.text(words, "p", "bad")
    elements.folded("Input", answer.get("input"))
    elements.folded("Output", answer.get("output"), opened=True)
    elements.facts({"ARN": answer["executionArn"]})
    elements.text(NOT_KEPT, "p", "dim")
    if logged_at:
        elements.link("Its events, from the log", logged_at, "button")
