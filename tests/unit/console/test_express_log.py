"""What is said of an Express machine's log."""

from __future__ import annotations

import json

import pytest

from console import command_forms, express_log
from console.commands import Cli
from runs.express import MachineLog
from tests.support.addresses import EMULATED
from tests.support.shown import read


@pytest.mark.parametrize(
    ("log", "told", "untold"),
    [
        (MachineLog("g", "ALL", data=True), "keeps no history", "not known"),
        (MachineLog("g", "ERROR", data=True), "logs failures alone", "includeExecutionData"),
        (MachineLog("g", "FATAL", data=True), "logs failed executions alone", "includeExecution"),
        (MachineLog("g", "ALL", data=False), "includeExecutionData is off", "not known"),
    ],
)
def test_what_the_log_leaves_out_is_said(log: MachineLog, told: str, untold: str) -> None:
    """And no more than that."""
    text = read(lambda: express_log.from_log(log)).text
    assert "Read from the log group g." in text
    assert told in text
    assert untold not in text


def test_the_log_is_switched_on_by_two_commands() -> None:
    """The second names the group that the first makes, as an ARN of the machine's account."""
    group, update = express_log.switching_on(EMULATED.state_machine_arn, Cli(EMULATED))
    name = "/aws/vendedlogs/states/M-Logs"
    assert str(group).endswith(f"create-log-group --log-group-name {name}")
    words = json.loads(str(update).partition("'")[2].rstrip("'"))
    assert {"level": "ALL", "includeExecutionData": True} == {
        key: value for key, value in words.items() if key != "destinations"
    }
    arn = words["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    assert f"arn:aws:logs:ca-central-1:000000000000:log-group:{name}:*" == arn


def test_reading_the_log_is_a_command() -> None:
    """Which can be written for boto3 and curl as well."""
    log = MachineLog("g", "ALL", data=True)
    shown = read(lambda: express_log.commands(log, "arn:e", Cli(EMULATED)))
    assert '{ $.execution_arn = "arn:e*" }' in shown.text
    words = ("logs", "filter-log-events", "--log-group-name", "g")
    assert command_forms.read(words) is not None
