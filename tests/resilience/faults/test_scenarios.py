"""Each ready-made scenario, on the real pipeline: what it says that the pipeline makes of it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from runs.model import Status
from testbed import fault_scenarios, faults, names
from tests.e2e.client import Client, png
from tests.support import functions
from tests.support.testbeds import ProvisionedTestbed

# Of the first six reads and writes some are hit, and none of six images is hit six times.
SEED = 5


@pytest.fixture
def client(private_testbed: ProvisionedTestbed) -> Client:
    return Client(private_testbed)


def run(client: Client, scenario: str, images: int = 1) -> list[tuple[str, str | None, list[str]]]:
    """How *images* sent at once fared: status, error, and each attempt's error in order."""
    keys = [client.key(f"{number}.png") for number in range(images)]
    for key in keys:
        client.upload(key, png())
    faults.put(client.testbed.outputs.endpoint or "", on(scenario), SEED)
    with ThreadPoolExecutor(images) as pool:
        ended = list(pool.map(client.run, keys))
    return [
        (one.status.value, one.error, [attempt.error or "" for attempt in one.attempts])
        for one in ended
    ]


def on(scenario: str) -> tuple[dict[str, object], ...]:
    return fault_scenarios.named(scenario).rules


def hits(client: Client) -> int:
    return sum(one.hits for one in faults.fetch(client.testbed.outputs.endpoint or ""))


def test_s3_brownout(client: Client) -> None:
    ended = run(client, "s3-brownout", images=6)
    assert {("SUCCEEDED", None)} == {(status, error) for status, error, _ in ended}
    errors = {error for _, _, attempts in ended for error in attempts}
    assert {"", "TransientStorageError"} == errors
    assert hits(client) > 0


def test_lambda_throttled(client: Client) -> None:
    ((status, _, attempts),) = run(client, "lambda-throttled")
    assert ("SUCCEEDED", ["Lambda.TooManyRequestsException"] * 3 + [""]) == (status, attempts)


def test_lambda_crashes(client: Client) -> None:
    ((status, _, attempts),) = run(client, "lambda-crashes")
    assert ("SUCCEEDED", ["Runtime.ExitError"] * 2 + [""]) == (status, attempts)


def test_function_times_out(client: Client) -> None:
    """With a second in place of the function's thirty: the test is not to wait for them."""
    client.aws.lambda_.update_function_configuration(FunctionName=names.FUNCTION, Timeout=2)
    functions.until_settled(client.aws, names.FUNCTION)
    ((status, _, attempts),) = run(client, "function-times-out")
    assert ("SUCCEEDED", ["Lambda.Unknown", ""]) == (status, attempts)


def test_out_of_memory(client: Client) -> None:
    ((status, error, attempts),) = run(client, "out-of-memory")
    assert ("FAILED", "Runtime.ExitError") == (status, error)
    assert ["Runtime.ExitError"] * 5 == attempts


def test_slow_cold_start(client: Client) -> None:
    faults.put(client.testbed.outputs.endpoint or "", on("slow-cold-start"), SEED)
    # A fork has no environment yet; where one is idle, a new configuration ends it.
    client.aws.lambda_.update_function_configuration(FunctionName=names.FUNCTION, Timeout=29)
    functions.until_settled(client.aws, names.FUNCTION)
    key = client.key("a.png")
    client.upload(key, png())
    ended = client.run(key)
    assert Status.SUCCEEDED is ended.status
    assert 1 == hits(client)
    assert (ended.duration_ms or 0) >= 3000


@pytest.mark.parametrize(
    ("scenario", "code"), [("access-denied", "AccessDenied"), ("bucket-gone", "NoSuchBucket")]
)
def test_what_stays_wrong_is_told_after_one_attempt(
    client: Client, scenario: str, code: str
) -> None:
    """S3's own words stand in the cause; nothing was written."""
    key = client.key("a.png")
    client.upload(key, png())
    faults.put(client.testbed.outputs.endpoint or "", on(scenario), SEED)
    ended = client.run(key)
    assert ("FAILED", "CONFIG_ERROR") == (ended.status.value, ended.error)
    assert f"S3 answers {code}" in (ended.cause or "")
    assert 1 == len(ended.attempts)
    faults.remove(client.testbed.outputs.endpoint or "")
    assert not client.has_thumbnail(key)


def test_lost_connections(client: Client) -> None:
    ended = run(client, "lost-connections", images=6)
    assert {("SUCCEEDED", None)} == {(status, error) for status, error, _ in ended}
    assert hits(client) > 0


def test_api_throttled(client: Client) -> None:
    faults.put(client.testbed.outputs.endpoint or "", on("api-throttled"), SEED)
    answer = client.post('{"key": "a.png"}')
    assert (429, {"message": "Too Many Requests"}) == (answer.status, json.loads(answer.body))
    assert "TooManyRequestsException" == answer.headers["x-amzn-ErrorType"]
    assert set() == client.executions()
    assert client.post('{"key": "a.png"}').has_started


def test_every_scenario_has_its_test() -> None:
    """A new one is not forgotten here."""
    tested = {
        *("s3-brownout", "lambda-throttled", "lambda-crashes", "function-times-out"),
        *("out-of-memory", "slow-cold-start", "access-denied", "bucket-gone", "lost-connections"),
        "api-throttled",
    }
    assert tested == set(fault_scenarios.BY_NAME)
