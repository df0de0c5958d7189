"""`make clean`: stop the testbed and delete what the commands made, environments included.

Nothing else: what somebody put beside it stays, and is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from targets import choose, state
from testbed import outputs, removal, settings, terminal
from testbed.errors import TestbedError

BUNDLES: Final = "image-pipeline-testbed-*.tar.gz"  # as dev/bundle.py names them
# Folders of the checkout, and what the commands make in each.
MADE: Final = {
    "build": ("function-*", "dependencies-*", "installing-*", "bundling-*", BUNDLES),
    "reports": (
        *("bench", "evidence", "fuzz", "screenshots"),
        *("junit.xml", "junit-docker.xml", "junit-aws.xml", "targets.json", "thumbnail.json"),
    ),
    # Caches of tools; their names are nobody else's.
    ".mypy_cache": ("*",),
    ".ruff_cache": ("*",),
    ".pytest_cache": ("*",),
    ".hypothesis": ("*",),
    ".import_linter_cache": ("*",),
}
# Where our Python is, and so its bytecode.
SOURCES: Final = (
    *("bench", "client", "conformance", "console", "dev", "examples", "grading", "infra", "labs"),
    *("lambda", "plugin", "runs", "scripts", "targets", "testbed", "tests", "views"),
)
# As `dev/bootstrap.py` makes them.
ENVIRONMENTS: Final = (
    *("emulator", "tools", "lambda-runtime", "lambda-runtime-3", "lambda-runtime-python3.*"),
    *(
        "bench",
        "debug",
        "deploy",
        "golang",
        "nodejs20",
        "nodejs22",
        "nodejs24",
        "localemu",
        "ministack",
        "moto",
        "uv",
        "lock",
    ),
)


def main() -> None:
    """Leave the checkout as it was cloned. The environments go last: this runs in one of them.

    Raises:
        EmulatorError: STATE_DIR names a folder that is not a testbed's.
    """
    wanted = settings.load().state_dir
    state.refuse_foreign(wanted)
    states = {wanted, *filter(_is_testbeds, settings.ROOT.glob(".testbed*"))}
    for state_dir in states:
        if _is_on_aws(state_dir):
            terminal.out.print(
                f"the pipeline on AWS stays ({state_dir.name}): make down TARGET=aws", markup=False
            )
    with terminal.step("stopping what runs"):
        for state_dir in states:
            choose.down(state_dir, image=True)
    with terminal.step("deleting state and environments"):
        left = [path for state_dir in states for path in state.remove(state_dir)]
        left += [*remains(settings.ROOT), *removal.known(settings.ENVS, ENVIRONMENTS)]
    for other in left:
        terminal.out.print(f"kept, since we did not make it: {other}", markup=False)


def remains(root: Path) -> Iterator[Path]:
    """Delete what was made in the checkout at *root*, and give what was not."""
    yield from (found for found in root.glob(".testbed*") if not _is_testbeds(found))
    for folder, made in MADE.items():
        yield from removal.known(root / folder, made)
    for source in SOURCES:
        for cache in (root / source).glob("**/__pycache__"):
            yield from removal.known(cache, ("*.pyc", "*.pyc.*"))


def _is_on_aws(state_dir: Path) -> bool:
    """Whether the addresses in it are of AWS, where nothing is stopped here."""
    try:
        return outputs.read(state_dir).target == "aws"
    except TestbedError:
        return False


def _is_testbeds(folder: Path) -> bool:
    """Whether it is a testbed's of this checkout; a link leads to somebody else's."""
    return not folder.is_symlink() and state.is_ours(folder)


if __name__ == "__main__":
    terminal.run(main)
