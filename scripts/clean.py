"""`make clean`: stop the testbed and delete all that the commands made, environments included."""

from __future__ import annotations

import shutil

from scripts import targets
from testbed import settings, terminal

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
    """Leave the checkout as it was cloned. The environments go last: this runs in one of them."""
    states = {settings.load().state_dir, *settings.ROOT.glob(".testbed*")}
    with terminal.step("stopping what runs"):
        for state_dir in states:
            targets.stop(state_dir, image=True)
    with terminal.step("deleting state and environments"):
        folders = [*states, *(settings.ROOT / name for name in MADE_IN_THE_CHECKOUT)]
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        for cache in settings.ROOT.glob("*/**/__pycache__"):
            if settings.ENVS not in cache.parents:
                shutil.rmtree(cache, ignore_errors=True)
        shutil.rmtree(settings.ENVS, ignore_errors=True)


if __name__ == "__main__":
    terminal.run(main)
