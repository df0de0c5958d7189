"""Our server as LocalStack's runtime wants one."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

from localstack.runtime.server.core import RuntimeServer
from rolo.gateway.wsgi import WsgiGateway

from localstack_standalone.gateway.connection import App, Service
from localstack_standalone.gateway.server import ThreadedServer

if TYPE_CHECKING:
    from localstack.config import HostAndPort
    from rolo.gateway import Gateway


class GatewayServer(RuntimeServer):
    """Serves LocalStack's gateway.

    Args:
        limit: how many connections may be open at once.
        watchers: each is given the server before it runs, to watch more than its listeners.
    """

    def __init__(self, *, limit: int, watchers: Iterable[Callable[[ThreadedServer], None]]) -> None:
        self._limit = limit
        self._watchers = watchers
        self._server: ThreadedServer | None = None

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
        service = Service(cast("App", WsgiGateway(gateway)))
        tls = _tls(*ssl_creds) if ssl_creds else None
        self._server = ThreadedServer(service, listen, limit=self._limit, tls=tls)

    def run(self) -> None:
        """Serve until `shutdown`."""
        if self._server is None:
            raise RuntimeError("a server is registered before it runs")
        for watcher in self._watchers:
            watcher(self._server)
        self._server.run()

    def shutdown(self) -> None:
        """Have `run` return."""
        if self._server is not None:
            self._server.shutdown()


def _tls(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
