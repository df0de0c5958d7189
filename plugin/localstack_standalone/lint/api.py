"""Integrations of REST APIs, in OpenAPI documents and as CloudFormation has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from localstack_standalone.lint.document import text_of
from localstack_standalone.lint.finding import At, Remark, mapping, sequence

EXTENSION: Final = "x-amazon-apigateway-integration"
_PART: Final = r"(?:\$\{[^}]*\}|[^:$])*"
_SERVICE: Final = re.compile(rf"arn:{_PART}:apigateway:{_PART}:([\w.-]+):(?:path|action)")
_ESCAPE: Final = "$util.escapeJavaScript("
_TURNED_BACK: Final = re.compile(r"""\.replaceAll\(\s*["']\\+'["']""")
_A_REFUSAL: Final = "400"


def remarks(document: Any, at: At) -> Iterator[Remark]:
    """What is found in the OpenAPI *document*."""
    for path, methods in mapping(mapping(document).get("paths")).items():
        for name, method in mapping(methods).items():
            integration = mapping(method).get(EXTENSION)
            if isinstance(integration, dict):
                where = (*at, "paths", path, name, EXTENSION)
                yield from _integration(_lower(integration), where)
                yield from _templates(integration.get("requestTemplates"), where)


def method(properties: dict[str, Any], at: At) -> Iterator[Remark]:
    """What is found in the properties of an ``AWS::ApiGateway::Method``."""
    written = mapping(properties.get("Integration"))
    where = (*at, "Integration")
    responses = {
        text_of(one.get("SelectionPattern")) or "default": one
        for one in map(mapping, sequence(written.get("IntegrationResponses")))
    }
    integration = {
        "type": written.get("Type"),
        "uri": written.get("Uri"),
        "credentials": written.get("Credentials"),
        "responses": responses,
    }
    if written:
        yield from _integration(integration, where)
        yield from _templates(written.get("RequestTemplates"), where, "RequestTemplates")


def _lower(integration: dict[str, Any]) -> dict[str, Any]:
    return {**integration, "responses": mapping(integration.get("responses"))}


def _integration(integration: dict[str, Any], at: At) -> Iterator[Remark]:
    if text_of(integration.get("type")).upper() != "AWS":
        return
    service = _SERVICE.match(text_of(integration.get("uri")))
    if service is None:
        return
    is_function = service[1] == "lambda"
    if not is_function and not integration.get("credentials"):
        yield Remark("LS202", at, f"an integration with {service[1]} has no role")
    patterns = [pattern for pattern in integration["responses"] if pattern != "default"]
    if is_function and patterns:
        return
    if not is_function and any(_matches(pattern, _A_REFUSAL) for pattern in patterns):
        return
    what = "errors of the function" if is_function else "refusals (4xx) of the service"
    yield Remark("LS203", at, f"no response is selected for {what}")


def _matches(pattern: str, status: str) -> bool:
    try:
        return re.fullmatch(pattern, status) is not None
    except re.error:
        return False


def _templates(templates: Any, at: At, field: str = "requestTemplates") -> Iterator[Remark]:
    for kind, template in mapping(templates).items():
        if "json" in kind and _leaves_apostrophes(text_of(template)):
            where = (*at, field, kind)
            yield Remark("LS201", where, "$util.escapeJavaScript leaves \\' in a text of JSON")


def _leaves_apostrophes(template: str) -> bool:
    r"""Whether a call of escapeJavaScript is not followed by what turns ``\\'`` back."""
    at = template.find(_ESCAPE)
    while at >= 0:
        end = _closing(template, at + len(_ESCAPE))
        if not _TURNED_BACK.match(template, end):
            return True
        at = template.find(_ESCAPE, end)
    return False


def _closing(text: str, at: int) -> int:
    """The index behind the parenthesis that closes what is open at *at*."""
    depth = 1
    while at < len(text) and depth:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at
