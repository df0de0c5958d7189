"""Running a function under debugpy: it waits for an editor, and no deadline ends it.

Asked for by two variables of the function's configuration, which the function does not see:
LOCALSTACK_DEBUG_PORT, where debugpy listens on 127.0.0.1, and LOCALSTACK_DEBUG_PATH, a folder
that holds debugpy (the runtime's own environment has none, as on AWS).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DEBUG_PORT: Final = "LOCALSTACK_DEBUG_PORT"
DEBUG_PATH: Final = "LOCALSTACK_DEBUG_PATH"
# A person at a breakpoint: a working day.
TIMEOUT_S: Final = 8 * 3600.0

# A child that the function forks runs as ever: it would wait for an editor of its own else.
_PRELOAD: Final = """
import sys
sys.path.append({path!r})
import debugpy
debugpy.configure(subProcess=False)
debugpy.listen(("127.0.0.1", {port:d}))
print("debugpy waits for an editor on 127.0.0.1:{port:d}", flush=True)
debugpy.wait_for_client()
"""


def port(prepared: Mapping[str, Any]) -> int | None:
    """Where the debugger shall listen; None where none is asked for."""
    value = str(prepared.get(DEBUG_PORT, ""))
    return int(value) if value.isdigit() else None


def timeout_s(prepared: Mapping[str, Any], configured_s: float) -> float:
    """How long an invocation may take."""
    return TIMEOUT_S if port(prepared) else configured_s


def preload(prepared: Mapping[str, Any]) -> str:
    """What a worker runs before the runtime client."""
    listen = port(prepared)
    return _PRELOAD.format(path=prepared.get(DEBUG_PATH, ""), port=listen) if listen else ""
