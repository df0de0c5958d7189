"""What CloudWatch's metrics of invocations leave behind."""

from __future__ import annotations

import boto3
import psutil

from testbed import waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import invoke


def test_metrics_leave_no_descriptor(emulator: Emulator, make_function: MakeFunction) -> None:
    """CloudWatch's database is closed after each use."""
    name = make_function("def handler(event, context):\n    return event\n")
    for n in range(5):
        invoke(emulator.aws, name, n)
    _until_counted(emulator, name)
    process = psutil.Process(emulator.pid)

    def none_open() -> tuple[bool | None, str]:
        paths = [one.path for one in process.open_files() if one.path.endswith("metrics.db")]
        return (not paths or None), f"{len(paths)} open"

    waiting.until(none_open, "a database that nobody has open", timeout_s=10, interval_s=0.05)


def _until_counted(emulator: Emulator, name: str) -> None:
    """Wait until the metric of *name* was asked for and found."""
    cloudwatch = boto3.client(
        "cloudwatch",
        endpoint_url=emulator.endpoint,
        region_name=emulator.aws.region,
        aws_access_key_id=EMULATOR_ACCESS_KEY,
        aws_secret_access_key=EMULATOR_SECRET_KEY,
    )

    def found() -> tuple[bool | None, str]:
        listed = cloudwatch.list_metrics(
            Namespace="AWS/Lambda", Dimensions=[{"Name": "FunctionName", "Value": name}]
        )["Metrics"]
        return (bool(listed) or None), "no metric"

    waiting.until(found, "the metric", timeout_s=20, interval_s=0.05)
