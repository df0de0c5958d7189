"""A client that costs little: what it took itself would count against what is measured.

It starts executions, by POST or at Step Functions, and asks for their end with waits that follow
how long they take, so that a slow engine is not asked more often than a fast one.
"""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import psutil
import urllib3

from testbed.aws import EMULATOR_ACCESS_KEY
from testbed.errors import TestbedError

_GIVE_UP_S: Final = 60.0
_SIGNED: Final = (
    f"AWS4-HMAC-SHA256 Credential={EMULATOR_ACCESS_KEY}/20260101/ca-central-1/states/aws4_request, "
    "SignedHeaders=host, Signature=0"
)


@dataclasses.dataclass(frozen=True)
class Place:
    """Where executions are started.

    Attributes:
        endpoint: base URL of the engine.
        state_machine_arn: what is executed.
        api_url: where to POST; None to start at Step Functions.
        pid: the engine's process.
    """

    endpoint: str
    state_machine_arn: str
    api_url: str | None
    pid: int

    def at_step_functions(self) -> Place:
        """The same, without API Gateway."""
        return dataclasses.replace(self, api_url=None)


@dataclasses.dataclass(frozen=True)
class Burst:
    """What some seconds of load gave.

    Attributes:
        per_s: executions a second.
        cpu_ms: processor time of the server for each; of its own process alone.
    """

    per_s: float
    cpu_ms: float


class Client:
    """Starts executions in one place and follows them; for many threads."""

    def __init__(self, place: Place, *, usual_s: float = 0.05) -> None:
        self.place = place
        self._pool = urllib3.PoolManager(maxsize=64, block=False)
        self._usual_s = usual_s
        self._alone_s = 0.05
        self._lock = threading.Lock()

    def fresh(self, place: Place | None = None, *, usual_s: float = 0.05) -> Client:
        """One that expects executions to take *usual_s*, whatever was before."""
        return Client(place or self.place, usual_s=usual_s)

    def execute(self, key: str, mode: str = "copy") -> float:
        """Seconds from the request until the execution is seen to have ended well.

        Raises:
            TestbedError: it did not.
        """
        body = json.dumps({"key": key, "mode": mode})
        began = time.monotonic()
        arn = self._start(body)
        time.sleep(self._usual_s * 0.7)
        while (seen := self.describe(arn))["status"] == "RUNNING":
            if time.monotonic() - began > _GIVE_UP_S:
                raise TestbedError(f"{arn} did not end in {_GIVE_UP_S:g} s")
            time.sleep(max(0.002, self._usual_s * 0.08))
        took = time.monotonic() - began
        if seen["status"] != "SUCCEEDED":
            raise TestbedError(f"{arn} ended as {seen['status']}")
        with self._lock:  # as the engine tells it: our own waits must not feed on themselves
            inside = float(seen["stopDate"]) - float(seen["startDate"])
            self._usual_s = 0.8 * self._usual_s + 0.2 * inside
        return took

    def start_to_stop(self, key: str, mode: str) -> float:
        """Seconds from start to stop as Step Functions tells them, undisturbed meanwhile."""
        arn = self._start(json.dumps({"key": key, "mode": mode}))
        time.sleep(self._alone_s * 1.3)
        while (seen := self.describe(arn))["status"] == "RUNNING":
            time.sleep(self._alone_s * 0.3)
        self._alone_s = float(seen["stopDate"]) - float(seen["startDate"])
        return self._alone_s

    def describe(self, arn: str) -> dict[str, Any]:
        """DescribeExecution."""
        return self._states("DescribeExecution", {"executionArn": arn})

    def together(self, count: int, key: str) -> float:
        """Seconds until *count* executions that are started at once have all ended."""
        began = time.monotonic()
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(lambda _: self.execute(key), range(count)))
        return time.monotonic() - began

    def burst(self, clients: int, seconds: float, key: str) -> Burst:
        """Load of so many clients, each with one execution under way, for so long."""
        server = psutil.Process(self.place.pid)
        end = time.monotonic() + seconds
        counts = [0] * clients

        def client(number: int) -> None:
            while time.monotonic() < end:
                self.execute(key)
                counts[number] += 1

        before_s, began = _cpu_s(server), time.monotonic()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(client, range(clients)))
        took_s = time.monotonic() - began
        done = sum(counts)
        return Burst(done / took_s, (_cpu_s(server) - before_s) / done * 1000)

    def many(self, count: int, clients: int, key: str) -> float:
        """Seconds that *count* executions took, so many at a time."""
        began = time.monotonic()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(lambda _: self.execute(key), range(count)))
        return time.monotonic() - began

    def _start(self, body: str) -> str:
        if self.place.api_url is None:
            wanted = {"stateMachineArn": self.place.state_machine_arn, "input": body}
            return str(self._states("StartExecution", wanted)["executionArn"])
        headers = {"Content-Type": "application/json"}
        return str(self._send(self.place.api_url, body, headers)["executionArn"])

    def _states(self, operation: str, wanted: dict[str, Any]) -> dict[str, Any]:
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"AWSStepFunctions.{operation}",
            "Authorization": _SIGNED,
        }
        return self._send(self.place.endpoint + "/", json.dumps(wanted), headers)

    def _send(self, url: str, body: str, headers: dict[str, str]) -> dict[str, Any]:
        answer = self._pool.request("POST", url, body=body, headers=headers, timeout=_GIVE_UP_S)
        if answer.status != 200:  # noqa: PLR2004 - OK
            raise TestbedError(f"{url} answered {answer.status}: {answer.data[:200]!r}")
        parsed: dict[str, Any] = json.loads(answer.data)
        return parsed


def memory_mb(pid: int) -> float:
    """Resident memory of the server's own process, in MB."""
    return float(psutil.Process(pid).memory_info().rss) / 1024 / 1024


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
