"""AWS's words for a request that is denied."""

from __future__ import annotations

from localstack_standalone.access.evaluation import AccessRequest, Decision


def message(request: AccessRequest, decision: Decision) -> str:
    """The message of the service's access denied error."""
    raise NotImplementedError
