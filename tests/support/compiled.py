"""A bootstrap in machine code, by whatever compiler there is: Rust's, Go's, or Go's from PyPI."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from dev import bootstrap
from testbed import settings

SOURCES = Path(__file__).parent / "bootstraps"
TIMEOUT_S = 580.0


def bootstrap_in(folder: Path) -> bytes:
    """Compile one in *folder*, and give it."""
    made = folder / "bootstrap"
    subprocess.run(_command(made), cwd=folder, env=_environ(folder), check=True, timeout=TIMEOUT_S)
    return made.read_bytes()


def _command(made: Path) -> list[str]:
    if rustc := shutil.which("rustc"):
        return [rustc, "-O", str(SOURCES / "bootstrap.rs"), "-o", str(made)]
    go = shutil.which("go")
    if go is None:
        assert 0 == bootstrap.main(["golang"])  # type: ignore[no-untyped-call]  # runs on any Python 3
        go = str(settings.ENVS / "golang" / "bin" / "go")
    return [go, "build", "-o", str(made), str(SOURCES / "main.go")]


def _environ(folder: Path) -> dict[str, str]:
    """Nothing is linked with the machine's C library, which AWS's may be older than."""
    cache = os.environ.get("GOCACHE") or str(folder / "cache")
    return os.environ | {"CGO_ENABLED": "0", "GOCACHE": cache, "GOTOOLCHAIN": "local"}
