"""More invocations than the machine runs at once: they wait their turn, and none is refused."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support import functions
from tests.support.functions import logged

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

MEETING = """
    import pathlib, time
    def handler(event, context):
        place = pathlib.Path(event["place"])
        (place / str(event["n"])).touch()
        while len(list(place.iterdir())) < event["count"]:
            time.sleep(0.05)
        return event["n"]
"""
NESTED = """
    import boto3, json
    from botocore.config import Config
    CLIENT = boto3.client("lambda", config=Config(read_timeout=120, retries={"max_attempts": 0}))
    def handler(depth, context):
        if depth == 0:
            return 0
        answer = CLIENT.invoke(FunctionName=context.function_name, Payload=json.dumps(depth - 1))
        return 1 + json.loads(answer["Payload"].read())
"""
COMPUTING = """
    import time
    def handler(event, context):
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        return "VALUE"
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder where functions meet."""
    tmp_path.chmod(0o777)  # run as root, a worker is another user
    return tmp_path


@pytest.fixture
def crowd(emulator: Emulator) -> LambdaClient:
    """A client for many threads, which does not hide a refusal by trying again."""
    config = Config(max_pool_connections=200, read_timeout=120, retries={"total_max_attempts": 1})
    session = emulator.aws._session  # noqa: SLF001 - its credentials and region
    return session.client("lambda", endpoint_url=emulator.endpoint, config=config)


def at_once[T](count: int, work: Callable[[int], T]) -> list[T]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def answer(client: LambdaClient, name: str, event: Any) -> Any:
    return json.load(client.invoke(FunctionName=name, Payload=json.dumps(event))["Payload"])


def environments(emulator: Emulator) -> dict[str, Any]:
    address = f"{emulator.endpoint}/_localstack/standalone"
    with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own
        found: dict[str, Any] = json.load(response)["environments"]
        return found


def test_forty_functions_that_wait_for_each_other_all_run(
    crowd: LambdaClient, make_function: MakeFunction, place: Path
) -> None:
    """Who sleeps takes nobody's place: on AWS they run at once, whatever a core could bear."""
    name = make_function(MEETING, Timeout=60)
    event = {"place": str(place), "count": 40}
    answers = at_once(40, lambda n: answer(crowd, name, event | {"n": n}))
    assert list(range(40)) == answers


def test_forty_events_that_wait_for_each_other_all_run(
    emulator: Emulator, make_function: MakeFunction, place: Path
) -> None:
    """Asynchronous invocations too, each once."""
    name = make_function(MEETING, Timeout=60)
    for n in range(40):
        event = json.dumps({"place": str(place), "count": 40, "n": n})
        emulator.aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=event)

    def probe() -> tuple[bool | None, str]:
        met = len(list(place.iterdir()))
        return (True if met == 40 else None), f"{met} have met"

    waiting.until(probe, "all at one place", timeout_s=60)

    def reported() -> tuple[list[str] | None, str]:
        lines = [line for line in logged(emulator.aws, name, "REPORT") if "REPORT" in line]
        return (lines if len(lines) >= 40 else None), f"{len(lines)} reports"

    assert len(waiting.until(reported, "forty reports", timeout_s=60)) == 40


def test_functions_that_invoke_functions_do_not_wait_for_ever(
    crowd: LambdaClient, make_function: MakeFunction
) -> None:
    """Twelve at once, each over four others: sixty environments that need each other."""
    name = make_function(NESTED, Timeout=120)
    assert [4] * 12 == at_once(12, lambda _: answer(crowd, name, 4))


def test_two_hundred_at_once_wait_their_turn(
    emulator: Emulator, crowd: LambdaClient, make_function: MakeFunction
) -> None:
    """None is throttled; the status tells how many wait; afterwards nobody does."""
    name = make_function(COMPUTING, Timeout=60)
    with ThreadPoolExecutor(201) as pool:
        answers = [pool.submit(answer, crowd, name, None) for _ in range(200)]

        def many_wait() -> tuple[dict[str, Any] | None, str]:
            seen = environments(emulator)
            return (seen if seen["waiting"] > 100 else None), str(seen)

        seen = waiting.until(many_wait, "a hundred in the queue", timeout_s=30, interval_s=0.01)
        assert ["VALUE"] * 200 == [one.result() for one in answers]
    assert seen["running"] + seen["starting"] <= seen["bounds"]["environments"]
    after = environments(emulator)
    assert (0, 0, 0) == (after["waiting"], after["running"], after["starting"])
    assert after["longest_wait_s"] > 0


def test_who_waits_for_a_version_gets_its_update(
    emulator: Emulator, crowd: LambdaClient, make_function: MakeFunction
) -> None:
    """An update in the middle of a queue: each is answered, by the old code or by the new."""
    name = make_function(COMPUTING, Timeout=60)
    with ThreadPoolExecutor(100) as pool:
        answers = [pool.submit(answer, crowd, name, None) for _ in range(100)]
        waiting.until(
            lambda: (environments(emulator)["waiting"] > 50 or None, ""), "a queue", timeout_s=30
        )
        code = functions.zipped(COMPUTING.replace("VALUE", "NEW"))
        emulator.aws.lambda_.update_function_code(FunctionName=name, ZipFile=code)
        assert {"VALUE", "NEW"} == {one.result() for one in answers}


def test_who_waits_for_a_function_that_is_deleted_is_told(
    emulator: Emulator, crowd: LambdaClient
) -> None:
    """Nobody hangs: what ran is answered, and the rest is not found."""
    name = functions.make(emulator.aws, COMPUTING, Timeout=60)

    def outcome(_: int) -> str:
        try:
            return str(answer(crowd, name, None))
        except ClientError as error:
            return error.response["Error"]["Code"]

    with ThreadPoolExecutor(100) as pool:
        outcomes = [pool.submit(outcome, n) for n in range(100)]
        waiting.until(
            lambda: (environments(emulator)["waiting"] > 50 or None, ""), "a queue", timeout_s=30
        )
        emulator.aws.lambda_.delete_function(FunctionName=name)
        assert {"VALUE", "ResourceNotFoundException"} == {one.result() for one in outcomes}


def test_the_accounts_concurrency_is_that_of_aws(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """A thousand, of which a hundred stay unreserved (Lambda's quotas page)."""
    aws = emulator.aws.lambda_
    limit = aws.get_account_settings()["AccountLimit"]
    assert limit["ConcurrentExecutions"] == 1000
    name = make_function("def handler(event, context): pass")
    with pytest.raises(ClientError, match=r"below its minimum value of \[100\]"):
        aws.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=901)
