"""What StartSyncExecution answered: of an Express execution there is nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from console import elements
from runs.model import span_ms
from views import failure, sizes

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import StartSyncExecutionOutputTypeDef

NOT_KEPT: Final = (
    "Step Functions keeps no history of Express executions: this answer, and the log group of the "
    "machine if it has one, are all there is."
)


def show(answer: StartSyncExecutionOutputTypeDef) -> None:
    """Status, output or error, and what it took."""
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
