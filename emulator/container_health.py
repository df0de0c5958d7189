"""The image's HEALTHCHECK: healthy means that a request to the pipeline would succeed.

Docker asks for the first time one interval after the start, so a check that waits for a while
tells of readiness at once, and the interval can be long: each check is a new process.
"""

from __future__ import annotations

import sys
import time
from typing import Final

from emulator import health
from emulator.container import ENDPOINT

PATIENCE_S: Final = 20.0
POLL_S: Final = 0.1


def main() -> int:
    """Print what was seen; 0 once it is well, 1 if that did not come true in time."""
    deadline = time.monotonic() + PATIENCE_S
    seen = health.check_provisioned(ENDPOINT)
    while not seen.ready and not seen.hopeless and time.monotonic() < deadline:
        time.sleep(POLL_S)
        seen = health.check_provisioned(ENDPOINT)
    print(seen.seen)
    return 0 if seen.ready else 1


if __name__ == "__main__":
    sys.exit(main())
