from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from localstack_standalone.gateway.connection import Service
from localstack_standalone.gateway.server import ThreadedServer
from tests.unit.localstack_standalone.gateway.conftest import echo

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclasses.dataclass(frozen=True)
class Place:
    host: str
    port: int


Start = Callable[..., Place]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers; gives where they listen."""
    with contextlib.ExitStack() as stack:

        def start(app: Any = echo, **wanted: Any) -> Place:
            place = Place("127.0.0.1", _free_port())
            server = ThreadedServer(Service(app), [place], **{"limit": 16, **wanted})
            thread = threading.Thread(target=server.run)
            thread.start()
            stack.callback(thread.join, 10)
            stack.callback(server.shutdown)
            return place

        yield start


def _connect(place: Place) -> socket.socket:
    return socket.create_connection((place.host, place.port), timeout=10)


def _asked(client: socket.socket) -> bytes:
    client.sendall(GET)
    answer = b""
    while not answer.endswith(b"GET /a 0"):
        more = client.recv(65536)
        if not more:
            break
        answer += more
    return answer


def test_a_connection_is_served_again_and_again(start: Start) -> None:
    """Keep-alive is HTTP/1.1's default (RFC 9112, 9.3)."""
    with _connect(start()) as client:
        for _ in range(3):
            assert _asked(client).startswith(b"HTTP/1.1 200")


def test_idle_connections_give_way_to_new_ones(start: Start) -> None:
    """Twenty times as many clients as may be: each is answered."""
    place = start(limit=4)
    with contextlib.ExitStack() as stack:
        for _ in range(80):
            assert _asked(stack.enter_context(_connect(place))).startswith(b"HTTP/1.1 200")


class _SlowToEnd(list[bytes]):
    """A body whose server has a little to do when all of it is sent."""

    def close(self) -> None:
        time.sleep(0.02)


def test_who_has_answered_gives_way_though_it_is_not_idle_yet(start: Start) -> None:
    """A client has its answer a moment before the server's thread waits for the next request."""

    def app(environ: dict[str, Any], begin: Callable[..., Any]) -> list[bytes]:
        return _SlowToEnd(echo(environ, begin))

    place = start(app, limit=1)
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            assert _asked(stack.enter_context(_connect(place))).startswith(b"HTTP/1.1 200")


def test_one_too_many_is_told_so_and_closed(start: Start) -> None:
    """503 where all are at work; and room again when one of them ends."""
    working, done = threading.Semaphore(0), threading.Event()

    def app(environ: dict[str, Any], begin: Callable[..., Any]) -> list[bytes]:
        working.release()
        done.wait(10)
        return echo(environ, begin)

    place = start(app, limit=2)
    with _connect(place) as first, _connect(place) as second:
        for client in (first, second):
            client.sendall(GET)
            assert working.acquire(timeout=10)
        with _connect(place) as third:
            assert third.recv(65536).startswith(b"HTTP/1.1 503 ")
            assert b"" == third.recv(1)
        done.set()
        assert first.recv(12) == b"HTTP/1.1 200"
        with _connect(place) as again:
            assert _asked(again).startswith(b"HTTP/1.1 200")


def test_tls_and_plain_share_a_port(start: Start, certificate: Path) -> None:
    """The first byte tells them apart."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    place = start(tls=context)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with _connect(place) as plain, _connect(place) as other:
        assert _asked(plain).startswith(b"HTTP/1.1 200")
        with trusting.wrap_socket(other, server_hostname="localhost") as secured:
            assert _asked(secured).startswith(b"HTTP/1.1 200")


def test_a_taken_port_is_an_error_at_once(start: Start) -> None:
    """Not a line in a log."""
    place = start()
    with pytest.raises(OSError, match="in use"):
        ThreadedServer(Service(echo), [place], limit=1)


def test_after_a_move_the_old_port_is_left(start: Start) -> None:
    """As a copy does after a fork; its connections end, and the new port answers."""
    del start
    old, new = Place("127.0.0.1", _free_port()), Place("127.0.0.1", _free_port())
    server = ThreadedServer(Service(echo), [old], limit=4)
    server.move([new])
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with _connect(new) as client:
            assert _asked(client).startswith(b"HTTP/1.1 200")
        with pytest.raises(ConnectionRefusedError):
            _connect(old)
    finally:
        server.shutdown()
        thread.join(10)


def test_without_descriptors_the_idle_make_room() -> None:
    """accept() fails as long as there are none: nobody else would ever get in."""

    class Full:
        def accept(self) -> None:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    server = ThreadedServer(Service(echo), [], limit=4)
    client, served = socket.socketpair()
    with client, served:
        client.settimeout(10)
        server._connections.admit(served)  # noqa: SLF001 - no process runs out of them here
        server._accept(Full())  # type: ignore[arg-type]  # noqa: SLF001 - likewise
        assert b"" == client.recv(1)
    server._close()  # noqa: SLF001 - it never ran
