from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.integration.conftest import Configured
from tests.integration.parity.conftest import JSON, Machines

HTTP: Final = "arn:aws:states:::http:invoke"
Asked = list[dict[str, Any]]


def _connection(machines: Machines, name: str) -> str:
    made = machines.aws.client("events").create_connection(
        Name=name,
        AuthorizationType="API_KEY",
        AuthParameters={
            "ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "opensesame"},
            "InvocationHttpParameters": {
                "QueryStringParameters": [{"Key": "own", "Value": "1", "IsValueSecret": False}]
            },
        },
    )
    arn: str = made["ConnectionArn"]
    return arn


@pytest.fixture(scope="module")
def served(configured: Configured) -> Machines:
    """Machines of an emulator that has Secrets Manager, which keeps what a connection knows."""
    return Machines(configured.aws, configured.endpoint)


@pytest.fixture(scope="module")
def connection(served: Machines) -> str:
    """The ARN of a connection that sends an API key, and a query parameter of its own."""
    return _connection(served, "c-known")


def _ran(machines: Machines, parameters: dict[str, Any]) -> dict[str, Any]:
    task = {"Type": "Task", "Resource": HTTP, "Parameters": parameters, "End": True}
    return machines.run(machines.make({"StartAt": "T", "States": {"T": task}}), {})


@pytest.fixture
def asked() -> Iterator[tuple[str, Asked]]:
    """The address of an API that tells how it was asked, or fails at /missing; and what it was."""
    seen: Asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            seen.append({"path": self.path, "headers": dict(self.headers), "body": body})
            self.send_response(404 if "missing" in self.path else 201)
            self.send_header("Content-Type", JSON)
            self.end_headers()
            self.wfile.write(b'{"answer": 42}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's
            """Nobody reads it."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("holder", ["Authentication", "InvocationConfig"])
def test_an_http_task_calls_an_api(
    served: Machines, asked: tuple[str, Asked], connection: str, holder: str
) -> None:
    """With its parameters and those of the connection; the result has body and status.

    The Developer Guide has both: "Call HTTPS APIs in Step Functions workflows".
    """
    address, seen = asked
    parameters = {
        "ApiEndpoint": f"{address}/v1",
        "Method": "POST",
        "Headers": {"X-Any": "a"},
        "QueryParameters": {"q": "b c"},
        "RequestBody": {"d": "é"},
        holder: {"ConnectionArn": connection},
    }
    found = _ran(served, parameters)
    assert "SUCCEEDED" == found["status"], found.get("cause")
    (request,) = seen
    assert {"/v1?own=1&q=b+c"} == {request["path"]}
    assert ("a", "opensesame") == (request["headers"]["X-Any"], request["headers"]["X-Key"])
    assert "Amazon|StepFunctions|HttpInvoke|ca-central-1" == request["headers"]["User-Agent"]
    assert {"d": "é"} == json.loads(request["body"])
    result = json.loads(found["output"])
    assert ({"answer": 42}, 201, "Created") == (
        result["ResponseBody"],
        result["StatusCode"],
        result["StatusText"],
    )
    assert [JSON] == result["Headers"]["Content-Type"]


def test_an_http_task_can_send_a_form(
    served: Machines, asked: tuple[str, Asked], connection: str
) -> None:
    """RequestBodyEncoding URL_ENCODED (Developer Guide, likewise)."""
    address, seen = asked
    parameters = {
        "ApiEndpoint": address,
        "Method": "POST",
        "RequestBody": {"d": "e f"},
        "Transform": {"RequestBodyEncoding": "URL_ENCODED"},
        "Authentication": {"ConnectionArn": connection},
    }
    assert "SUCCEEDED" == _ran(served, parameters)["status"]
    (request,) = seen
    form = "application/x-www-form-urlencoded"
    assert ("d=e+f", form) == (request["body"], request["headers"]["Content-Type"])


def test_an_http_task_fails_by_the_status(
    served: Machines, asked: tuple[str, Asked], connection: str
) -> None:
    """States.Http.StatusCode.<status>, so that a Retry can name it (Developer Guide, likewise)."""
    parameters = {
        "ApiEndpoint": f"{asked[0]}/missing",
        "Method": "POST",
        "Authentication": {"ConnectionArn": connection},
    }
    found = _ran(served, parameters)
    assert ("States.Http.StatusCode.404", '{"answer": 42}') == (found["error"], found["cause"])


def test_the_status_can_be_caught(
    served: Machines, asked: tuple[str, Asked], connection: str
) -> None:
    """Retry and Catch take names of these errors, which begin with States. (likewise)."""
    task = {
        "Type": "Task",
        "Resource": HTTP,
        "Parameters": {
            "ApiEndpoint": f"{asked[0]}/missing",
            "Method": "POST",
            "Authentication": {"ConnectionArn": connection},
        },
        "Retry": [
            {"ErrorEquals": ["States.Http.StatusCode.404"], "IntervalSeconds": 1, "MaxAttempts": 1}
        ],
        "Catch": [{"ErrorEquals": ["States.Http.StatusCode.404"], "Next": "Done"}],
        "End": True,
    }
    states = {"T": task, "Done": {"Type": "Succeed"}}
    found = served.run(served.make({"StartAt": "T", "States": states}), {})
    assert ("SUCCEEDED", 2) == (found["status"], len(asked[1]))


def test_an_http_task_without_its_connection_says_so(
    served: Machines, asked: tuple[str, Asked], connection: str
) -> None:
    """Events.ConnectionResource.ResourceNotFound (Developer Guide, likewise: connection errors)."""
    parameters = {
        "ApiEndpoint": asked[0],
        "Method": "POST",
        "Authentication": {"ConnectionArn": connection.replace("/c-", "/no-")},
    }
    found = _ran(served, parameters)
    assert "Events.ConnectionResource.ResourceNotFound" == found["error"], found
    assert [] == asked[1]


def test_an_http_task_that_nobody_answers_fails(served: Machines, connection: str) -> None:
    """States.Http.Socket (Developer Guide, "Handling errors in Step Functions workflows")."""
    parameters = {
        "ApiEndpoint": "http://127.0.0.1:1/",
        "Method": "GET",
        "Authentication": {"ConnectionArn": connection},
    }
    assert "States.Http.Socket" == _ran(served, parameters)["error"]


def test_a_connection_without_a_secret_says_what_is_missing(machines: Machines) -> None:
    """Where Secrets Manager is not served: the connection is not usable, and why."""
    parameters = {
        "ApiEndpoint": "http://127.0.0.1:1/",
        "Method": "GET",
        "Authentication": {"ConnectionArn": _connection(machines, "c-bare")},
    }
    found = _ran(machines, parameters)
    machines.aws.client("events").delete_connection(Name="c-bare")
    assert "Events.ConnectionResource.InvalidConnectionState" == found["error"], found
    assert "SERVICES=secretsmanager" in found["cause"]
