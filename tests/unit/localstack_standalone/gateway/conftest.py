from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from localstack_standalone.gateway.connection import App, Connection, Service
from localstack_standalone.gateway.transport import ConnectionLostError, Transport

Speak = Callable[..., bytes]
Serving = Callable[..., Speak]


@pytest.fixture
def speak() -> Iterator[Serving]:
    """Gives, for an application, a function that sends bytes and reads all that comes back."""
    with contextlib.ExitStack() as stack:

        def serving(app: App, **wanted: Any) -> Speak:
            service = Service(app, **wanted)
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

            def speak(*parts: bytes, expect: bytes = b"", end: bool = True) -> bytes:
                client = socket.create_connection(listener.getsockname(), timeout=10)
                served, peer = listener.accept()
                thread = threading.Thread(target=_serve, args=(served, peer, service))
                thread.start()
                with client:
                    answer = b""
                    for number, part in enumerate(parts):
                        if number and expect:
                            answer += client.recv(65536)
                            assert answer.startswith(expect)
                        client.sendall(part)
                    if end:
                        client.shutdown(socket.SHUT_WR)
                    while chunk := client.recv(65536):
                        answer += chunk
                thread.join(10)
                assert not thread.is_alive()
                return answer

            return speak

        yield serving


def _serve(served: socket.socket, peer: Any, service: Service) -> None:
    with served, contextlib.suppress(OSError, ConnectionLostError):
        transport = Transport(served, service.patience)
        Connection(transport, peer, service, scheme="http").serve()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection: the client's and the server's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=10)
        served, _ = listener.accept()
    with client, served:
        yield client, served


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """What was asked, and how long the body was."""
    body = environ["wsgi.input"].read()
    text = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {len(body)}".encode("latin-1")
    start("200 OK", [("Content-Length", str(len(text))), ("X-Kept-Case", "yes")])
    return [text]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-batch"]
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*made, *named, "-keyout", key, "-out", cert], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both
