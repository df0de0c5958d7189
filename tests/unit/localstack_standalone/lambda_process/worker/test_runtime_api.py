from __future__ import annotations

import http.client
import json
import queue
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from localstack_standalone.lambda_process.worker.runtime_api import (
    MAX_RESPONSE_BYTES,
    Event,
    NextInvocation,
    RuntimeApi,
    too_large,
)
from testbed import waiting

PREFIX = "/2018-06-01/runtime"
EVENT = Event(
    request_id="8476a536-e9f4-11e8-9739-2dfe598c3fcd",
    payload='{"key": "é"}'.encode(),
    function_arn="arn:aws:lambda:ca-central-1:123456789012:function:f",
    trace_id="Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
    client_context='{"custom": {}}',
)


class Environment:
    """An environment that notes what its runtime says."""

    def __init__(self) -> None:
        self.events: queue.Queue[NextInvocation | None] = queue.Queue()
        self.asked, self.found_there = threading.Event(), queue.Queue[bool]()
        self.said: list[tuple[str, ...]] = []
        self.current = EVENT.request_id
        self.own = True

    def next_invocation(self, is_there: Callable[[], bool]) -> NextInvocation | None:
        self.asked.set()
        invocation = self.events.get(timeout=10)
        self.found_there.put(is_there())
        return invocation

    def responded(self, request_id: str, payload: bytes) -> bool:
        self.said.append(("response", request_id, payload.decode()))
        return request_id == self.current

    def errored(self, request_id: str, payload: bytes, error_type: str) -> bool:
        assert payload
        self.said.append(("error", request_id, error_type))
        return request_id == self.current

    def init_failed(self, payload: bytes, error_type: str) -> bool:
        self.said.append(("init", payload.decode(), error_type))
        return len(self.said) == 1

    def is_own(self, peer: tuple[str, int]) -> bool:
        assert "127.0.0.1" == peer[0]
        return self.own


@pytest.fixture
def environment() -> Environment:
    return Environment()


@pytest.fixture
def address(environment: Environment) -> Iterator[str]:
    api = RuntimeApi(environment)
    yield api.address
    api.close()


def test_next_gives_the_event_with_its_headers(environment: Environment, address: str) -> None:
    """GET next answers 200 with the event and the documented headers."""
    environment.events.put(NextInvocation(EVENT, 1542409706888))
    status, headers, body = _ask(address, "GET", "/invocation/next")
    assert (200, EVENT.payload) == (status, body)
    expected = {
        "Lambda-Runtime-Aws-Request-Id": EVENT.request_id,
        "Lambda-Runtime-Deadline-Ms": "1542409706888",
        "Lambda-Runtime-Invoked-Function-Arn": EVENT.function_arn,
        "Lambda-Runtime-Trace-Id": EVENT.trace_id,
        "Lambda-Runtime-Client-Context": '{"custom": {}}',
        "Content-Type": "application/json",
    }
    assert expected.items() <= headers.items()


def test_a_runtime_that_is_gone_is_told_from_one_that_waits(
    environment: Environment, address: str
) -> None:
    """Its end closes its connection; whoever has the event for it can know."""
    environment.events.put(NextInvocation(EVENT, 1542409706888))
    _ask(address, "GET", "/invocation/next")
    assert environment.found_there.get(timeout=10)

    environment.asked.clear()
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port))) as waits:
        waits.sendall(f"GET {PREFIX}/invocation/next HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert environment.asked.wait(10)
    environment.events.put(None)
    assert not environment.found_there.get(timeout=10)


def test_a_response_is_accepted(environment: Environment, address: str) -> None:
    """POST response answers 202 with a status, for the invocation under way."""
    path = f"/invocation/{EVENT.request_id}/response"
    status, _, body = _ask(address, "POST", path, b'{"a": 1}')
    assert (202, {"status": "OK"}) == (status, json.loads(body))
    assert [("response", EVENT.request_id, '{"a": 1}')] == environment.said


def test_a_response_to_another_invocation_is_refused(
    environment: Environment, address: str
) -> None:
    """A request id that is not under way is 400 InvalidRequestID."""
    status, _, body = _ask(address, "POST", "/invocation/other/response", b"1")
    assert (400, "InvalidRequestID") == (status, json.loads(body)["errorType"])


def test_an_error_carries_its_type(environment: Environment, address: str) -> None:
    """POST error takes the error's type from its header."""
    path = f"/invocation/{EVENT.request_id}/error"
    headers = {"Lambda-Runtime-Function-Error-Type": "Runtime.MarshalError"}
    status, _, _ = _ask(address, "POST", path, b"{}", headers)
    assert 202 == status
    assert [("error", EVENT.request_id, "Runtime.MarshalError")] == environment.said


def test_a_response_over_the_limit_is_refused(environment: Environment, address: str) -> None:
    """A response of over 6,291,556 bytes is 413, and the invocation ends with an error."""
    path = f"/invocation/{EVENT.request_id}/response"
    assert 202 == _ask(address, "POST", path, b"x" * MAX_RESPONSE_BYTES)[0]
    assert 413 == _ask(address, "POST", path, b"x" * (MAX_RESPONSE_BYTES + 1))[0]
    # Recorded on AWS on 2025-11-24.
    words = "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
    assert words == json.loads(too_large())["errorMessage"]
    assert ("error", EVENT.request_id, "Function.ResponseSizeTooLarge") == environment.said[-1]


def test_an_init_error_counts_once(environment: Environment, address: str) -> None:
    """POST init/error is accepted while loading, and 403 after that."""
    assert 202 == _ask(address, "POST", "/init/error", b"{}")[0]
    status, _, body = _ask(address, "POST", "/init/error", b"{}")
    assert (403, "InvalidStateTransition") == (status, json.loads(body)["errorType"])


def test_a_chunked_response_is_read(environment: Environment, address: str) -> None:
    """A runtime that does not know the length beforehand may send chunks."""
    connection = http.client.HTTPConnection(address, timeout=10)
    path = f"{PREFIX}/invocation/{EVENT.request_id}/response"
    connection.request("POST", path, iter([b'{"a"', b": 1}"]), encode_chunked=True)
    assert 202 == connection.getresponse().status
    connection.close()
    assert [("response", EVENT.request_id, '{"a": 1}')] == environment.said


def test_an_unknown_path_is_not_found(environment: Environment, address: str) -> None:
    """Anything else is 404."""
    assert 404 == _ask(address, "GET", "/nonsense")[0]
    assert 404 == _ask(address, "POST", "/nonsense", b"")[0]


def test_answers_leave_in_one_piece_without_delay(environment: Environment, address: str) -> None:
    """Header and body are sent at once: one read on the other side has them both."""
    environment.events.put(NextInvocation(EVENT, 1542409706888))
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(f"GET {PREFIX}/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert raw.recv(65_536).endswith(EVENT.payload)


def test_a_stranger_is_dropped(environment: Environment, address: str) -> None:
    """A connection that is not the environment's own is closed without an answer."""
    environment.own = False
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        _ask(address, "GET", "/invocation/next")


def test_it_listens_on_loopback_until_closed() -> None:
    """The API is on 127.0.0.1, and its port is free after close."""
    api = RuntimeApi(Environment())
    host, port = api.address.split(":")
    assert "127.0.0.1" == host
    api.close()
    waiting.until(lambda: _refused(host, int(port)), "a closed port", timeout_s=10)


def _refused(host: str, port: int) -> tuple[bool | None, str]:
    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError:
        return True, ""
    return None, "it still listens"


def _ask(
    address: str,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request(method, PREFIX + path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()
