"""What the docker target's image does by itself: bring the function's zip, and provision with it.

``package`` runs when the image is built, ``provision`` each time LocalStack has started in it, as
an init script: a container that was killed comes back with the pipeline.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path
from typing import Final

from emulator import container
from infra import package, stack
from infra.change import Row
from testbed import outputs
from testbed.aws import Aws
from testbed.settings import ROOT

ZIP: Final = ROOT / "function.zip"
UV: Final = Path("/opt/uv/bin/uv")
# Writable in a container whose root is read-only; `docker compose exec` reads it there.
STATE: Final = Path(container.HOME)


def build_package() -> None:
    """Build the zip for this image's architecture and put it where `provision` finds it."""
    built = package.build(package.host_platform(), uv=UV)
    built.path.rename(ZIP)


def provision() -> None:
    """Make the pipeline; keep its addresses as the host reaches them."""
    made = stack.apply(
        Aws(endpoint=container.ENDPOINT),
        target="docker",
        code=ZIP,
        architecture=package.host_platform().architecture,
        on_row=_tell,
    )
    reached_at = f"http://{os.environ['LOCALSTACK_HOST']}"
    own = {"endpoint": reached_at, "api_url": made.api_url.replace(container.ENDPOINT, reached_at)}
    outputs.write(STATE, dataclasses.replace(made, **own))


def _tell(row: Row) -> None:
    print(f"provisioning: {row.resource} {row.change} ({row.seconds:.2f} s)", flush=True)


if __name__ == "__main__":
    {"package": build_package, "provision": provision}[sys.argv[1]]()
