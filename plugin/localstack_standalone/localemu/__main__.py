"""`python -m localstack_standalone.localemu`: LocalEmu with this plugin in it."""

from __future__ import annotations

import os

from localstack_standalone.localemu import alias, differences


def main() -> None:
    """Run LocalEmu until it is stopped.

    Raises:
        WrongLocalEmuError: it is another release than the one that this was tried with.
    """
    alias.variables(os.environ)
    alias.install()
    differences.settle()

    from localemu.runtime import main as runtime
    from plux.runtime.cache import EntryPointsCache

    alias.entry_points(EntryPointsCache.instance().get_entry_points())
    runtime.main()


if __name__ == "__main__":
    main()
