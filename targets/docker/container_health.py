"""The image's HEALTHCHECK: healthy means that a request to the pipeline would succeed.

Docker asks for the first time one interval after the start, so a check that waits for a while
tells of readiness at once, and the interval can be long: each check is a new process.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

from localstack_standalone.launcher.health import Health
from targets import health
from targets.docker.container import ENDPOINT, HOME

# What the provisioning writes last, in a folder that is new at each start of the container.
PROVISIONED: Final = Path(HOME) / "outputs.json"

PATIENCE_S: Final = 20.0
POLL_S: Final = 0.1


def main() -> int:
    """Print what was seen; 0 once it is well, 1 if that did not come true in time."""
    deadline = time.monotonic() + PATIENCE_S
    seen = look()
    while not seen.ready and not seen.hopeless and time.monotonic() < deadline:
        time.sleep(POLL_S)
        seen = look()
    print(seen.seen)
    return 0 if seen.ready else 1


def look() -> Health:
    """The whole question until the pipeline is there, then the one that leaves no log line."""
    if PROVISIONED.exists():
        return health.check_services(ENDPOINT)
    return health.check_provisioned(ENDPOINT)


if __name__ == "__main__":
    sys.exit(main())
