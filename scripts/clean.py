"""`make clean`: stop the testbed and delete all that the commands made, environments included."""

from __future__ import annotations

import shutil

from scripts import targets
from testbed import settings, state_folder, terminal

MADE_IN_THE_CHECKOUT = (
    "build",
    "reports",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
)


def main() -> None:
    """Leave the checkout as it was cloned. The environments go last: this runs in one of them.

    Raises:
        StateFolderError: STATE_DIR names a folder that is not a testbed's.
    """
    wanted = settings.load().state_dir
    state_folder.refuse_foreign(wanted)
    others = (folder for folder in settings.ROOT.glob(".testbed*") if state_folder.is_ours(folder))
    states = {wanted, *others}
    with terminal.step("stopping what runs"):
        for state_dir in states:
            targets.stop(state_dir, image=True)
    with terminal.step("deleting state and environments"):
        kept = {state_dir: state_folder.remove(state_dir) for state_dir in states}
        for name in MADE_IN_THE_CHECKOUT:
            shutil.rmtree(settings.ROOT / name, ignore_errors=True)
        for cache in settings.ROOT.glob("*/**/__pycache__"):
            if settings.ENVS not in cache.parents:
                shutil.rmtree(cache, ignore_errors=True)
        shutil.rmtree(settings.ENVS, ignore_errors=True)
    for state_dir, what in kept.items():
        if what:
            terminal.out.print(
                f"kept in {state_dir}, since we did not make it: {what}", markup=False
            )


if __name__ == "__main__":
    terminal.run(main)
