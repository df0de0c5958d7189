"""An event that is no JSON text does not reach the function.

AWS: 400 InvalidRequestContentException, "Could not parse request body into json: Could not parse
payload into json: …", and its JSON parser's words.
LocalStack only looks whether it is UTF-8, and the function's runtime stumbles. The parser's words
stay Python's.
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

from localstack.aws.api.lambda_ import InvalidRequestContentException
from localstack.utils.patch import patch


def cure(module: ModuleType) -> None:
    """Patch ``LambdaService.invoke``."""

    @patch(module.LambdaService.invoke)
    def invoke(original: Any, self: Any, *args: Any, **request: Any) -> Any:
        payload = request.get("payload")
        if payload:
            try:
                json.loads(payload, parse_constant=_refuse)
            except (ValueError, RecursionError) as error:
                raise InvalidRequestContentException(
                    "Could not parse request body into json: Could not parse payload into json: "
                    f"{error}",
                    Type="User",
                ) from error
        return original(self, *args, **request)


def _refuse(constant: str) -> Any:
    """Python reads NaN and Infinity; JSON does not have them."""
    raise ValueError(f"Unrecognized token '{constant}'")
