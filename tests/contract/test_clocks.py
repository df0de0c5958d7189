"""Who may ask what time it is: the clock can be set, and what is measured by it goes wrong then."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from testbed.settings import ROOT

# Where the time is for people, for AWS, or is what is meant.
MAY_ASK = {
    "bench/load.py": "until an execution's stop, as Step Functions tells it",
    "conformance/features/logs.py": "the time of an event that it puts",
    "conformance/runner.py": "the moment of a report",
    "console/express_list.py": "since when log lines are asked for",
    "console/timeline.py": "the right end of a drawing of what still runs",
    "console/trials.py": "how old a copy is that a console left behind",
    "plugin/localstack_standalone/iam/conditions.py": "aws:CurrentTime",
    "plugin/localstack_standalone/lambda_process/engine/metrics.py": "a metric's time",
    "plugin/localstack_standalone/lambda_process/environment/outcome.py": "a log line's time",
    "plugin/localstack_standalone/lambda_process/worker/logs.py": "a log event's time",
    "plugin/localstack_standalone/lambda_process/worker/worker.py": "Lambda-Runtime-Deadline-Ms",
    "plugin/localstack_standalone/parity/clock/event_age.py": "LocalStack reckons back from it",
    "plugin/localstack_standalone/parity/clock/wait_timestamp.py": "a moment to wait for",
    "plugin/localstack_standalone/parity/s3/presigned_urls.py": "when a URL ends",
    "plugin/localstack_standalone/parity/stepfunctions/redrive/operation.py": "redriveDate",
    "plugin/localstack_standalone/parity/stepfunctions/redrive_fields.py": "14 days since the end",
    "plugin/localstack_standalone/parity/stepfunctions/repeated_start.py": "90 days since the end",
    "plugin/localstack_standalone/persistence/database.py": "since when there is this state",
    "plugin/localstack_standalone/persistence/executions/replaying.py": "what is left of a wait",
    "plugin/localstack_standalone/persistence/executions/resumed.py": "how long nobody ran it",
    "plugin/localstack_standalone/persistence/folder.py": "when state was set aside",
    "plugin/localstack_standalone/persistence/services/lambda_.py": "what is due after a restart",
    "plugin/localstack_standalone/persistence/services/logs.py": "the days of a retention",
    "plugin/localstack_standalone/persistence/reset.py": "when an execution was stopped",
    "plugin/localstack_standalone/persistence/snapshot.py": "when a snapshot was made",
    "plugin/localstack_standalone/steady.py": "once, at the start",
    "runs/collect.py": "up to when log lines are asked for",
    "runs/express.py": "whether an execution can still run",
    "scripts/load.py": "the name of the snapshot of what was there",
    "scripts/load_test.py": "since when faults were injected",
}
ASKING = {"time.time", "time.time_ns", "now", "utcnow", "today"}


def asks(path: Path) -> bool:
    """Whether the module calls a function that reads the system's clock."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    for call in calls:
        if not isinstance(call.func, ast.Attribute):
            continue
        name, owner = call.func.attr, ast.unparse(call.func.value)
        if f"{owner}.{name}" in ASKING or (name in ASKING and "date" in owner):
            return True
    return False


def product() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.splitlines() if not name.startswith("tests/")]


def test_only_who_means_the_time_of_day_asks_for_it() -> None:
    """Durations, deadlines and ages are by time.monotonic, or by localstack_standalone.steady."""
    assert set(MAY_ASK) == {name for name in product() if asks(ROOT / name)}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("time.time()", True),
        ("dt.datetime.now(dt.UTC)", True),
        ("datetime.utcnow()", True),
        ("date.today()", True),
        ("time.monotonic()", False),
        ("steady.now()", False),
    ],
)
def test_what_counts_as_asking(tmp_path: Path, code: str, *, expected: bool) -> None:
    """The system's clock, by whatever name."""
    (tmp_path / "a.py").write_text(code)
    assert expected == asks(tmp_path / "a.py")
