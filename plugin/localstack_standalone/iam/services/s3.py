"""DeleteObjects is allowed or denied key by key.

AWS: the answer is 200 with an AccessDenied in Errors for each key that may not be deleted (Amazon
S3 API Reference, DeleteObjects).
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.utils.patch import patch

from localstack_standalone.iam.handler import AccessControl


def delete_what_is_allowed(control: AccessControl, module: ModuleType) -> None:
    """Patch the provider: what is denied never reaches it."""

    @patch(module.S3Provider.delete_objects)
    def delete_objects(original: Any, self: Any, context: Any, **parameters: Any) -> Any:
        delete = parameters["delete"]
        refusals = control.refusals(context)
        if not any(refusals):
            return original(self, context, **parameters)
        asked = list(zip(delete["Objects"], refusals, strict=True))
        allowed = [each for each, refusal in asked if refusal is None]
        answer = {}
        if allowed:
            rest = {**parameters, "delete": {**delete, "Objects": allowed}}
            answer = original(self, context, **rest)
        denied = [
            {**each, "Code": refusal.code, "Message": str(refusal)}
            for each, refusal in asked
            if refusal is not None
        ]
        return {**answer, "Errors": [*(answer.get("Errors") or ()), *denied]}
