"""An execution goes on from wherever it was: behind each of its events, as if the next were lost.

Copies of one execution run to their end; each copy is then made to be killed behind another event,
by taking what came after that from the disk, and all have to come to the same end once more.
"""

from __future__ import annotations

import collections
import json
from pathlib import Path
from typing import Any

from localstack_standalone.persistence.executions import history
from localstack_standalone.persistence.executions.recorder import EVENT, OUTCOME
from testbed import waiting
from tests.support.functions import ROLE
from tests.support.kept import KeptEmulator, kept_emulator

NO_BUCKET: dict[str, Any] = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:s3:getBucketLocation",
    "Arguments": {"Bucket": "nobody-has-this-one"},
}
LIST: dict[str, Any] = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets",
    "Output": "{% $count($states.result.Buckets) %}",
}
RETRY = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}


def definition(child: str) -> dict[str, Any]:
    """One of each kind of state."""
    each = {
        "ProcessorConfig": {"Mode": "INLINE"},
        "StartAt": "List",
        "States": {
            "List": {**LIST, "Output": "{% $states.input + $base %}", "Next": "Which"},
            "Which": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $states.input = 11 %}", "Next": "Eleven"}],
                "Default": "Other",
            },
            "Eleven": {"Type": "Pass", "Output": "eleven", "End": True},
            "Other": {"Type": "Succeed"},
        },
    }
    branches = [
        {"StartAt": "Left", "States": {"Left": {**LIST, "End": True}}},
        {
            "StartAt": "Right",
            "States": {
                "Right": {"Type": "Pass", "Assign": {"inner": 5}, "Next": "Wait"},
                "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Last"},
                "Last": {"Type": "Pass", "Output": "{% $inner %}", "End": True},
            },
        },
    ]
    caught = {"ErrorEquals": ["States.ALL"], "Next": "Nested", "Output": "caught"}
    nested = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": {
            "StateMachineArn": child,
            "Input": {"from": "{% $states.context.Execution.Name %}"},
        },
        "Assign": {"nested": "{% $states.result.Output %}"},
        "Next": "Map",
    }
    states = {
        "Begin": {"Type": "Pass", "Assign": {"base": 10}, "Next": "Fails"},
        "Fails": {**NO_BUCKET, "Retry": [RETRY], "Catch": [caught], "Next": "Nested"},
        "Nested": nested,
        "Map": {
            "Type": "Map",
            "Items": [1, 2],
            "MaxConcurrency": 1,
            "ItemProcessor": each,
            "Assign": {"mapped": "{% $states.result %}"},
            "Next": "Parallel",
        },
        "Parallel": {"Type": "Parallel", "Branches": branches, "Next": "End"},
        "End": {
            "Type": "Pass",
            "Output": {
                "mapped": "{% $mapped %}",
                "parallel": "{% $states.input %}",
                "nested": "{% $nested %}",
            },
            "End": True,
        },
    }
    return {"QueryLanguage": "JSONata", "StartAt": "Begin", "States": states}


class Copies:
    """The same execution, many times."""

    def __init__(self, kept: KeptEmulator) -> None:
        self.kept = kept
        only = {"Type": "Pass", "Output": "{% $states.input %}", "End": True}
        child = {"QueryLanguage": "JSONata", "StartAt": "Only", "States": {"Only": only}}
        self.child = self._make("child", child)
        self.machine = self._make("copied", definition(self.child))

    def _make(self, name: str, what: dict[str, Any]) -> str:
        made = self.kept.aws.stepfunctions.create_state_machine(
            name=name, definition=json.dumps(what), roleArn=ROLE
        )
        return made["stateMachineArn"]

    def start(self, name: str) -> str:
        return self.kept.aws.stepfunctions.start_execution(
            stateMachineArn=self.machine, name=name, input="{}"
        )["executionArn"]

    def output(self, arn: str) -> Any:
        """What it ends with, but for the name that it was given."""

        def probe() -> tuple[Any, str]:
            found = self.kept.aws.stepfunctions.describe_execution(executionArn=arn)
            return (None if found["status"] == "RUNNING" else found), found["status"]

        found = waiting.until(probe, f"the end of {arn}", timeout_s=60)
        assert "SUCCEEDED" == found["status"], (arn, found.get("error"), found.get("cause"))
        output = json.loads(found["output"])
        assert {"from": found["name"]} == output.pop("nested")
        return output

    def kinds(self, arn: str) -> collections.Counter[str]:
        pages = self.kept.aws.stepfunctions.get_paginator("get_execution_history")
        found = pages.paginate(executionArn=arn)
        return collections.Counter(event["type"] for page in found for event in page["events"])

    def cut(self, arn: str, after: int) -> None:
        """Have it be killed behind event *after*."""
        with self.kept.disk() as disk:
            disk.execute("DELETE FROM record WHERE (kind, key) = (?, ?)", (OUTCOME, arn))
            disk.execute(
                "DELETE FROM record WHERE kind = ? AND key > ? AND key < ?",
                (EVENT, history.key(arn, after), history.prefix(arn) + "9" * 7),
            )


def test_it_comes_to_the_same_end_from_everywhere(tmp_path: Path) -> None:
    with kept_emulator(tmp_path) as kept:
        copies = Copies(kept)
        first = copies.start("first")
        output, kinds = copies.output(first), copies.kinds(first)
        arns = [copies.start(f"copy-{after}") for after in range(kinds.total())]
        for arn in arns:
            assert (output, kinds) == (copies.output(arn), copies.kinds(arn))

        kept.kill()
        for after, arn in enumerate(arns):
            copies.cut(arn, after)
        kept.start()

        told = {after: (copies.output(arn), copies.kinds(arn)) for after, arn in enumerate(arns)}
        wrong = {
            after: (got, seen - kinds, kinds - seen)
            for after, (got, seen) in told.items()
            if (got, seen) != (output, kinds)
        }
        assert {} == wrong
        children = kept.aws.stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=copies.child
        )
        assert 1 + len(arns) == sum(len(page["executions"]) for page in children)
