"""SnapStart is refused, since there is none here.

AWS, in regions without it: 400 InvalidParameterValueException, "python3.12 is not supported for
SnapStart enabled functions." (public reports of November 2024).
LocalStack refuses other runtimes with these words, and accepts it for its own; nothing follows.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any


def cure(module: ModuleType) -> None:
    """Patch ``LambdaProvider._validate_snapstart``."""
    validate = module.LambdaProvider._validate_snapstart  # noqa: SLF001 - there is no other place

    def refuse(snap_start: Any, runtime: str) -> None:
        validate(snap_start, runtime)
        if snap_start.get("ApplyOn") == "PublishedVersions":
            raise module.InvalidParameterValueException(
                f"{runtime} is not supported for SnapStart enabled functions.", Type="User"
            )

    module.LambdaProvider._validate_snapstart = staticmethod(refuse)  # noqa: SLF001 - likewise
