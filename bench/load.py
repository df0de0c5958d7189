"""A client that costs little: what it took itself would count against what is measured.

It starts executions, by POST or at Step Functions, and asks for their end with waits that follow
how long they take, so that a slow emulator is not asked more often than a fast one.
"""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, Final

import psutil
import urllib3

from runs.call import ApiResponse
from testbed.aws import EMULATOR_ACCESS_KEY
from testbed.errors import TestbedError

_GIVE_UP_S: Final = 60.0
_MB: Final = 1024 * 1024
_SIGNED: Final = (
    f"AWS4-HMAC-SHA256 Credential={EMULATOR_ACCESS_KEY}/20260101/ca-central-1/states/aws4_request, "
    "SignedHeaders=host, Signature=0"
)


@dataclasses.dataclass(frozen=True)
class Entry:
    """Where executions are started.

    Attributes:
        endpoint: base URL of the emulator.
        state_machine_arn: what is executed.
        api_url: where to POST; None to start at Step Functions.
        pid: the emulator's process.
    """

    endpoint: str
    state_machine_arn: str
    api_url: str | None
    pid: int

    def at_step_functions(self) -> Entry:
        """The same, without API Gateway."""
        return dataclasses.replace(self, api_url=None)


@dataclasses.dataclass(frozen=True)
class Throughput:
    """What some seconds of load gave.

    Attributes:
        per_s: executions a second.
        cpu_ms: processor time of the server for each; of its own process alone.
    """

    per_s: float
    cpu_ms: float


class LoadClient:
    """Starts executions of one image at one entry and follows them; for many threads."""

    def __init__(self, entry: Entry, key: str, *, usual_s: float = 0.05) -> None:
        self.entry, self.key = entry, key
        self._pool = urllib3.PoolManager(maxsize=64, block=False)
        self._usual_s = usual_s
        self._alone_s = 0.05
        self._lock = threading.Lock()

    def fresh(self, entry: Entry | None = None, *, usual_s: float = 0.05) -> LoadClient:
        """One that expects executions to take *usual_s*, whatever was before."""
        return LoadClient(entry or self.entry, self.key, usual_s=usual_s)

    def execute(self) -> float:
        """Seconds from the request until the execution is seen to have ended well.

        Raises:
            TestbedError: it did not.
        """
        began = time.monotonic()
        seen = self._ended(self._start("copy"), self._usual_s * 0.7, self._usual_s * 0.08)
        took_s = time.monotonic() - began
        with self._lock:  # as the emulator tells it: our own waits must not feed on themselves
            self._usual_s = 0.8 * self._usual_s + 0.2 * _inside_s(seen)
        return took_s

    def start_to_stop(self, mode: str) -> float:
        """Seconds from start to stop as Step Functions tells them, undisturbed meanwhile.

        Raises:
            TestbedError: the execution did not end well.
        """
        seen = self._ended(self._start(mode), self._alone_s * 1.3, self._alone_s * 0.3)
        self._alone_s = _inside_s(seen)
        return self._alone_s

    def post_to_stop(self, mode: str) -> float:
        """Seconds from the request until the execution's stop as Step Functions tells that.

        Nobody asks meanwhile: neither waits between questions nor their answering count.

        Raises:
            TestbedError: the execution did not end well.
        """
        began = time.time()
        seen = self._ended(self._start(mode), self._alone_s * 1.5, self._alone_s * 0.3)
        self._alone_s = _inside_s(seen)
        return float(seen["stopDate"]) - began

    def many(self, count: int, clients: int) -> float:
        """Seconds that *count* executions took, so many at a time."""
        began = time.monotonic()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(lambda _: self.execute(), range(count)))
        return time.monotonic() - began

    def burst(self, clients: int, seconds: float) -> Throughput:
        """Load of so many clients, each with one execution under way, for so long."""
        server = psutil.Process(self.entry.pid)
        end = time.monotonic() + seconds
        counts = [0] * clients

        def client(number: int) -> None:
            while time.monotonic() < end:
                self.execute()
                counts[number] += 1

        before_s, began = _cpu_s(server), time.monotonic()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(client, range(clients)))
        took_s, done = time.monotonic() - began, sum(counts)
        return Throughput(done / took_s, (_cpu_s(server) - before_s) / done * 1000)

    def _start(self, mode: str) -> str:
        body = json.dumps({"key": self.key, "mode": mode})
        if self.entry.api_url is None:
            wanted = {"stateMachineArn": self.entry.state_machine_arn, "input": body}
            return str(self._states("StartExecution", wanted)["executionArn"])
        return self._post(
            self.entry.api_url, body, {"Content-Type": "application/json"}
        ).execution_arn

    def _ended(self, arn: str, first_s: float, then_s: float) -> dict[str, Any]:
        """The execution's description when it has ended, first asked for after *first_s*."""
        give_up = time.monotonic() + _GIVE_UP_S
        time.sleep(first_s)
        while (seen := self._states("DescribeExecution", {"executionArn": arn}))[
            "status"
        ] == "RUNNING":
            if time.monotonic() > give_up:
                raise TestbedError(f"{arn} did not end in {_GIVE_UP_S:g} s")
            time.sleep(max(0.002, then_s))
        if seen["status"] != "SUCCEEDED":
            raise TestbedError(f"{arn} ended as {seen['status']}")
        return seen

    def _states(self, operation: str, wanted: dict[str, Any]) -> dict[str, Any]:
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"AWSStepFunctions.{operation}",
            "Authorization": _SIGNED,
        }
        response = self._post(self.entry.endpoint + "/", json.dumps(wanted), headers)
        if response.status != HTTPStatus.OK:
            raise TestbedError(f"{operation} was refused ({response.status}): {response.body}")
        parsed: dict[str, Any] = json.loads(response.body)
        return parsed

    def _post(self, url: str, body: str, headers: dict[str, str]) -> ApiResponse:
        began = time.monotonic()
        got = self._pool.request("POST", url, body=body, headers=headers, timeout=_GIVE_UP_S)
        return ApiResponse(
            url=url,
            status=got.status,
            headers=got.headers,
            body=got.data.decode("utf-8", "replace"),
            elapsed_ms=(time.monotonic() - began) * 1000,
        )


def memory_mb(pid: int) -> float:
    """Resident memory of a process, in MB."""
    return float(psutil.Process(pid).memory_info().rss) / _MB


def family_memory_mb(pid: int) -> float:
    """The proportional set of a process with all that it started, in MB."""
    process = psutil.Process(pid)
    return proportional_mb([process, *process.children(recursive=True)])


def proportional_mb(processes: Iterable[psutil.Process]) -> float:
    """The proportional set of *processes* together, in MB: what others share counts in part."""
    return float(sum(each.memory_full_info().pss for each in processes)) / _MB


def _inside_s(seen: dict[str, Any]) -> float:
    return float(seen["stopDate"]) - float(seen["startDate"])


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
