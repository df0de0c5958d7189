"""Mapping templates have Java's values and methods, and Velocity's truth.

AWS: "a mapping template is a script expressed in Velocity Template Language" (API Gateway Developer
Guide, "Mapping template transformations"), whose values are Java's: a map prints as
``{message=tea}``, ``.equals``, ``.entrySet`` and the others are there, ``$input.params().header``
is a map. A body that is no JSON is a text to ``$input.path('$')``.
LocalStack has Python's values with some of Java's methods; others render as nothing, silently.
"""

from __future__ import annotations

import json
import logging
from types import ModuleType
from typing import Any

from localstack.utils.patch import patch

from localstack_standalone.velocity import engine, java

LOG = logging.getLogger(__name__)


def cure(module: ModuleType) -> None:
    """Change airspeed, and patch what LocalStack gives to templates."""
    engine.install()
    module.cast_to_vtl_json_object = java.of_json  # type: ignore[attr-defined]  # as in LocalStack
    _inputs(module.VelocityInput)

    @patch(module.VelocityUtilApiGateway.parseJson)
    def parse_json(_original: Any, _self: Any, text: str) -> Any:
        return java.of_json(json.loads(text))

    @patch(module.ApiGatewayVtlTemplate.render_vtl)
    def render_vtl(original: Any, self: Any, template: str, *variables: Any, **named: Any) -> Any:
        with engine.watching() as unknown:
            rendered = original(self, template, *variables, **named)
        if unknown:
            LOG.warning("a mapping template has nothing for %s", ", ".join(unknown))
        return rendered


def _inputs(velocity_input: Any) -> None:
    @patch(velocity_input._extract_json_path)  # noqa: SLF001 - both functions of paths use it
    def extract_json_path(original: Any, self: Any, path: str) -> Any:
        if path == "$" and isinstance(self.value, str) and not java.is_json(self.value):
            return self.value
        return original(self, path)

    @patch(velocity_input.params)
    def params(original: Any, self: Any, name: str | None = None) -> Any:
        if name:
            return original(self, name)
        return {place: dict((found or {}).items()) for place, found in self.parameters.items()}
