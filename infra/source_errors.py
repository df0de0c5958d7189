"""Python's words about the function's own files, told with file and line, before anything runs.

Lambda would tell the same at the first invocation: Runtime.UserCodeSyntaxError.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra import definition_errors
from testbed.errors import ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Iterator

MEND: Final = "Mend the file and run the command again; the function is as it was."


def refuse_unparsable(folder: Path) -> None:
    """Say which Python files below *folder* are none; nothing of them is run.

    Raises:
        ProvisioningError: there are such files; each is told.
    """
    if mistakes := list(_mistakes(folder)):
        raise ProvisioningError("\n".join([*mistakes, MEND]))


def _mistakes(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*.py")):
        try:
            ast.parse(file.read_bytes(), filename=str(file))
        except SyntaxError as error:
            line = (error.text or "").strip()
            at = f" at {line!r}" if line else ""
            yield f"{definition_errors.shown(file)}:{error.lineno or 1}: no Python{at}: {error.msg}"
