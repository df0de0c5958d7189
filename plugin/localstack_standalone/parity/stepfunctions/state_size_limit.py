"""The output of a state may have up to 262,144 bytes of UTF-8.

AWS: "256 KiB of data as a UTF-8 encoded string" (Step Functions quotas); more is
States.DataLimitExceeded.
LocalStack counts blanks that AWS does not write, six or twelve bytes for a letter outside ASCII,
and refuses exactly 262,144 bytes.
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any, Final

LIMIT_BYTES: Final = 262_144


def cure(module: ModuleType) -> None:
    """Replace ``is_within_size_quota``."""
    module.is_within_size_quota = is_within_size_quota  # type: ignore[attr-defined]  # any module


def is_within_size_quota(value: Any) -> bool:
    """Whether *value*, as JSON without blanks or as the text that it is, keeps to the limit."""
    text = value
    if not isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return len(text.encode("utf-8", "surrogatepass")) <= LIMIT_BYTES
