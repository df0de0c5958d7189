"""A gateway server with a thread for each connection, on the addresses that it was given.

LocalStack's Twisted server hands every request from its one I/O thread to a worker and every piece
of the response back, and parses each header twice: two thirds of the processor time of a small
request. Here the thread that reads a request answers it. HTTP/1.1 itself is h11's.

There are no websockets: no service of LocalStack's that we serve has any.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, Final, cast

import h11
from localstack.runtime.server.core import RuntimeServer
from rolo.gateway.wsgi import WsgiGateway

from localstack_standalone.wsgi_connection import App, Connection

if TYPE_CHECKING:
    from localstack.config import HostAndPort
    from rolo.gateway import Gateway

# As Twisted has it: a connection that is silent for a minute is closed.
IDLE_S: Final = 60.0
BACKLOG: Final = 1024
TLS_HANDSHAKE: Final = b"\x16"


class ThreadedServer(RuntimeServer):
    """Serves HTTP and TLS on the same ports."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._selector.register(self._wake_reader, selectors.EVENT_READ)

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
        app = cast("App", WsgiGateway(gateway))
        tls = _tls(*ssl_creds) if ssl_creds else None
        for address in listen:
            family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
            place = (address.host, address.port)
            listener = socket.create_server(place, family=family, backlog=BACKLOG)
            listener.settimeout(0)
            self._selector.register(listener, selectors.EVENT_READ, (app, tls))

    def run(self) -> None:
        """Accept connections until `shutdown`."""
        while True:
            for key, _ in self._selector.select():
                listener = cast("socket.socket", key.fileobj)
                if listener is self._wake_reader:
                    self._close()
                    return
                with contextlib.suppress(OSError):  # it was gone before it was accepted
                    connection, peer = listener.accept()
                    _start(connection, peer, *key.data)

    def shutdown(self) -> None:
        """Have `run` return; connections end with the process."""
        self._wake_writer.send(b"!")

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
    with connection, contextlib.suppress(OSError, h11.LocalProtocolError):
        connection.settimeout(IDLE_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls and connection.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
            with tls.wrap_socket(connection, server_side=True) as secured:
                Connection(secured, peer, app, scheme="https").serve()
        else:
            Connection(connection, peer, app, scheme="http").serve()
