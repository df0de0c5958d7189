"""A WSGI server with a thread for each connection, HTTP and TLS on the same ports.

LocalStack's Twisted server hands every request from its one I/O thread to a worker and every piece
of the response back, and parses each header twice: two thirds of the processor time of a small
request. Here the thread that reads a request answers it.

There are no websockets: no service of LocalStack's that we serve has any. Why a server of our own:
docs/decisions/0007-http-server.md.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol, cast

from localstack_standalone.gateway.connection import Connection, Presence, Service
from localstack_standalone.gateway.connections import Connections
from localstack_standalone.gateway.transport import ConnectionLostError, Transport

BACKLOG: Final = 1024
TLS_HANDSHAKE: Final = b"\x16"
FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 28\r\n"
    b"Connection: close\r\n\r\nno more connections are free"
)
NO_DESCRIPTORS: Final = (errno.EMFILE, errno.ENFILE)


class Address(Protocol):
    """A host, and a port to listen on there."""

    @property
    def host(self) -> str:
        """An IP address."""

    @property
    def port(self) -> int:
        """0 for any that is free."""


class ThreadedServer:
    """Listens at once, and serves from `run` on.

    Args:
        service: what answers.
        listen: where.
        limit: how many connections may be open at once.
        tls: what TLS is served with, on the same ports; None for no TLS.

    Raises:
        OSError: a port is taken.
    """

    def __init__(
        self,
        service: Service,
        listen: Iterable[Address],
        *,
        limit: int,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._service = service
        self._limit = limit
        self._tls = tls
        self._stopping = False
        self._watch_and_listen(listen)

    def run(self) -> None:
        """Accept connections until `shutdown`."""
        while not self._stopping:
            for key, _ in self._selector.select():
                key.data()
        self._close()

    def shutdown(self) -> None:
        """Have `run` return; connections end with the process."""
        self._stopping = True
        self._wake_writer.send(b"!")

    def watch(self, source: socket.socket, ready: Callable[[], None]) -> None:
        """Have `run` call *ready* whenever *source* can be read."""
        self._selector.register(source, selectors.EVENT_READ, ready)

    def move(self, listen: Iterable[Address]) -> None:
        """After a fork: let go of all that the parent serves, and listen on *listen* instead.

        Raises:
            OSError: a port is taken.
        """
        self._close()
        self._connections.close_after_fork()
        self._watch_and_listen(listen)

    def _watch_and_listen(self, listen: Iterable[Address]) -> None:
        self._connections = Connections(self._limit)
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self.watch(self._wake_reader, lambda: None)
        try:
            self._listen(listen)
        except OSError:
            self._close()
            raise

    def _listen(self, listen: Iterable[Address]) -> None:
        for address in listen:
            family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
            place = (address.host, address.port)
            listener = socket.create_server(place, family=family, backlog=BACKLOG)
            listener.settimeout(0)
            self.watch(listener, functools.partial(self._accept, listener))

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, peer = listener.accept()
        except OSError as error:  # it was gone before it was accepted, mostly
            if error.errno in NO_DESCRIPTORS:
                self._connections.make_room()
            return
        if not self._connections.admit(connection):
            _turn_away(connection)
            return
        thread = threading.Thread(
            target=self._serve, args=(connection, peer[:2]), daemon=True, name="gateway"
        )
        try:
            thread.start()
        except RuntimeError:  # as many threads as the system lets us have
            self._connections.leave(connection)
            _turn_away(connection)

    def _serve(self, connection: socket.socket, client: tuple[str, int]) -> None:
        """Answer everything that comes over *connection*."""
        connections = self._connections
        try:
            with connection, contextlib.suppress(OSError, ConnectionLostError):
                patience = self._service.patience
                connection.settimeout(patience.idle_s)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._tls and connection.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
                    self._serve_tls(self._tls, connection, client, connections)
                else:
                    self._converse(connection, client, connections, "http")
        finally:
            connections.leave(connection)

    def _serve_tls(
        self,
        tls: ssl.SSLContext,
        connection: socket.socket,
        client: tuple[str, int],
        connections: Connections,
    ) -> None:
        with tls.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        ) as secured:
            connections.secured(connection, secured)
            try:
                secured.settimeout(self._service.patience.head_s)
                secured.do_handshake()
                self._converse(secured, client, connections, "https")
            finally:
                connections.leave(secured)

    def _converse(
        self,
        connection: socket.socket,
        client: tuple[str, int],
        connections: Connections,
        scheme: str,
    ) -> None:
        presence = Presence(
            functools.partial(connections.idle, connection),
            functools.partial(connections.busy, connection),
        )
        transport = Transport(connection, self._service.patience)
        Connection(transport, client, self._service, scheme=scheme, presence=presence).serve()

    def _close(self) -> None:
        for key in list(self._selector.get_map().values()):
            cast("socket.socket", key.fileobj).close()
        self._selector.close()
        self._wake_writer.close()


def _turn_away(connection: Any) -> None:
    with connection, contextlib.suppress(OSError):
        connection.settimeout(0)
        connection.send(FULL)
        connection.shutdown(socket.SHUT_WR)
