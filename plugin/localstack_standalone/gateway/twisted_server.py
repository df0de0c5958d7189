"""LocalStack's Twisted server, bound to the addresses that it was given and to no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localstack.aws.serving.twisted import TLSMultiplexerFactory
from localstack.runtime.server.twisted import TwistedRuntimeServer
from rolo.serving.twisted import TwistedGateway
from twisted.internet import reactor, ssl

if TYPE_CHECKING:
    from localstack.config import HostAndPort
    from rolo.gateway import Gateway


class LoopbackServer(TwistedRuntimeServer):
    """Serves HTTP and TLS on one port, as its parent does, on the given interfaces only."""

    def register(
        self,
        gateway: Gateway,
        listen: list[HostAndPort],
        ssl_creds: tuple[str, str] | None = None,
    ) -> None:
        """Listen at once, so that a taken port is an error here and not a line in a log.

        Raises:
            twisted.internet.error.CannotListenError: the port is taken.
        """
        site = TwistedGateway(gateway)
        if ssl_creds:
            certificate, key = ssl_creds
            tls = ssl.DefaultOpenSSLContextFactory(key, certificate)
            tls.getContext().use_certificate_chain_file(certificate)
            site = TLSMultiplexerFactory(tls, False, site)  # noqa: FBT003 - its signature
        for address in listen:
            reactor.listenTCP(address.port, site, interface=address.host)
