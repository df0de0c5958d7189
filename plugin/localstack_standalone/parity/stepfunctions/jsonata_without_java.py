"""JSONata in state machines, without a JVM.

AWS evaluates JSONata in states whose query language it is. LocalStack does it in a Java virtual
machine, which it downloads when first needed: without network, each such state fails. Here the
Python port of the reference implementation does it (https://pypi.org/project/jsonata-python/).
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import jsonata


def cure(module: ModuleType) -> None:
    """Have LocalStack's *module* evaluate expressions here."""

    def evaluate(expression: str) -> Any:
        try:
            result = jsonata.Jsonata(expression).evaluate(None)
            # Through JSON, as LocalStack does: sequences and numbers become plain ones.
            return json.loads(json.dumps(result))
        except Exception as error:
            # Whatever an expression raises is the state's States.QueryEvaluationError.
            raise module.JSONataException("UNKNOWN", str(error)) from error

    module._eval_jsonata = evaluate  # type: ignore[attr-defined]  # noqa: SLF001 - the seam it has
