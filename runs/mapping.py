"""A mapping template, rendered as API Gateway does.

The engine is the emulator's, airspeed with Java's values; the variables are those of "Mapping
template reference" in the API Gateway Developer Guide, as far as a request's
sender or its execution can tell them.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus, unquote_plus

import airspeed
from jsonpath_ng.ext import parse

from localstack_standalone.velocity import engine, java

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rendering:
    """What became of a template.

    Attributes:
        text: the body for the integration; None where the template fails on this request.
        note: why it fails, or which variables nobody can tell here (they stand in *text* as the
            template names them) and which references render as nothing because there is no such
            variable, member or method. Empty where all is known.
    """

    text: str | None
    note: str = ""


def render(
    template: str,
    body: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> Rendering:
    """*template* for a request.

    Args:
        template: in the Velocity Template Language.
        body: of the request.
        context: what is known of ``$context``.
        headers: all of its parameters; None where nobody knows them.
    """
    unknown: dict[str, None] = {}
    overrides: dict[str, Any] = {"requestOverride": {"header": {}, "path": {}, "querystring": {}}}
    variables = {
        "input": _Variables("$input", _input(body) | _parameters(headers), unknown),
        "context": _Variables("$context", {**overrides, **context}, unknown),
        "stageVariables": _Variables("$stageVariables", {}, unknown),
        "util": _UTIL,
    }
    engine.install()
    try:
        with engine.watching() as nothing:
            text = airspeed.Template(template).merge(variables)
    except airspeed.TemplateError as error:
        return Rendering(text=None, note=f"the template fails: {' '.join(str(error).split())}")
    notes = {"not known here": unknown, "renders as nothing": nothing}
    return Rendering(
        text=text, note="; ".join(f"{what}: {', '.join(of)}" for what, of in notes.items() if of)
    )


class _Variables(dict[str, Any]):
    """The members of a variable; whoever asks for one that is not there is written down."""

    def __init__(self, name: str, members: Mapping[str, Any], unknown: dict[str, None]) -> None:
        super().__init__(members)
        self._name, self._unknown = name, unknown

    def __missing__(self, member: str) -> engine.Unknown:
        self._unknown[f"{self._name}.{member}"] = None
        return engine.UNKNOWN


def _input(body: str) -> dict[str, Any]:
    def found(path: str) -> Any:
        if not java.is_json(body):
            return body if path == "$" else ""
        values = [match.value for match in parse(path).find(json.loads(body))]
        # What is not there is the empty text, to `$input.json` as well.
        return values[0] if len(values) == 1 else values or ""

    return {
        "body": body or "{}",
        "path": lambda path: java.of_json(found(path)),
        "json": lambda path: java.as_json(found(path)),
    }


def _parameters(headers: Mapping[str, str] | None) -> dict[str, Any]:
    """``$input.params`` of a request to an address without variables."""
    if headers is None:
        return {}
    places = {"path": {}, "querystring": {}, "header": dict(headers)}
    return {"params": lambda name=None: places["header"].get(name, "") if name else places}


def _escape_java_script(value: Any) -> str:
    r"""*value* for a text of JSON, but with ``\'`` for an apostrophe, which JSON does not know."""
    text = value if isinstance(value, str) else java.as_json(value)
    return json.dumps(text)[1:-1].replace("'", r"\'")


def _known(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """*function*, by which nothing unknown becomes known."""
    return lambda value: value if isinstance(value, engine.Unknown) else function(value)


_UTIL: Final = {
    "escapeJavaScript": _known(_escape_java_script),
    "parseJson": _known(lambda text: java.of_json(json.loads(text))),
    "urlEncode": _known(quote_plus),
    "urlDecode": _known(unquote_plus),
    "base64Encode": _known(lambda text: base64.b64encode(text.encode()).decode()),
    "base64Decode": _known(lambda text: base64.b64decode(text).decode()),
}
