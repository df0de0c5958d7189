"""A required parameter must not be blank.

AWS: a request validator sees that required parameters "in the URI, query string, and headers of
an incoming request are included and not blank" (API Gateway Developer Guide, "Request validation
for REST APIs").
LocalStack asks only whether they are included.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any


def cure(module: ModuleType) -> None:
    """Patch ``MethodRequestHandler._get_missing_required_parameters``: blank ones are no more."""
    handler = module.MethodRequestHandler
    original = handler._get_missing_required_parameters  # noqa: SLF001 - where parameters are seen

    def missing(method: Any, request: Any) -> list[str]:
        included = dict(request)
        for place in ("headers", "path_parameters", "query_string_parameters"):
            found = request.get(place) or {}
            included[place] = {name: value for name, value in found.items() if value.strip()}
        return list(original(method, included))

    handler._get_missing_required_parameters = staticmethod(missing)  # noqa: SLF001 - likewise
