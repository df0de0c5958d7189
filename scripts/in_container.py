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

from infra import package, stack
from targets.docker import container
from testbed import outputs
from testbed.aws import Aws
from testbed.settings import ROOT

ZIP: Final = ROOT / "function.zip"
UV: Final = Path("/opt/uv/bin/uv")
# Writable in a container whose root is read-only; `docker compose exec` reads it there.
STATE: Final = Path(container.HOME)


def build_package() -> None:
    """Build the zip for this image's architecture and put it where `provision` finds it.

    And what LocalStack is to serve where its start finds that.
    """
    container.SERVICES_FILE.write_text(" ".join(stack.SERVICES), encoding="ascii")
    built = package.build(package.host_platform(), uv=UV)
    built.path.rename(ZIP)


def provision() -> None:
    """Make the pipeline; keep its addresses as the host reaches them."""
    made = stack.apply(
        Aws(endpoint=container.ENDPOINT),
        target="docker",
        package=package.Package(ZIP, package.host_platform().architecture),
        on_settled=_tell,
    )
    reached_at = f"http://{os.environ['LOCALSTACK_HOST']}"
    own = {"endpoint": reached_at, "api_url": made.api_url.replace(container.ENDPOINT, reached_at)}
    outputs.write(STATE, dataclasses.replace(made, **own))


def _tell(settled: stack.Settled) -> None:
    print(
        f"provisioning: {settled.resource} {settled.outcome} ({settled.seconds:.2f} s)", flush=True
    )


if __name__ == "__main__":
    {"package": build_package, "provision": provision}[sys.argv[1]]()
