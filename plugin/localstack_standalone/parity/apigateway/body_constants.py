"""A body with ``NaN`` or ``Infinity`` is no JSON.

AWS: a request validator answers 400 ``Invalid request body`` to a body that is no JSON, and JSON
has no such numbers (RFC 8259, section 6).
LocalStack reads bodies by Python's parser, which takes them for numbers.
"""

from __future__ import annotations

import json
from types import ModuleType, SimpleNamespace
from typing import Any


def cure(module: ModuleType) -> None:
    """Give the module, which reads bodies and nothing else, a stricter ``json``."""
    module.json = SimpleNamespace(  # type: ignore[attr-defined]  # it imports json by that name
        loads=loads, JSONDecodeError=json.JSONDecodeError
    )


def loads(text: str | bytes) -> Any:
    """The value of *text*.

    Raises:
        json.JSONDecodeError: it is no JSON, as RFC 8259 has it.
    """

    def refuse(constant: str) -> None:
        raise json.JSONDecodeError(f"{constant} is no number of JSON", str(text), 0)

    return json.loads(text, parse_constant=refuse)
