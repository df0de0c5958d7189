"""What is wrong with a definition, and where.

Codes, severities and what a location looks like: ValidateStateMachineDefinitionDiagnostic in AWS's
API reference.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import Final

SCHEMA: Final = "SCHEMA_VALIDATION_FAILED"


class Severity(enum.StrEnum):
    """An ERROR refuses the definition, a WARNING does not."""

    ERROR = "ERROR"
    WARNING = "WARNING"


@dataclasses.dataclass(frozen=True)
class Diagnostic:
    """One mistake.

    Attributes:
        code: what kind it is, as AWS names it.
        message: what is wrong, in AWS's words where those are known.
        location: a path into the definition such as ``/States/Wait/Seconds``; None where AWS
            gives none. Items of lists are ``Choices[0]``, and nothing in it is escaped.
        severity: whether the definition is refused.
    """

    code: str
    message: str
    location: str | None = None
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """As InvalidDefinition has it; AWS writes a location that is not there as null."""
        return f"{self.code}: {self.message} at {self.location or 'null'}"


def schema(message: str, location: str) -> Diagnostic:
    """What breaks the language's grammar."""
    return Diagnostic(SCHEMA, message, location)
