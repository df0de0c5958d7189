r"""A selection pattern is matched as Java's ``Pattern`` does: whole, and ``.`` is no line's end.

AWS: the pattern must match all of the status code or the Lambda error message; ``.+`` does not
match a message of several lines, for which there is ``(\n|.)+`` (API Gateway Developer Guide,
"Handle standard Lambda errors in API Gateway").
LocalStack is content when the pattern matches the beginning.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any


def cure(module: ModuleType) -> None:
    """Patch ``select_integration_response``: it chooses among those that match, or have none."""
    handler = module.IntegrationResponseHandler
    original = handler.select_integration_response

    def select(selection_value: str, integration_responses: Any) -> Any:
        fitting = {
            status: response
            for status, response in (integration_responses or {}).items()
            if not response.get("selectionPattern")
            or re.fullmatch(response["selectionPattern"], selection_value)
        }
        return original(selection_value, fitting)

    handler.select_integration_response = staticmethod(select)
