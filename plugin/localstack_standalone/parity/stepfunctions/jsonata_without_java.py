"""JSONata in state machines, without a JVM.

AWS evaluates JSONata in states whose query language it is. LocalStack does it in a Java virtual
machine, which it downloads when first needed: without network, each such state fails. Here the
Python port of the reference implementation does it (https://pypi.org/project/jsonata-python/),
bounded in time and depth: one without an end is a failure of its state, as on AWS.
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any, Final

import jsonata
from localstack.services.stepfunctions.asl.utils import encoding

from localstack_standalone.definitions import jsonata_message
from localstack_standalone.parity.stepfunctions import jsonata_functions

TIME_LIMIT_MS: Final = 5_000
"""AWS names none; an expression may hold a processor of the emulator for so long."""

DEPTH_LIMIT: Final = 190
"""Nested evaluations. AWS refuses a sum of 200 terms, which are as many (reported in 2026)."""


def cure(module: ModuleType) -> None:
    """Have LocalStack's *module* evaluate expressions here."""

    def evaluate(expression: str) -> Any:
        try:
            # Through JSON, as LocalStack does: sequences and numbers become plain ones.
            return json.loads(json.dumps(_evaluated(expression)))
        except Exception as error:
            # Whatever an expression raises is the state's States.QueryEvaluationError.
            raise module.JSONataException(*jsonata_message.of(error)) from error

    def declare(bindings: dict[str, Any]) -> str:
        # LocalStack writes a text between quotes as it is: one in it would end it.
        dates = encoding._DateTimeEncoder  # noqa: SLF001 - as it writes other values
        return "".join(
            f"{name}:={json.dumps(value, ensure_ascii=False, cls=dates)};"
            for name, value in bindings.items()
        )

    jsonata_message.mend(jsonata.JException)
    module.encode_jsonata_variable_declarations = declare  # type: ignore[attr-defined]
    module._eval_jsonata = evaluate  # type: ignore[attr-defined]  # noqa: SLF001 - the seam it has


def _evaluated(expression: str) -> Any:
    parsed = jsonata.Jsonata(expression)
    frame = parsed.create_frame()
    frame.set_runtime_bounds(TIME_LIMIT_MS, DEPTH_LIMIT)
    jsonata_functions.bind(frame)
    return parsed.evaluate(None, frame)
