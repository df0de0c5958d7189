"""What the log says, once for each kind of request: what is missing, ready to paste."""

from __future__ import annotations

import json
import logging

from localstack_standalone.access.evaluation import AccessRequest, Decision
from localstack_standalone.access.least import missing_statement
from localstack_standalone.access.refusal import message
from localstack_standalone.iam.callers import Caller
from localstack_standalone.iam.ledger import AccessLedger

LOG = logging.getLogger(__name__)


class Notices:
    """Writes into the log what the ledger has not seen before."""

    def __init__(self, ledger: AccessLedger) -> None:
        self._ledger = ledger
        self._gone: set[str] = set()

    def tell(self, caller: Caller, request: AccessRequest, decision: Decision) -> None:
        """Count the request; say it where AWS would refuse it."""
        is_new = self._ledger.add(caller.principal, request, decision)
        if decision.allowed or not is_new:
            return
        if caller.missing:
            self._tell_of_missing(caller.principal)
            return
        words = message(request, decision)
        LOG.warning("IAM: AWS refuses this: %s. %s", words, _remedy(request, decision))

    def unknown(self, service: str, operation: str) -> None:
        """Say that nobody knows which permission an operation needs."""
        if self._ledger.add_unknown(service, operation):
            LOG.info("IAM: %s of %s is allowed unasked: it is in no table", operation, service)

    def _tell_of_missing(self, principal: str) -> None:
        if principal not in self._gone:
            self._gone.add(principal)
            LOG.warning("IAM: AWS refuses what %s does: there is no such role", principal)


def _remedy(request: AccessRequest, decision: Decision) -> str:
    """What to add, or to take away: against an explicit deny no statement helps."""
    if not decision.by:
        return f"What is missing: {json.dumps(missing_statement(request, decision))}"
    denying = ", ".join(f"{each.index} of {each.policy}" for each in decision.by)
    return f"What denies it: statement {denying}"
