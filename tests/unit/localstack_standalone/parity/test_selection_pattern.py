from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from localstack_standalone.parity.apigateway import selection_pattern


class Handler:
    @staticmethod
    def select_integration_response(_value: str, responses: dict[str, Any]) -> list[str]:
        return list(responses)


@pytest.mark.parametrize(
    ("pattern", "selected"),
    [
        (".+", ["200"]),
        (r"(\n|.)+", ["200", "400"]),
        ("BadRequest", ["200"]),
        (r"BadRequest: one\n.*", ["200", "400"]),
    ],
)
def test_a_dot_is_no_end_of_a_line(pattern: str, selected: list[str]) -> None:
    r"""`.+` does not match an error message of several lines; `(\n|.)+` does."""
    module = SimpleNamespace(IntegrationResponseHandler=Handler)
    original = Handler.select_integration_response
    selection_pattern.cure(cast("ModuleType", module))
    try:
        responses = {"200": {}, "400": {"selectionPattern": pattern}}
        assert selected == Handler.select_integration_response(
            "BadRequest: one\ntwo", cast("Any", responses)
        )
    finally:
        Handler.select_integration_response = staticmethod(original)  # type: ignore[method-assign]
