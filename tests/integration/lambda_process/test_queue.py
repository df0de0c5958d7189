"""More invocations than the machine can run: they wait, and nobody is refused."""

from __future__ import annotations

import concurrent.futures

import boto3
import psutil

from emulator import health
from testbed import waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import invoke

SLEEPER = """
import time
def handler(event, context):
    time.sleep(1)
    return event
"""
CALLER = """
import boto3, json
lambda_ = boto3.client("lambda")
def handler(event, context):
    answer = lambda_.invoke(FunctionName=event["callee"], Payload=json.dumps(event["n"]))
    return json.load(answer["Payload"])
"""


def test_the_account_runs_a_thousand_at_once(emulator: Emulator) -> None:
    """AWS's default, whatever the machine is."""
    limit = emulator.aws.lambda_.get_account_settings()["AccountLimit"]
    assert (1000, 1000) == (
        limit["ConcurrentExecutions"],
        limit["UnreservedConcurrentExecutions"],
    )


def test_more_than_the_machine_can_run_wait(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """Sixty at once on a cold function: each is answered, and none is throttled."""
    name = make_function(SLEEPER, Timeout=60)
    with concurrent.futures.ThreadPoolExecutor(60) as pool:
        pending = [pool.submit(invoke, emulator.aws, name, n) for n in range(60)]
        waiting.until(
            lambda: (health.load(emulator.endpoint).waiting or None, "none waits"),
            "an invocation that waits",
            timeout_s=20,
            interval_s=0.02,
        )
        assert list(range(60)) == [one.result().payload for one in pending]
    assert 0 == health.load(emulator.endpoint).waiting


def test_functions_that_call_another_do_not_keep_it_out(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """Twenty that each hold an environment and wait for a second function to have one."""
    callee = make_function("def handler(event, context):\n    return event\n")
    caller = make_function(CALLER, Timeout=60)
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = pool.map(
            lambda n: invoke(emulator.aws, caller, {"callee": callee, "n": n}).payload, range(20)
        )
        assert list(range(20)) == list(answers)


def test_metrics_leave_no_descriptor(emulator: Emulator, make_function: MakeFunction) -> None:
    """CloudWatch's database is closed after each use."""
    name = make_function("def handler(event, context):\n    return event\n")
    for n in range(5):
        invoke(emulator.aws, name, n)
    open_now = _until_counted(emulator, name)
    assert [] == open_now


def _until_counted(emulator: Emulator, name: str) -> list[str]:
    """Wait until the metric of *name* was asked for and found; then the database's descriptors."""

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
    files = psutil.Process(emulator.pid).open_files()
    return [one.path for one in files if one.path.endswith("metrics.db")]
