"""Running a function under debugpy: it waits for an editor, and no deadline ends it.

Asked for by two variables of the function's configuration, which the function does not see:
LOCALSTACK_DEBUG_PORT, where debugpy listens on 127.0.0.1, and LOCALSTACK_DEBUG_PATH, a folder
that holds debugpy (the runtime's own environment has none, as on AWS).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

DEBUG_PORT: Final = "LOCALSTACK_DEBUG_PORT"
DEBUG_PATH: Final = "LOCALSTACK_DEBUG_PATH"
# A person at a breakpoint: a working day.
TIMEOUT_S: Final = 8 * 3600.0

# Where a sandbox has that folder.
SEEN_AT: Final = "/var/debugger"

# A child that the function forks runs as ever: it would wait for an editor of its own else.
_PRELOAD: Final = """
import sys
sys.path.append({path!r})
import debugpy
{places}debugpy.configure(subProcess=False)
debugpy.listen(("127.0.0.1", {port:d}))
print("debugpy waits for an editor on 127.0.0.1:{port:d}", flush=True)
debugpy.wait_for_client()
"""
# An editor speaks of files as they are on this machine, the function as its sandbox has them.
_PLACES: Final = """\
import debugpy._vendored.force_pydevd, pydevd_file_utils
pydevd_file_utils.setup_client_server_paths({places!r})
"""


def port(prepared: Mapping[str, Any]) -> int | None:
    """Where the debugger shall listen; None where none is asked for."""
    value = str(prepared.get(DEBUG_PORT, ""))
    return int(value) if value.isdigit() else None


def timeout_s(prepared: Mapping[str, Any], configured_s: float) -> float:
    """How long an invocation may take."""
    return TIMEOUT_S if port(prepared) else configured_s


def mounts(prepared: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a sandbox needs for it: debugpy's folder here, and where it has that."""
    folder = str(prepared.get(DEBUG_PATH, ""))
    return [(folder, SEEN_AT)] if port(prepared) and folder else []


def preload(prepared: Mapping[str, Any], seen: Sequence[tuple[str, str]] = ()) -> str:
    """What a worker runs before the runtime client.

    Args:
        prepared: the function's variables.
        seen: folders here, and where a sandbox has them; none for a worker without a sandbox.
    """
    listen = port(prepared)
    path = SEEN_AT if seen else prepared.get(DEBUG_PATH, "")
    places = _PLACES.format(places=[pair for pair in seen if pair[0]]) if seen else ""
    return _PRELOAD.format(path=path, port=listen, places=places) if listen else ""
