"""A gateway server with a thread for each connection, on the addresses that it was given.

LocalStack's Twisted server hands every request from its one I/O thread to a worker and every piece
of the response back, and parses each header twice: two thirds of the processor time of a small
request. Here the thread that reads a request answers it. HTTP/1.1 itself is h11's.

There are no websockets: no service of LocalStack's that we serve has any.
"""

from __future__ import annotations

import contextlib
import functools
import selectors
import socket
import ssl
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

import h11
from localstack.runtime.server.core import RuntimeServer
from rolo.gateway.wsgi import WsgiGateway

from localstack_standalone import snapshot
from localstack_standalone.wsgi_connection import App, Connection

if TYPE_CHECKING:
    from localstack.config import HostAndPort
    from rolo.gateway import Gateway

# As Twisted has it: a connection that is silent for a minute is closed.
IDLE_S: Final = 60.0
BACKLOG: Final = 1024
TLS_HANDSHAKE: Final = b"\x16"
_OPEN: Final[weakref.WeakSet[socket.socket]] = weakref.WeakSet()


class ThreadedServer(RuntimeServer):
    """Serves HTTP and TLS on the same ports."""

    def __init__(self) -> None:
        self._app: App | None = None
        self._tls: ssl.SSLContext | None = None
        self._stopping = False
        self._watch()

    def register(
        self,
        gateway: Gateway,
        listen: list[HostAndPort],
        ssl_creds: tuple[str, str] | None = None,
    ) -> None:
        """Listen at once, so that a taken port is an error here and not a line in a log.

        Raises:
            OSError: the port is taken.
        """
        self._app = cast("App", WsgiGateway(gateway))
        self._tls = _tls(*ssl_creds) if ssl_creds else None
        self._listen(listen)

    def run(self) -> None:
        """Accept connections until `shutdown`."""
        snapshot.offer(self)
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

    def move(self, listen: list[HostAndPort]) -> None:
        """After a fork: let go of all that the parent serves, and listen on *listen* instead.

        Raises:
            OSError: the port is taken.
        """
        self._close()
        for connection in list(_OPEN):
            connection.close()  # the parent's own descriptors stay open
        self._watch()
        self._listen(listen)

    def _watch(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self.watch(self._wake_reader, lambda: None)

    def _listen(self, listen: list[HostAndPort]) -> None:
        for address in listen:
            family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
            place = (address.host, address.port)
            listener = socket.create_server(place, family=family, backlog=BACKLOG)
            listener.settimeout(0)
            self.watch(listener, functools.partial(self._accept, listener))

    def _accept(self, listener: socket.socket) -> None:
        assert self._app is not None  # noqa: S101 - register() has set it
        with contextlib.suppress(OSError):  # it was gone before it was accepted
            connection, peer = listener.accept()
            _start(connection, peer, self._app, self._tls)

    def _close(self) -> None:
        for key in list(self._selector.get_map().values()):
            cast("socket.socket", key.fileobj).close()
        self._selector.close()
        self._wake_writer.close()


def _tls(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _start(
    connection: socket.socket, peer: tuple[Any, ...], app: App, tls: ssl.SSLContext | None
) -> None:
    thread = threading.Thread(
        target=_serve, args=(connection, peer, app, tls), daemon=True, name="gateway"
    )
    try:
        thread.start()
    except RuntimeError:  # as many threads as the system lets us have
        connection.close()


def _serve(
    connection: socket.socket, peer: tuple[Any, ...], app: App, tls: ssl.SSLContext | None
) -> None:
    """Answer everything that comes over *connection*."""
    _OPEN.add(connection)
    with connection, contextlib.suppress(OSError, h11.LocalProtocolError):
        connection.settimeout(IDLE_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls and connection.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
            with tls.wrap_socket(connection, server_side=True) as secured:
                Connection(secured, peer, app, scheme="https").serve()
        else:
            Connection(connection, peer, app, scheme="http").serve()
