"""The variables that LocalStack has wherever it runs: as a process of the host or in a container.

Standard library alone: the container's entry point imports this before anything else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from emulator import health

# What an emulator's Python runs.
MODULE: Final = "localstack.runtime.main"


def common(*, listen: str, reached_at: str, runtimes: Mapping[str, str]) -> dict[str, str]:
    """What LocalStack needs to serve the pipeline, and to keep quiet.

    Args:
        listen: ``address:port`` that the gateway binds.
        reached_at: ``address:port`` under which clients reach it.
        runtimes: the Pythons that Lambda functions run under: identifier → interpreter.
    """
    return {
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        # Only what the pipeline needs. Without `events`, each finished execution logs an error.
        "SERVICES": ",".join(health.SERVICES),
        "STRICT_SERVICE_LOADING": "1",
        "GATEWAY_LISTEN": listen,
        "GATEWAY_SERVER": "loopback",
        "LOCALSTACK_HOST": reached_at,
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "LAMBDA_PROCESS_RUNTIMES": os.pathsep.join(
            f"{name}={path}" for name, path in runtimes.items()
        ),
        # Quiet and offline: no analytics, no certificate download, no DNS server, and no asking
        # an EC2 metadata service for credentials.
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
    }
