"""Tells LocalStack which runtimes there are, so that it refuses the others when asked for one.

LocalStack checks CreateFunction and UpdateFunctionConfiguration against its list of AWS's
runtimes; the list is narrowed to what this machine can run, before the provider reads it.
"""

from __future__ import annotations

from collections.abc import Iterable

from localstack.services.lambda_ import runtimes as known

from localstack_standalone.lambda_process.zygote.runtimes import SETTING


def narrow_to(here: Iterable[str]) -> None:
    """Let functions be created for the runtimes *here* alone; the refusal names them."""
    names = sorted(here)
    # A new list: what layers are compatible with is not narrowed, and that is checked against the
    # old one, which their module holds already.
    known.ALL_RUNTIMES = [runtime for runtime in known.ALL_RUNTIMES if runtime in names]
    known.VALID_RUNTIMES = (
        f"[{', '.join(names)}] (what this machine has; {SETTING} adds more: see "
        "localstack-standalone's README)"
    )
