"""`make package [ARCH=x86_64|arm64]`: build the function's zip for AWS and say what it is."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, cast

from infra import package
from testbed import settings, terminal
from views import sizes

if TYPE_CHECKING:
    from collections.abc import Mapping


def main() -> None:
    """Build it; the same content gives the same sha256."""
    platform = package.Platform("Linux", architecture(os.environ))
    with terminal.step(f"packaging the function for {platform.architecture}"):
        built = package.build(platform, uv=settings.uv())
    content = built.path.read_bytes()
    terminal.out.print(f"path    {built.path.relative_to(settings.ROOT)}")
    terminal.out.print(f"size    {sizes.length(len(content))}")
    terminal.out.print(f"sha256  {hashlib.sha256(content).hexdigest()}")


def architecture(environ: Mapping[str, str]) -> package.Architecture:
    """What ARCH asks for; this machine's own where it is not set.

    Raises:
        SettingError: Lambda has no such architecture.
    """
    wanted = settings.value(environ, "ARCH", package.host_platform().architecture)
    return cast("package.Architecture", wanted)


if __name__ == "__main__":
    terminal.run(main)
