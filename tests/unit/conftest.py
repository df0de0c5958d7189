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
    """An HTTP server that gives one answer and keeps what it was asked."""

    outputs: Outputs
    status: int = 200
    body: bytes = b'{"executionArn": "arn:e", "startDate": 1.5}'
    received: bytes = b""
    content_type: str | None = None


@pytest.fixture
def api(outputs: Outputs) -> Iterator[FakeApi]:
    fake = FakeApi(outputs)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fake.received = self.rfile.read(int(self.headers["Content-Length"]))
            fake.content_type = self.headers["Content-Type"]
            self.send_response(fake.status)
            self.send_header("Content-Length", str(len(fake.body)))
            self.end_headers()
            self.wfile.write(fake.body)

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
