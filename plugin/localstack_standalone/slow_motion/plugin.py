"""Puts the holds where executions pass, and offers the endpoint that asks for them.

``/_localstack/standalone/slow-motion``: POST ``{"execution": name}`` has the execution held that
will be called so, as its Idempotency-Key says; GET ``?execution=`` tells where it stands; PUT
``{"execution": name, "number": n}`` lets it go on; DELETE ``?execution=`` holds it no more.
"""

from __future__ import annotations

import functools
import os
import re
from typing import Any, Final

import wrapt
from localstack.http import Response
from localstack.runtime.shutdown import SHUTDOWN_HANDLERS
from localstack.services.internal import get_internal_apis

from localstack_standalone.slow_motion import holds, hooks
from localstack_standalone.slow_motion.holds import HoldError, SlowMotion

PATH: Final = "/_localstack/standalone/slow-motion"
SETTING: Final = "STANDALONE_HOLD_S"
_NAME: Final = re.compile(r"[0-9A-Za-z_-]{1,80}")


def stand_by() -> None:
    """Hold nothing until it is asked for."""
    motion = SlowMotion(longest_s=float(os.environ.get(SETTING) or holds.LONGEST_S))
    for target, hook in (
        (hooks.API, hooks.at_the_api),
        (hooks.PROGRAM, hooks.in_a_machine),
        (hooks.STATE, hooks.in_a_state),
        (hooks.TASK, hooks.behind_a_task),
    ):
        wrapt.register_post_import_hook(functools.partial(hook, motion), target)
    SHUTDOWN_HANDLERS.register(motion.release_all)
    _offer(motion)


def _offer(motion: SlowMotion) -> None:
    def endpoint(request: Any) -> Any:
        try:
            if request.method in ("POST", "PUT"):
                told = request.get_json(force=True, silent=True)
                name = _name(told.get("execution") if isinstance(told, dict) else None)
                if request.method == "POST":
                    motion.watch(name)
                else:
                    motion.step(name, _number(told.get("number")))
                return motion.look(name)
            name = _name(request.args.get("execution"))
            if request.method == "DELETE":
                motion.release(name)
            return motion.look(name)
        except HoldError as error:
            return Response(f"{error}\n", 400, mimetype="text/plain")

    get_internal_apis().add(PATH, endpoint, methods=["GET", "POST", "PUT", "DELETE"])


def _name(given: Any) -> str:
    if isinstance(given, str) and _NAME.fullmatch(given):
        return given
    raise HoldError(f"execution is {given!r:.80}; allowed: 1 to 80 of A-Z, a-z, 0-9, - and _")


def _number(given: Any) -> int:
    if isinstance(given, int):
        return given
    raise HoldError(f"number is {given!r:.80}; allowed: that of the hold, as GET tells it")
