from __future__ import annotations

import dataclasses
import http.server
import json
import os
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from bench.load import Entry, LoadClient
from runs.call import ApiError
from testbed.errors import TestbedError


@dataclasses.dataclass
class FakeEmulator:
    """An API and Step Functions in one: each execution is seen as *seen* says, then as it ended.

    Attributes:
        entry: where to start executions.
        seen: statuses that DescribeExecution gives, the last one for ever.
        api_status: of the API's responses.
        asked: how often each operation was asked for, and each path.
    """

    entry: Entry
    seen: list[str] = dataclasses.field(default_factory=lambda: ["SUCCEEDED"])
    api_status: int = 200
    asked: Counter[str] = dataclasses.field(default_factory=Counter)

    def respond(self, path: str, operation: str) -> tuple[int, dict[str, object]]:
        """Status and body of the response."""
        self.asked[operation or path] += 1
        if operation != "AWSStepFunctions.DescribeExecution":
            return (200 if operation else self.api_status), {"executionArn": "arn:e"}
        status = self.seen.pop(0) if len(self.seen) > 1 else self.seen[0]
        return 200, {"status": status, "startDate": 10.0, "stopDate": 10.25}


@pytest.fixture
def emulator() -> Iterator[FakeEmulator]:
    """One on a free port of this machine; its process is ours."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, told = fake.respond(self.path, self.headers.get("X-Amz-Target", ""))
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        endpoint = f"http://127.0.0.1:{server.server_port}"
        fake = FakeEmulator(Entry(endpoint, "arn:m", f"{endpoint}/process", os.getpid()))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield fake
        server.shutdown()
        thread.join()


def test_an_execution_is_started_by_post_and_asked_for_until_its_end(
    emulator: FakeEmulator,
) -> None:
    """The time is that which passed here."""
    emulator.seen = ["RUNNING", "RUNNING", "SUCCEEDED"]
    assert LoadClient(emulator.entry, "a.png", usual_s=0.001).execute() > 0
    assert {"/process": 1, "AWSStepFunctions.DescribeExecution": 3} == emulator.asked


def test_step_functions_can_be_asked_alone(emulator: FakeEmulator) -> None:
    """Without API Gateway, and the time is as Step Functions tells it."""
    client = LoadClient(emulator.entry, "a.png").fresh(emulator.entry.at_step_functions())
    assert 0.25 == client.start_to_stop("copy")
    assert 1 == emulator.asked["AWSStepFunctions.StartExecution"]
    assert "/process" not in emulator.asked


def test_an_execution_that_fails_ends_the_benchmark(emulator: FakeEmulator) -> None:
    """A time of something that did not work is none."""
    emulator.seen = ["FAILED"]
    with pytest.raises(TestbedError, match="arn:e ended as FAILED"):
        LoadClient(emulator.entry, "a.png").execute()
    with pytest.raises(TestbedError, match="arn:e ended as FAILED"):
        LoadClient(emulator.entry, "a.png").start_to_stop("copy")


def test_a_refused_post_ends_the_benchmark(emulator: FakeEmulator) -> None:
    """With what the API said."""
    emulator.api_status = 429
    with pytest.raises(ApiError, match="answered 429"):
        LoadClient(emulator.entry, "a.png").execute()


def test_many_are_as_many_as_were_asked_for(emulator: FakeEmulator) -> None:
    """However many clients share them."""
    assert LoadClient(emulator.entry, "a.png", usual_s=0.001).many(7, clients=3) > 0
    assert 7 == emulator.asked["/process"]


def test_a_burst_counts_what_ended_in_its_time(emulator: FakeEmulator) -> None:
    """Each client finishes what it began; the processor's time is for each execution."""
    seen = LoadClient(emulator.entry, "a.png", usual_s=0.001).burst(clients=2, seconds=0.1)
    assert emulator.asked["/process"] >= 2
    assert seen.per_s > 0
    assert seen.cpu_ms >= 0
