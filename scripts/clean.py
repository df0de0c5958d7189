"""`make clean`: stop the testbed and delete what the commands made, environments included.

Nothing else: what somebody put beside it stays, and is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scripts import bootstrap, targets
from testbed import settings, state_folder, terminal

# Folders of the checkout, and what the commands make in each.
MADE: Final = {
    "build": ("function-*", "dependencies-*", "installing-*"),
    "reports": (
        *("bench", "evidence", "fuzz", "screenshots"),
        *("junit.xml", "junit-docker.xml", "targets.json", "thumbnail.json"),
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
    *("bench", "console", "emulator", "infra", "lambda", "pipeline", "plugin"),
    *("scripts", "testbed", "tests"),
)
ENVIRONMENTS: Final = (
    *bootstrap.ENVIRONMENTS,
    *bootstrap.ON_DEMAND,
    f"{bootstrap.RUNTIME_PREFIX}3.*",
    *("uv", "lock"),
)


def main() -> None:
    """Leave the checkout as it was cloned. The environments go last: this runs in one of them.

    Raises:
        StateFolderError: STATE_DIR names a folder that is not a testbed's.
    """
    wanted = settings.load().state_dir
    state_folder.refuse_foreign(wanted)
    states = {wanted, *_state_folders(settings.ROOT)}
    with terminal.step("stopping what runs"):
        for state_dir in states:
            targets.stop(state_dir, image=True)
    with terminal.step("deleting state and environments"):
        kept = {str(state_dir): state_folder.remove(state_dir) for state_dir in states}
        left = [*remains(settings.ROOT), *state_folder.remove_known(settings.ENVS, ENVIRONMENTS)]
    for place, what in kept.items():
        if what:
            terminal.out.print(f"kept in {place}, since we did not make it: {what}", markup=False)
    for other in left:
        terminal.out.print(f"kept, since we did not make it: {other}", markup=False)


def remains(root: Path) -> Iterator[Path]:
    """Delete what was made in the checkout at *root*, and give what was not."""
    for found in root.glob(".testbed*"):
        if found.is_symlink() or not state_folder.is_ours(found):
            yield found
    for folder, made in MADE.items():
        yield from state_folder.remove_known(root / folder, made)
    for source in SOURCES:
        for cache in (root / source).glob("**/__pycache__"):
            yield from state_folder.remove_known(cache, ("*.pyc", "*.pyc.*"))


def _state_folders(root: Path) -> Iterator[Path]:
    """Those of the checkout; a link leads to somebody else's."""
    for found in root.glob(".testbed*"):
        if not found.is_symlink() and state_folder.is_ours(found):
            yield found


if __name__ == "__main__":
    terminal.run(main)
