"""More invocations than the machine runs at once: they wait their turn, and none is refused."""

from __future__ import annotations

import contextlib
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support import functions
from tests.support.functions import logged
from tests.support.meeting import Meeting

CALLERS = 8
UPDATES = 40

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

MEETING = """
    import time, urllib.request
    def handler(event, context):
        while int(urllib.request.urlopen(event["place"] + str(event["n"])).read()) < event["count"]:
            time.sleep(0.1)
        return event["n"]
"""
# Without boto3, which sixty environments would import, and which does nothing for what is tested.
NESTED = """
    import json, os, urllib.request
    def handler(depth, context):
        if depth == 0:
            return 0
        path = f"/2015-03-31/functions/{context.function_name}/invocations"
        url = os.environ["AWS_ENDPOINT_URL"] + path
        scope = f"test/20260101/{os.environ['AWS_REGION']}/lambda/aws4_request"
        signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
        body = json.dumps(depth - 1).encode()
        request = urllib.request.Request(url, body, {"Authorization": signed})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return 1 + json.load(answer)
"""
# At work until the gate opens: who sleeps makes room for others, and nobody would have to wait.
COMPUTING = """
    import time, urllib.error, urllib.request
    def is_open(gate):
        try:
            return urllib.request.urlopen(gate + "?").status == 200
        except urllib.error.HTTPError:
            return False
    def handler(event, context):
        while not is_open(event):
            for _ in range(20):
                end = time.process_time() + 0.005
                while time.process_time() < end:
                    pass
                time.sleep(0.005)
        return "VALUE"
"""


@pytest.fixture
def crowd(emulator: Emulator) -> LambdaClient:
    """A client for many threads, which does not hide a refusal by trying again."""
    config = Config(max_pool_connections=1000, read_timeout=120, retries={"total_max_attempts": 1})
    session = emulator.aws._session  # noqa: SLF001 - its credentials and region
    return session.client("lambda", endpoint_url=emulator.endpoint, config=config)


@contextlib.contextmanager
def opened(met: Meeting) -> Iterator[None]:
    """Whatever happens, the gate is open in the end: what is at work until then ends."""
    try:
        yield
    finally:
        met.go.set()


def at_once[T](count: int, work: Callable[[int], T]) -> list[T]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def answer(client: LambdaClient, name: str, event: Any) -> Any:
    return json.load(client.invoke(FunctionName=name, Payload=json.dumps(event))["Payload"])


def until_many_wait(emulator: Emulator, count: int) -> dict[str, Any]:
    """The status of the environments when over *count* invocations wait for one."""

    def probe() -> tuple[dict[str, Any] | None, str]:
        seen = environments(emulator)
        return (seen if seen["waiting"] > count else None), str(seen)

    return waiting.until(probe, f"over {count} in the queue", timeout_s=30)


def environments(emulator: Emulator) -> dict[str, Any]:
    address = f"{emulator.endpoint}/_localstack/standalone"
    with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own
        found: dict[str, Any] = json.load(response)["environments"]
        return found


def test_forty_functions_that_wait_for_each_other_all_run(
    crowd: LambdaClient, make_function: MakeFunction, met: Meeting
) -> None:
    """Who sleeps takes nobody's place: on AWS they run at once, whatever a core could bear."""
    name = make_function(MEETING, Timeout=60)
    event = {"place": met.url, "count": 40}
    answers = at_once(40, lambda n: answer(crowd, name, event | {"n": n}))
    assert list(range(40)) == answers


def test_forty_events_that_wait_for_each_other_all_run(
    emulator: Emulator, make_function: MakeFunction, met: Meeting
) -> None:
    """Asynchronous invocations too, each once."""
    name = make_function(MEETING, Timeout=60)
    for n in range(40):
        event = json.dumps({"place": met.url, "count": 40, "n": n})
        emulator.aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=event)

    def probe() -> tuple[bool | None, str]:
        here = len(met.came)
        return (True if here == 40 else None), f"{here} have met"

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
    emulator: Emulator, crowd: LambdaClient, make_function: MakeFunction, met: Meeting
) -> None:
    """None is throttled; the status tells how many wait; afterwards nobody does."""
    name = make_function(COMPUTING, Timeout=60)
    count = 200 + environments(emulator)["bounds"]["at_work"]
    with ThreadPoolExecutor(count) as pool, opened(met):
        answers = [pool.submit(answer, crowd, name, met.url) for _ in range(count)]
        seen = until_many_wait(emulator, 100)
        met.go.set()
        assert ["VALUE"] * count == [one.result() for one in answers]
    assert seen["running"] + seen["starting"] <= seen["bounds"]["environments"]
    after = environments(emulator)
    assert (0, 0, 0) == (after["waiting"], after["running"], after["starting"])
    assert after["longest_wait_s"] > 0


def test_who_waits_for_a_version_gets_its_update(
    emulator: Emulator, crowd: LambdaClient, make_function: MakeFunction, met: Meeting
) -> None:
    """An update in the middle of a queue: each is answered, by the old code or by the new."""
    name = make_function(COMPUTING, Timeout=60)
    count = 100 + environments(emulator)["bounds"]["at_work"]
    with ThreadPoolExecutor(count) as pool, opened(met):
        answers = [pool.submit(answer, crowd, name, met.url) for _ in range(count)]
        until_many_wait(emulator, 50)
        code = functions.zipped(COMPUTING.replace("VALUE", "NEW"))
        emulator.aws.lambda_.update_function_code(FunctionName=name, ZipFile=code)
        met.go.set()
        assert {"VALUE", "NEW"} == {one.result() for one in answers}


def test_updates_while_it_is_invoked_fail_nobody(
    emulator: Emulator, crowd: LambdaClient, make_function: MakeFunction
) -> None:
    """Whichever moment the version is replaced in: each is answered, by the old or the new one."""
    name = make_function("def handler(event, context): return event")
    done = threading.Event()

    def invoke_until_done(caller: int) -> int:
        count = 0
        while not done.is_set():
            assert caller == answer(crowd, name, caller)
            count += 1
        return count

    with ThreadPoolExecutor(CALLERS) as pool:
        callers = [pool.submit(invoke_until_done, number) for number in range(CALLERS)]
        try:
            for number in range(UPDATES):
                emulator.aws.lambda_.update_function_configuration(
                    FunctionName=name, Description=str(number)
                )
                functions.until_settled(emulator.aws, name)
        finally:
            done.set()
        assert all(caller.result() for caller in callers)


def test_who_waits_for_a_function_that_is_deleted_is_told(
    emulator: Emulator, crowd: LambdaClient, met: Meeting
) -> None:
    """Nobody hangs: what ran is answered, and the rest is not found."""
    name = functions.make(emulator.aws, COMPUTING, Timeout=60)

    def outcome(_: int) -> str:
        try:
            return str(answer(crowd, name, met.url))
        except ClientError as error:
            return error.response["Error"]["Code"]

    count = 100 + environments(emulator)["bounds"]["at_work"]
    with ThreadPoolExecutor(count) as pool, opened(met):
        outcomes = [pool.submit(outcome, n) for n in range(count)]
        until_many_wait(emulator, 50)
        emulator.aws.lambda_.delete_function(FunctionName=name)
        met.go.set()
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
