"""A gateway server that listens only where GATEWAY_LISTEN says (``GATEWAY_SERVER=loopback``).

LocalStack 4.14's own Twisted server makes its TCP endpoint without an interface, so it listens on
every address of the machine whatever host it was given.
"""

from __future__ import annotations

import os
from typing import Any

from localstack.runtime.server.core import RuntimeServerPlugin

from localstack_standalone.tuning import plugin as tuning
from localstack_standalone.tuning.registry import Option


class LoopbackServerPlugin(RuntimeServerPlugin):
    """Offers the server under the name ``loopback`` in ``localstack.runtime.server``."""

    name = "loopback"

    def load(self, *_args: object, **_kwargs: object) -> Any:
        """Import the server that is wanted only now, and make it.

        Raises:
            ConnectionLimitError: STANDALONE_GATEWAY_CONNECTIONS is no number of connections.
        """
        if Option.THREADED_GATEWAY in tuning.wanted():
            from localstack_standalone.forks import fork
            from localstack_standalone.gateway import connections
            from localstack_standalone.gateway.runtime_server import GatewayServer

            return GatewayServer(limit=connections.limit(os.environ), watchers=[fork.offer])
        from localstack_standalone.gateway.twisted_server import LoopbackServer

        return LoopbackServer()
