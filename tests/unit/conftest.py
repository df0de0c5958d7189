from __future__ import annotations

import dataclasses
import http.server
import threading
from typing import TYPE_CHECKING

import pytest
from botocore.stub import Stubber

from testbed.aws import Aws
from testbed.outputs import Outputs
from tests.support.addresses import EMULATED

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def outputs() -> Outputs:
    return EMULATED


@pytest.fixture
def aws() -> Aws:
    """Clients of an endpoint where nobody listens: tests stub what they use."""
    return Aws("http://127.0.0.1:9")


@pytest.fixture
def s3(aws: Aws) -> Iterator[Stubber]:
    with Stubber(aws.s3) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def stepfunctions(aws: Aws) -> Iterator[Stubber]:
    with Stubber(aws.stepfunctions) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def logs(aws: Aws) -> Iterator[Stubber]:
    with Stubber(aws.logs) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@dataclasses.dataclass
class FakeApi:
    """An HTTP server that keeps what it was asked.

    It gives one answer; before it those of *first*, each once, None for none at all.
    """

    outputs: Outputs
    status: int = 200
    body: bytes = b'{"executionArn": "arn:e", "startDate": 1.5}'
    first: list[tuple[int, bytes] | None] = dataclasses.field(default_factory=list)
    received: bytes = b""
    content_type: str | None = None
    keys: list[str | None] = dataclasses.field(default_factory=list)


@pytest.fixture
def api(outputs: Outputs) -> Iterator[FakeApi]:
    fake = FakeApi(outputs)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fake.received = self.rfile.read(int(self.headers["Content-Length"]))
            fake.content_type = self.headers["Content-Type"]
            fake.keys.append(self.headers["Idempotency-Key"])
            answer = fake.first.pop(0) if fake.first else (fake.status, fake.body)
            if answer is None:
                self.close_connection = True
                return
            status, body = answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - likewise
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.outputs = dataclasses.replace(
            outputs, api_url=f"http://127.0.0.1:{server.server_port}/prod/process"
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield fake
        server.shutdown()
        thread.join()
