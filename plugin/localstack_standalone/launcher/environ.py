"""The environment variables that LocalStack has wherever it runs: as a process or in a container.

Standard library alone: a container's entry point imports this before anything else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

# What an emulator's Python runs.
MODULE: Final = "localstack.runtime.main"
# Tells the plugin in which folder state is kept; none is without it.
KEEPS_IN: Final = "STANDALONE_PERSISTENCE"


def common(
    *, listen: str, reached_at: str, runtimes: Mapping[str, str], services: Sequence[str] = ()
) -> dict[str, str]:
    """What LocalStack needs to serve with this plugin, and to keep quiet.

    Args:
        listen: ``address:port`` that the gateway binds.
        reached_at: ``address:port`` under which clients reach it.
        runtimes: the Pythons that Lambda functions run under: identifier → interpreter.
        services: all that it shall serve; none for all that it has.
    """
    served = {"SERVICES": ",".join(services), "STRICT_SERVICE_LOADING": "1"} if services else {}
    return {
        **served,
        # Files are where FILESYSTEM_ROOT says in a container, too: not in one /var/lib for all.
        "OVERRIDE_IN_DOCKER": "0",
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "GATEWAY_LISTEN": listen,
        "GATEWAY_SERVER": "loopback",
        "LOCALSTACK_HOST": reached_at,
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "LAMBDA_PROCESS_RUNTIMES": os.pathsep.join(
            f"{name}={path}" for name, path in runtimes.items()
        ),
        # A queue's URL can be called as it stands: no name below 127.0.0.1 is one.
        "SQS_ENDPOINT_STRATEGY": "path",
        # Quiet and offline: no analytics, no certificate download, no DNS server, and no asking
        # an EC2 metadata service for credentials.
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
    }
