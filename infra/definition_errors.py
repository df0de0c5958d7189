"""Step Functions' words about a definition, told with file, line and what to do.

AWS locates a mistake by a path into the definition; whoever mends it has a file. Only AWS's own
answers are read here, so this tells the same whoever validates.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from infra import eventually, json_lines
from testbed import settings
from testbed.errors import ProvisioningError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import ValidateStateMachineDefinitionDiagnosticTypeDef

MEND: Final = "Mend the file and run the command again; the state machine is as it was."
_NO_TARGET: Final = "Missing 'Next' target: "


def refuse_unreadable(text: str, file: Path) -> None:
    """Say where *text*, the content of *file*, is no JSON.

    Raises:
        ProvisioningError: it is none.
    """
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1].strip() if error.pos < len(text) else "the end"
        raise ProvisioningError(
            f"{shown(file)}:{error.lineno}: no JSON at {line!r}: {error.msg}\n{MEND}"
        ) from None


def told[T](call: Callable[[], T], sfn: SFNClient, text: str, file: Path) -> T:
    """The result of *call*, which sends *text*, the definition that *file* has.

    Raises:
        ProvisioningError: Step Functions refuses the definition; all that it says is told.
    """
    try:
        return call()
    except ClientError as error:
        if eventually.code(error) != "InvalidDefinition":
            raise
        refusal = eventually.message(error)
    diagnostics = sfn.validate_state_machine_definition(definition=text)["diagnostics"]
    mistakes = [_mistake(each, text, file) for each in diagnostics] or [f"{shown(file)}: {refusal}"]
    raise ProvisioningError("\n".join([*mistakes, MEND]))


def _mistake(
    diagnostic: ValidateStateMachineDefinitionDiagnosticTypeDef, text: str, file: Path
) -> str:
    location = diagnostic.get("location", "/")
    line = json_lines.nearest(json_lines.lines(text), location)
    return (
        f"{shown(file)}:{line}: {diagnostic['message']}{_meant(diagnostic['message'], text)} "
        f"({diagnostic['code']} at {location})"
    )


def _meant(message: str, text: str) -> str:
    """The state that a target nearly names."""
    if not message.startswith(_NO_TARGET):
        return ""
    close = difflib.get_close_matches(message.removeprefix(_NO_TARGET), _states(text), 1)
    return f" - did you mean {close[0]}?" if close else ""


def _states(text: str) -> list[str]:
    """The names of all states, at any depth."""
    found: list[str] = []

    def names(pairs: list[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        states = members.get("States")
        found.extend(states if isinstance(states, dict) else ())
        return members

    json.loads(text, object_pairs_hook=names)
    return found


def shown(file: Path) -> Path:
    """*file* as people call it: from the checkout on, if it is in that."""
    return file.relative_to(settings.ROOT) if file.is_relative_to(settings.ROOT) else file
