"""What a page says of an Express machine's log: what was read there, or how to switch it on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from console import elements
from runs import express

if TYPE_CHECKING:
    from console.command_forms import ShownCommand
    from console.commands import Cli
    from runs.express import MachineLog

LEVELS: Final = {
    "ERROR": "Its level ERROR logs failures alone: what else happened, and when it began, is not "
    "known.",
    "FATAL": "Its level FATAL logs failed executions alone: in which state they failed, and when "
    "they began, is not known.",
}
NO_DATA: Final = "Inputs and outputs are not logged: includeExecutionData is off."
SWITCH_ON: Final = (
    "Step Functions keeps no execution of an Express machine. With its log on, what it logs is "
    "shown here: make a log group, then have the machine log to it. On AWS its role needs "
    "logs:CreateLogDelivery and what belongs to it."
)


def from_log(log: MachineLog) -> None:
    """Where a page was read, and what the log leaves out."""
    with elements.box(classes="notice").props("role=note"):
        elements.text(f"Read from the log group {log.group}.", "b", "name")
        told = [
            "Step Functions keeps no history of Express executions.",
            *([LEVELS[log.level]] if log.level in LEVELS else []),
            *([] if log.data else [NO_DATA]),
        ]
        elements.text(" " + " ".join(told), "span")


def off(machine_arn: str, cli: Cli) -> None:
    """How the log of a machine is switched on that logs nothing."""
    elements.empty("It logs nothing", SWITCH_ON)
    elements.commands(*switching_on(machine_arn, cli))


def switching_on(machine_arn: str, cli: Cli) -> tuple[ShownCommand, ShownCommand]:
    """The two commands that have a machine log all, to a group of its own."""
    *_, region, account, _, name = machine_arn.split(":")
    group = f"/aws/vendedlogs/states/{name}-Logs"
    arn = f"arn:aws:logs:{region}:{account}:log-group:{group}:*"
    wanted = {
        "level": express.ALL,
        "includeExecutionData": True,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}],
    }
    return (
        cli.line("logs", "create-log-group", "--log-group-name", group),
        cli.line(
            "stepfunctions", "update-state-machine", "--state-machine-arn", machine_arn,
            "--logging-configuration", json.dumps(wanted),
        ),
    )  # fmt: skip


def commands(log: MachineLog, arns: str, cli: Cli) -> None:
    """What reads the events of the executions whose ARNs begin with *arns*."""
    elements.commands(
        cli.line(
            "logs", "filter-log-events", "--log-group-name", log.group,
            "--filter-pattern", express.pattern(arns),
        )
    )  # fmt: skip
