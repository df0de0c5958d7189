"""Saves what a call changed before its answer leaves the gateway."""

from __future__ import annotations

import logging
from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.aws.handlers import handle_service_exception

from localstack_standalone.persistence.errors import NotSavedError
from localstack_standalone.persistence.keeper import changes
from localstack_standalone.persistence.keepers import Keepers

LOG = logging.getLogger(__name__)


class Saving:
    """A response handler of the gateway.

    Attributes:
        keepers: who saves.
        unkept: the operations of which something could not be saved, though they were done.
    """

    def __init__(self, keepers: Keepers) -> None:
        self.keepers = keepers
        self.unkept: set[str] = set()

    def __call__(self, _chain: Any, context: Any, response: Any) -> None:
        """Let an answer go when what it says is on disk; an error takes its place if it is not."""
        if context.service is None or context.operation is None:
            return
        keeper = self.keepers.of(context.service.service_name)
        if keeper is None or not changes(context.operation.name):
            return
        try:
            keeper.after(context)
            self.keepers.journal.settle()
        except NotSavedError as error:
            LOG.error("%s: %s", context.operation.name, error)  # noqa: TRY400 - it says all
            refusal = CommonServiceException("InternalError", str(error), 500)
            response.update_from(
                handle_service_exception.create_exception_response(refusal, context)
            )
        except Exception:
            # A fault of ours, or something that is no data: the request itself was done.
            name = f"{context.service.service_name}:{context.operation.name}"
            self.unkept.add(name)
            LOG.exception("what %s changed is in memory alone", name)
