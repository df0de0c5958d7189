"""The modules of patches, imported where LocalStack is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from typing import Any

from testbed import settings

PROGRAM = """
import importlib, json, sys
package, function, *paths = sys.argv[1:]
told = {}
for path in paths:
    module = importlib.import_module(f"{package}.{path}")
    made = getattr(module, function, None)
    told[path] = {"doc": module.__doc__ or "", "callable": callable(made)}
print(json.dumps(told))
"""


def imported(package: str, function: str, paths: Iterable[str]) -> dict[str, dict[str, Any]]:
    """For each module at *paths* below *package*: its docstring, and whether it has *function*."""
    done = subprocess.run(
        [settings.ENVS / "emulator" / "bin" / "python", "-c", PROGRAM, package, function, *paths],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found
