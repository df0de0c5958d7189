"""Retry and Catch."""

from __future__ import annotations

from collections.abc import Iterator

from localstack_standalone.definitions import fields
from localstack_standalone.definitions.diagnostic import Diagnostic, schema
from localstack_standalone.definitions.values import enumerated, filled, missing, numbers
from localstack_standalone.definitions.walk import State, items


def mistakes(state: State) -> Iterator[Diagnostic]:
    """What is wrong with the retriers and catchers of *state*."""
    for retrier, at in items(state, "Retry"):
        yield from missing(retrier, ("ErrorEquals",), at)
        yield from numbers(retrier, fields.RETRY_NUMBERS, at)
        yield from enumerated(retrier, "JitterStrategy", ("NONE", "FULL"), at)
    for catcher, at in items(state, "Catch"):
        yield from missing(catcher, ("ErrorEquals", "Next"), at)
    for field in ("Retry", "Catch"):
        found = list(items(state, field))
        for index, (handler, at) in enumerate(found):
            yield from filled(handler, "ErrorEquals", at)
            errors = handler.get("ErrorEquals")
            if not isinstance(errors, list) or "States.ALL" not in errors:
                continue
            if len(errors) > 1 or index < len(found) - 1:
                yield schema(
                    "States.ALL must appear alone and at end of list",
                    f"{at}/ErrorEquals[{errors.index('States.ALL')}]",
                )
