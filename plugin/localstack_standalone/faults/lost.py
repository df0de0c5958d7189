"""A connection that is lost: before what was asked for is done, or when it is done."""

from __future__ import annotations

from typing import Any

from localstack_standalone import unanswered
from localstack_standalone.faults.kind import When
from localstack_standalone.faults.rules import FaultStrike


def lose(strike: FaultStrike, chain: Any, request: Any) -> None:
    """Have nobody answer *request*; its *chain* of handlers ends here, or does all the same."""
    after = strike.rule.when is When.AFTER
    strike.hit(f"connection lost {'after' if after else 'before'} it was done")
    unanswered.leave(request.environ)
    if not after:
        chain.terminate()
