"""What went wrong, in words: of a function's error, which Lambda tells as JSON, what is needed.

The JSON stays in the execution's history and output for whoever wants all of it. Its form: Lambda
Developer Guide, "Python function errors" (errorMessage, stackTrace).
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any, Final

from runs.model import json_object

_FRAME: Final = re.compile(r'File "([^"]+)", line (\d+), in (.+)')


def words(cause: str | None) -> str:
    """*cause* itself; of a function's error its message, and where in its code that was raised."""
    error = json_object(cause)
    message = error.get("errorMessage")
    if not isinstance(message, str):
        return cause or ""
    place = _place(error.get("stackTrace"))
    return f"{message} ({place})" if place else message


def _place(frames: Any) -> str:
    """The innermost frame, nothing where a syntax error says by itself where it is."""
    last = frames[-1] if isinstance(frames, list) and frames else ""
    found = _FRAME.search(last) if isinstance(last, str) else None
    if found is None:
        return ""
    file, line, name = found.groups()
    return f"{PurePosixPath(file).name}, line {line}, in {name.strip()}"
