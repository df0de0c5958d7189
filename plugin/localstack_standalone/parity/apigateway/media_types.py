"""What a Content-Type is to API Gateway: its media type, and JSON where there is none."""

from __future__ import annotations

from typing import Final

JSON: Final = "application/json"


def media_type(content_type: str | None) -> str:
    """*content_type* without its parameters.

    API Gateway takes a request without one for JSON (API Gateway Developer Guide, "Method request
    behavior for payloads without mapping templates"), and a charset does not make it another type.
    """
    return (content_type or "").partition(";")[0].strip() or JSON
