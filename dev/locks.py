"""`make locks`: resolve requirements, lambda's and those of samples, into hashed locks."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from testbed import settings, terminal
from testbed.errors import TestbedError

# LocalStack 4.14.0 starts only with packages as old as itself, and behaves as it did with those
# that it was released with. What the release does not name is as of this day.
EMULATOR_RESOLVED_AS_OF = "2026-05-01"
RELEASED_WITH = "localstack-4.14.0.txt"
COMPILE = ("pip", "compile", "--quiet", "--no-header", "--generate-hashes", "--upgrade")
EMULATORS = ("--exclude-newer", EMULATOR_RESOLVED_AS_OF, "--constraint", RELEASED_WITH)
FOLDERS = (
    settings.ROOT / "requirements",
    settings.ROOT / "plugin" / "localstack_standalone" / "requirements",
    *sorted({each.parent for each in (settings.ROOT / "tests" / "samples").glob("*/*.in")}),
)


def main() -> None:
    """Write every lock anew. The locks hold on Linux and macOS alike: no marker differs."""
    for source in sorted(source for folder in FOLDERS for source in folder.glob("*.in")):
        extra = EMULATORS if source.stem == "emulator" else ()
        _, own, version = source.stem.partition("-python")
        python = version if own else "3.13"
        _compile(source.parent, source.name, f"{source.stem}.lock", extra, python)
    _compile(settings.ROOT / "lambda", "requirements.in", "requirements.txt", (), "3.13")


def _compile(folder: Path, source: str, lock: str, extra: Sequence[str], python: str) -> None:
    with terminal.step(f"resolving {source}"):
        asked = [*COMPILE, "--python-version", python, *extra, source, "-o", lock]
        done = subprocess.run(
            [settings.uv(), *asked],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise TestbedError(f"{source} could not be resolved:\n{done.stderr}")


if __name__ == "__main__":
    terminal.run(main)
