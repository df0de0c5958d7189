"""Slow motion of one execution, which an emulator is asked for (the plugin's `slow_motion/plugin`).

Standard library alone, as whatever asks the emulator for itself.
"""

from __future__ import annotations

import dataclasses
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Final

from testbed.errors import TestbedError

PATH: Final = "/_localstack/standalone/slow-motion"
_ANSWERS_WITHIN_S: Final = 10.0
_NOT_FOUND: Final = 404


class SlowMotionError(TestbedError):
    """The emulator cannot hold executions, or not this one."""


@dataclasses.dataclass(frozen=True)
class Hold:
    """Where an execution is held.

    Attributes:
        number: of the hold, from 1.
        place: ``api``, ``entered`` or ``answered``.
        state: in which; empty at the API.
        type: of that state.
    """

    number: int
    place: str
    state: str = ""
    type: str = ""


def watch(endpoint: str, name: str) -> None:
    """Have the execution held that will be called *name*.

    Raises:
        SlowMotionError: it cannot be.
    """
    _ask(endpoint, "POST", {"execution": name})


def look(endpoint: str, name: str) -> Hold | None:
    """Where it is held; None while it runs, and when it is held no more. Who asks keeps it held.

    Raises:
        SlowMotionError: nobody answers.
    """
    query = urllib.parse.urlencode({"execution": name})
    held = _ask(endpoint, "GET", query=query)["held"]
    return Hold(**held) if held else None


def step(endpoint: str, name: str, number: int) -> None:
    """Let it go on from the hold *number*.

    Raises:
        SlowMotionError: nobody answers.
    """
    _ask(endpoint, "PUT", {"execution": name, "number": number})


def release(endpoint: str, name: str) -> None:
    """Hold it no more.

    Raises:
        SlowMotionError: nobody answers.
    """
    _ask(endpoint, "DELETE", query=urllib.parse.urlencode({"execution": name}))


def _ask(
    endpoint: str, method: str, body: dict[str, Any] | None = None, query: str = ""
) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - the testbed's own endpoint
        f"{endpoint.rstrip('/')}{PATH}?{query}",
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Content-Type": "application/json"},
    )
    # The emulator is on loopback, where no proxy of the environment belongs in between.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_ANSWERS_WITHIN_S) as response:
            told: dict[str, Any] = json.load(response)
            return told
    except urllib.error.HTTPError as error:
        with error:
            words = error.read().decode("utf-8", "replace").strip()
        if error.code == _NOT_FOUND:
            words = f"the emulator at {endpoint} has no slow motion; `make reset` starts ours"
        raise SlowMotionError(words or f"HTTP {error.code}") from error
    except (OSError, ValueError) as error:
        raise SlowMotionError(f"no answer from {endpoint} ({error})") from error
