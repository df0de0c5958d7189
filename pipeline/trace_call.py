"""The first station of a trace: the POST, and the request that the mapping template made of it.

No service keeps a POST. Whoever sent it may have kept it; else it follows from the execution, whose
input is the body, and from the template that is deployed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from pipeline.trace_model import Call, Source
from testbed import names

if TYPE_CHECKING:
    from pipeline.submit import Answer
    from testbed.aws import Aws
    from testbed.outputs import Outputs

INFERRED: Final = (
    "Not kept by any service: the body is the execution's input, as Step Functions has it."
)
OBSERVED: Final = "Seen by the sender; the answer's executionArn names the execution."
# The body as a JSON text, with or without AWS's apostrophes turned back.
_BODY: Final = re.compile(
    r"\$util\.escapeJavaScript\(\$input\.(?:body|json\('\$'\))\)(?:\.replaceAll\([^)]*\))?"
)


def observed(answer: Answer, body: str, template: str | None) -> Call:
    """The POST of *body* that got *answer*."""
    ids = [value for name, value in answer.headers.items() if name.lower() == "x-amzn-requestid"]
    return Call(
        source=Source.OBSERVED,
        url=answer.url,
        body=body,
        status=answer.status,
        request_id=ids[0] if ids else None,
        answer=answer.body,
        elapsed_ms=answer.elapsed_ms,
        template=template,
        rendered=rendered(template, body),
        note=OBSERVED,
    )


def inferred(outputs: Outputs, body: str, template: str | None) -> Call:
    """The POST that an execution with the input *body* must have had, if it came by the API."""
    return Call(
        source=Source.INFERRED,
        url=outputs.api_url,
        body=body,
        template=template,
        rendered=rendered(template, body),
        note=INFERRED,
    )


def rendered(template: str | None, body: str) -> str | None:
    """*template* with *body* in it; None where it holds what is no text and no body.

    Only the expression that this project's template has is understood: the body, escaped into a
    JSON text ("Mapping template reference" of the API Gateway Developer Guide).
    """
    if template is None:
        return None
    text = _BODY.sub(lambda _match: json.dumps(body, ensure_ascii=False)[1:-1], template)
    left = _BODY.sub("", template)
    return None if "$" in left or "#" in left else text


def integration(aws: Aws, outputs: Outputs) -> dict[str, Any] | None:
    """The deployed method's integration, as GetResources gives it; None if there is no such API."""
    for page in aws.apigateway.get_paginator("get_rest_apis").paginate():
        for api in page["items"]:
            if api.get("name") == names.API and api["id"] in outputs.api_url:
                return _integration(aws, api["id"])
    return None


def template(aws: Aws, outputs: Outputs) -> str | None:
    """The mapping template of the deployed method."""
    found = integration(aws, outputs)
    templates = found.get("requestTemplates", {}) if found else {}
    text = templates.get("application/json")
    return text if isinstance(text, str) else None


def _integration(aws: Aws, api_id: str) -> dict[str, Any] | None:
    pages = aws.apigateway.get_paginator("get_resources").paginate(
        restApiId=api_id, embed=["methods"]
    )
    for page in pages:
        for resource in page["items"]:
            if resource["path"] == f"/{names.RESOURCE_PATH}":
                methods: Any = resource.get("resourceMethods", {})
                found: dict[str, Any] = methods.get("POST", {}).get("methodIntegration")
                return found
    return None
