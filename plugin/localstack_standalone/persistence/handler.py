"""Saves what a call changed before its answer leaves the gateway."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final

from localstack.aws.api import CommonServiceException
from localstack.aws.handlers import handle_service_exception

from localstack_standalone.persistence.errors import NotSavedError
from localstack_standalone.persistence.keeper import changes
from localstack_standalone.persistence.keepers import Keepers

LOG = logging.getLogger(__name__)
_INTERNAL: Final = "/_localstack"
_API_GATEWAY: Final = "apigateway"


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
        """Let an answer go when what it says is on disk; an error takes its place if it is not.

        Only what somebody outside is told is waited for, by API Gateway for the one who called it.
        """
        try:
            if self._save(context) and _is_told_outside(context):
                self.keepers.journal.settle_own()
        except NotSavedError as error:
            LOG.error("%s: %s", context.request.path, error)  # noqa: TRY400 - it says all
            _refuse(context, response, str(error))

    def _save(self, context: Any) -> bool:
        """Queue what a call changed; whether its answer may tell of a change."""
        if context.service is None or context.operation is None:
            return not context.request.path.startswith(_INTERNAL)
        keeper = self.keepers.of(context.service.service_name)
        if keeper is None or not changes(context.operation.name):
            return False
        try:
            keeper.after(context)
        except NotSavedError:
            raise
        except Exception:
            # A fault of ours, or something that is no data: the request itself was done.
            name = f"{context.service.service_name}:{context.operation.name}"
            self.unkept.add(name)
            LOG.exception("what %s changed is in memory alone", name)
        return True


def _is_told_outside(context: Any) -> bool:
    """Whether somebody outside gets the answer, or what API Gateway makes of it."""
    told = context.internal_request_params
    return told is None or told.get("service_principal") == _API_GATEWAY


def _refuse(context: Any, response: Any, why: str) -> None:
    """Answer as the service does where it fails."""
    if context.service is None or context.operation is None:
        response.status_code = HTTPStatus.INTERNAL_SERVER_ERROR
        response.set_json({"message": why})
        return
    refusal = CommonServiceException("InternalError", why, HTTPStatus.INTERNAL_SERVER_ERROR)
    response.update_from(handle_service_exception.create_exception_response(refusal, context))
