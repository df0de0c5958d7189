"""`make locks`: resolve requirements/*.in and lambda/requirements.in into hashed locks."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from testbed import settings, terminal
from testbed.errors import TestbedError

# LocalStack 4.14.0 starts only with packages as old as itself.
EMULATOR_RESOLVED_AS_OF = "2026-03-15"


def main() -> None:
    """Write every lock anew. The locks hold on Linux and macOS alike: no marker differs."""
    for source in sorted((settings.ROOT / "requirements").glob("*.in")):
        extra = ["--exclude-newer", EMULATOR_RESOLVED_AS_OF] if source.stem == "emulator" else []
        _, own, version = source.stem.partition("-python")
        python = version if own else "3.13"
        _compile(source.parent, source.name, f"{source.stem}.lock", extra, python)
    _compile(settings.ROOT / "lambda", "requirements.in", "requirements.txt", [], "3.13")


def _compile(folder: Path, source: str, lock: str, extra: list[str], python: str) -> None:
    ours = settings.ENVS / "uv" / "bin" / "uv"
    uv = str(ours) if ours.exists() else shutil.which("uv") or str(ours)
    with terminal.step(f"resolving {source}"):
        done = subprocess.run(
            [
                uv,
                "pip",
                "compile",
                "--quiet",
                "--no-header",
                "--generate-hashes",
                "--upgrade",
                "--python-version",
                python,
                *extra,
                source,
                "-o",
                lock,
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise TestbedError(f"{source} could not be resolved:\n{done.stderr}")


if __name__ == "__main__":
    terminal.run(main)
