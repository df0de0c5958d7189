"""An AWS integration needs a role, except with Lambda.

AWS: 400 BadRequestException "Role ARN must be specified for AWS integrations" from PutIntegration;
a function can have a resource policy instead (API Gateway API reference, PutIntegration,
*credentials*; the words are those of published answers). ImportRestApi and PutRestApi name each
place in the document, and make nothing of it.
LocalStack takes an integration without one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from localstack.services.apigateway.helpers import resolve_references
from localstack.utils.json import parse_json_or_yaml
from localstack.utils.patch import patch

_REFUSAL: Final = "Role ARN must be specified for AWS integrations"
_EXTENSION: Final = "x-amazon-apigateway-integration"
_ANY_METHOD: Final = "x-amazon-apigateway-any-method"


def cure(module: ModuleType) -> None:
    """Patch ``put_integration``, which has words of its own for other faults, and the imports."""
    provider = module.ApigatewayProvider

    @patch(provider.put_integration)
    def put_integration(
        original: Any, self: Any, context: Any, request: Any, **further: Any
    ) -> Any:
        if needs_role(request) and not request.get("credentials"):
            raise module.BadRequestException(_REFUSAL)
        return original(self, context, request, **further)

    def checked(body: Any) -> Any:
        content = body.read()
        refused = [
            f"\n\tUnable to put integration on '{method}' for resource at path '{path}': {_REFUSAL}"
            for method, path in _without_role(content)
        ]
        if refused:
            raise module.BadRequestException("".join(("Errors found during import:", *refused)))
        return io.BytesIO(content)

    @patch(provider.import_rest_api)
    def import_rest_api(original: Any, self: Any, context: Any, body: Any, **further: Any) -> Any:
        return original(self, context, checked(body), **further)

    @patch(provider.put_rest_api)
    def put_rest_api(original: Any, self: Any, context: Any, request: Any) -> Any:
        return original(self, context, {**request, "body": checked(request["body"])})


def needs_role(request: Any) -> bool:
    """Whether *request* is a well-formed one for a service other than Lambda."""
    service, _, resource = (
        (request.get("uri") or "")
        .partition("arn:aws:apigateway:")[2]
        .partition(":")[2]
        .partition(":")
    )
    return bool(
        request.get("type") == "AWS"
        and request.get("integrationHttpMethod")
        and service not in ("", "lambda")
        and resource.startswith(("path", "action"))
    )


def _without_role(content: bytes) -> Iterator[tuple[str, str]]:
    """Method and path of each integration of an OpenAPI document that lacks its role."""
    try:
        document = resolve_references(parse_json_or_yaml(content.decode()), rest_api_id="")
        paths = [(path, dict(methods)) for path, methods in document.get("paths", {}).items()]
    except Exception:  # noqa: BLE001 - what is no document is for the importer to tell
        return
    for path, methods in paths:
        for name, method in methods.items():
            found = method.get(_EXTENSION) if isinstance(method, dict) else None
            if not isinstance(found, dict) or found.get("credentials"):
                continue
            asked = {
                "type": str(found.get("type")).upper(),
                "integrationHttpMethod": found.get("httpMethod") or name,
                "uri": str(found.get("uri") or ""),
            }
            if needs_role(asked):
                yield "ANY" if name == _ANY_METHOD else name.upper(), path
