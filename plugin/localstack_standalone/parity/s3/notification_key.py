"""A notification of S3 has the key of the object as a form would encode it.

AWS: "The object key name value is URL encoded. For example, "red flower.jpg" becomes
"red+flower.jpg"" (Amazon S3 User Guide, "Event message structure"); a slash stays.
LocalStack writes a blank as ``%20``.
"""

from __future__ import annotations

from types import ModuleType
from urllib.parse import quote_plus


def cure(module: ModuleType) -> None:
    """Replace ``quote``, with which *module* encodes keys and nothing else."""

    def quote(key: str) -> str:
        return quote_plus(key, safe="/")

    module.quote = quote  # type: ignore[attr-defined]  # any module
