"""The Lambda Runtime API of one execution environment, on a loopback port of its own.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html (version 2018-06-01).
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Protocol

from localstack_standalone.lambda_process.worker.extensions import INVOKE
from localstack_standalone.lambda_process.worker.extensions_api import ExtensionsApi

PREFIX: Final = "/2018-06-01/runtime"
# AWS's limit for a synchronous answer is 6 MB; the platform allows these many bytes.
MAX_RESPONSE_BYTES: Final = 6_291_556
# AWS's runtime client sends what is too large as it is and is told so; nobody sends ten times that.
LONGEST_BODY_BYTES: Final = 64 * 1024 * 1024
LONGEST_LINE_BYTES: Final = 4096
RESPONSE_TOO_LARGE: Final = "Function.ResponseSizeTooLarge"
ERROR_TYPE_HEADER: Final = "Lambda-Runtime-Function-Error-Type"
_HEXADECIMAL: Final = re.compile(rb"[0-9A-Fa-f]{1,16}")
_RESULT: Final = re.compile(rf"{PREFIX}/invocation/([^/]+)/(response|error)")


@dataclasses.dataclass(frozen=True)
class Event:
    """One event, as its caller sent it.

    Attributes:
        request_id: AWS request id.
        payload: JSON as UTF-8.
        function_arn: the ARN that the caller used.
        trace_id: X-Ray tracing header.
        client_context: JSON of the caller's client context, if any.
    """

    request_id: str
    payload: bytes
    function_arn: str
    trace_id: str
    client_context: str | None = None


@dataclasses.dataclass(frozen=True)
class NextInvocation:
    """An event on its way to the function, which is killed at *deadline_ms* since the epoch."""

    event: Event
    deadline_ms: int

    def for_extensions(self) -> dict[str, Any]:
        """What extensions are told of it."""
        return {
            "eventType": INVOKE,
            "deadlineMs": self.deadline_ms,
            "requestId": self.event.request_id,
            "invokedFunctionArn": self.event.function_arn,
            "tracing": {"type": "X-Amzn-Trace-Id", "value": self.event.trace_id},
        }


class Listener(Protocol):
    """What an environment wants to hear from its runtime."""

    def next_invocation(self, is_there: Callable[[], bool]) -> NextInvocation | None:
        """Block until there is an event; None when the environment ends.

        Args:
            is_there: whether the runtime still waits for the answer.
        """

    def responded(self, request_id: str, payload: bytes) -> bool:
        """The function returned; False if this is not the invocation under way."""

    def errored(self, request_id: str, payload: bytes, error_type: str) -> bool:
        """The function raised; False if this is not the invocation under way."""

    def init_failed(self, payload: bytes, error_type: str) -> bool:
        """The function could not be loaded; False if it had been already."""

    def is_own(self, peer: tuple[str, int]) -> bool:
        """Whether the process behind a connection belongs to this environment."""


class RuntimeApi:
    """Serves one environment until it is closed, and its extensions' API where it has one."""

    def __init__(self, listener: Listener, extensions: ExtensionsApi | None = None) -> None:
        self._server = _Server(listener, extensions)
        self._stop, self._stopped = socket.socketpair()
        threading.Thread(target=self._serve, daemon=True, name="lambda-runtime-api").start()

    @property
    def address(self) -> str:
        """``host:port`` for AWS_LAMBDA_RUNTIME_API."""
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def close(self) -> None:
        """Stop listening and free the port; connections end when the worker does."""
        self._stop.close()

    def _serve(self) -> None:
        # serve_forever looks twice a second whether it shall stop; we sleep until it is so.
        with selectors.DefaultSelector() as selector, self._server, self._stopped:
            selector.register(self._server, selectors.EVENT_READ)
            selector.register(self._stopped, selectors.EVENT_READ)
            while all(key.fileobj is self._server for key, _ in selector.select()):
                self._server.handle_request()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    timeout = 0  # handle_request is called when there is one
    block_on_close = False
    # A restarted environment must not take over half-open connections of the last one.
    allow_reuse_address = False

    def __init__(self, listener: Listener, extensions: ExtensionsApi | None) -> None:
        self.listener, self.extensions = listener, extensions
        super().__init__(("127.0.0.1", 0), _Handler)

    def verify_request(self, _request: object, client_address: tuple[str, int]) -> bool:
        return self.listener.is_own(client_address)

    def server_bind(self) -> None:
        # HTTPServer.server_bind asks DNS for this host's name; nobody here needs it.
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def handle_error(self, _request: object, _client_address: object) -> None:
        """A worker that died in mid-request is no error of ours."""


class _BadBodyError(Exception):
    """A body that cannot be taken, and the status that says so."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # Header and body leave in one segment, at once: Nagle's delay meets the client's delayed
    # acknowledgement otherwise, and each invocation takes 40 ms longer.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self._is_extensions(b""):
            return
        if self.path != f"{PREFIX}/invocation/next":
            self._answer(404, _error("NotFound", f"unknown path {self.path}"))
            return
        invocation = self.server.listener.next_invocation(self._is_there)
        if invocation is None:
            self.close_connection = True
            return
        event = invocation.event
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": event.request_id,
            "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": event.function_arn,
            "Lambda-Runtime-Trace-Id": event.trace_id,
        }
        if event.client_context is not None:
            headers["Lambda-Runtime-Client-Context"] = event.client_context
        self._answer(200, event.payload, headers)

    def do_PUT(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        try:
            body = self._body()
        except _BadBodyError as error:
            self.close_connection = True  # what follows on it is no request
            with contextlib.suppress(OSError):
                self._answer(error.code, _error("InvalidRequest", str(error)))
            return
        if self._is_extensions(body):
            return
        error_type = self.headers.get(ERROR_TYPE_HEADER, "")
        listener = self.server.listener
        if self.path == f"{PREFIX}/init/error":
            accepted = listener.init_failed(body, error_type)
            self._answer_result(accepted=accepted, code=403, kind="InvalidStateTransition")
        elif match := _RESULT.fullmatch(self.path):
            request_id, kind = match.groups()
            if kind == "error":
                accepted = listener.errored(request_id, body, error_type)
            elif len(body) > MAX_RESPONSE_BYTES:
                listener.errored(request_id, too_large(), RESPONSE_TOO_LARGE)
                self._answer(413, _error("RequestEntityTooLarge", "Exceeded maximum payload size"))
                return
            else:
                accepted = listener.responded(request_id, body)
            self._answer_result(accepted=accepted, code=400, kind="InvalidRequestID")
        else:
            self._answer(404, _error("NotFound", f"unknown path {self.path}"))

    def _is_there(self) -> bool:
        try:
            # Nothing is sent before the answer: what can be read is the connection's end.
            return bool(self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _is_extensions(self, body: bytes) -> bool:
        """Whether the request was one of an extension's; it is answered then."""
        api = self.server.extensions
        if api is None or not api.knows(self.path):
            return False
        answer = api.answer(self.command, self.path, self.headers, body)
        if answer is None:
            self.close_connection = True
            return True
        headers = {"Content-Type": "application/json", **answer.headers}
        self._answer(answer.status, json.dumps(answer.content).encode(), headers)
        return True

    def handle_expect_100(self) -> bool:
        """Say at once that the body may come: answers are kept until they are whole else."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def _answer_result(self, *, accepted: bool, code: int, kind: str) -> None:
        if accepted:
            self._answer(202, b'{"status":"OK"}\n')
        else:
            self._answer(code, _error(kind, "not the invocation under way"))

    def _body(self) -> bytes:
        """The whole body; one that is cut short is none.

        Raises:
            _BadBodyError: it is malformed, cut short or far too long.
        """
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdigit()):
            raise _BadBodyError(400, f"Content-Length is no number: {length[:20]!r}")
        return self._exactly(int(length))

    def _exactly(self, length: int, before: int = 0) -> bytes:
        if before + length > LONGEST_BODY_BYTES:
            raise _BadBodyError(413, f"more than {LONGEST_BODY_BYTES} bytes")
        body = self.rfile.read(length)
        if len(body) < length:
            raise _BadBodyError(400, f"{len(body)} bytes of {length} came")
        return body

    def _chunks(self) -> Iterator[bytes]:
        total = 0
        while size := self._chunk_size():
            yield self._exactly(size, total)
            total += size
            self._line()
        while self._line().strip():
            pass  # trailers

    def _chunk_size(self) -> int:
        digits = self._line().partition(b";")[0].strip()
        if not _HEXADECIMAL.fullmatch(digits):
            raise _BadBodyError(400, f"no size of a chunk: {digits[:20]!r}")
        return int(digits, 16)

    def _line(self) -> bytes:
        line = self.rfile.readline(LONGEST_LINE_BYTES)
        if not line.endswith(b"\n"):
            raise _BadBodyError(400, "the body was cut short")
        return line

    def _answer(self, code: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(code)
        for name, value in (headers or {"Content-Type": "application/json"}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Not a word: the function's log is the function's."""


def too_large() -> bytes:
    """AWS's error for an answer that is over the limit, as it was recorded on 2025-11-24."""
    return _error(
        RESPONSE_TOO_LARGE,
        "Response payload size exceeded maximum allowed payload size "
        f"({MAX_RESPONSE_BYTES} bytes).",
    )


def _error(error_type: str, message: str) -> bytes:
    return json.dumps({"errorMessage": message, "errorType": error_type}).encode()
