"""An API whose binary media types are ``*/*`` takes every body for bytes, and gives bytes.

AWS: "To support all binary media types, use ``*/*``", also where a browser chooses what it accepts
(API Gateway Developer Guide, "Return binary media from a Lambda proxy integration").
LocalStack passes over every type that begins with ``*``.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.utils.patch import patch


def cure(module: ModuleType) -> None:
    """Patch ``mime_type_matches_binary_media_types``, before anybody imports it by its name."""

    @patch(module.mime_type_matches_binary_media_types)
    def matches(original: Any, mime_type: str | None, binary_media_types: list[str]) -> bool:
        if "*/*" in (binary_media_types or ()):
            return True
        return bool(original(mime_type, binary_media_types))
