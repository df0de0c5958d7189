"""What a role may do, seen from inside: a function of ours, under it, makes the calls.

A policy that was handed in is asked so, and not by what a submission's own function says.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from grading.criteria import NotMetError, holds

if TYPE_CHECKING:
    from grading.attempt import GradedAttempt

CODE: Final = Path(__file__).parent / "functions" / "asking.py"
ALLOWED: Final = "allowed"
DENIED: Final = ("AccessDenied", "AccessDeniedException", "403")
# The arguments that say what a call is about.
_NAMING: Final = ("Bucket", "Key", "FunctionName", "stateMachineArn", "logGroupName")


def function(attempt: GradedAttempt, role: str) -> str:
    """Name of a new function of ours under the role with ARN *role*.

    Raises:
        NotMetError: Lambda cannot take the role on.
    """
    buffer, name = io.BytesIO(), f"asking-{uuid.uuid4().hex[:8]}"
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("asking.py", CODE.read_text(encoding="utf-8"))
    lambda_ = attempt.aws.lambda_
    attempt.accepted(
        "CreateFunction",
        lambda: lambda_.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="asking.handler",
            Role=role,
            Timeout=20,
            Code={"ZipFile": buffer.getvalue()},
        ),
    )

    def probe() -> tuple[bool | None, str]:
        state = lambda_.get_function_configuration(FunctionName=name).get("State", "")
        return state == "Active" or None, f"State {state}"

    attempt.until(probe, "a function of the grader's")
    return name


def asked(attempt: GradedAttempt, name: str, call: str, **arguments: Any) -> str:
    """What comes of *call*, ``s3:get_object`` as boto3 has it: ``allowed``, or the error's code."""
    service, _, operation = call.partition(":")
    event = {"service": service, "operation": operation, "arguments": arguments}
    return str(attempt.invoked(name, event))


def allowed(attempt: GradedAttempt, name: str, call: str, **arguments: Any) -> str:
    """That it is allowed.

    Raises:
        NotMetError: it is not.
    """
    came = asked(attempt, name, call, **arguments)
    return holds(f"{call} of {_shown(arguments)}: {came}", came == ALLOWED)


def denied(attempt: GradedAttempt, name: str, call: str, **arguments: Any) -> str:
    """That the role may not do it.

    Raises:
        NotMetError: it may, or nobody can tell.
    """
    came = asked(attempt, name, call, **arguments)
    if came not in (ALLOWED, *DENIED):
        raise NotMetError(f"{call} of {_shown(arguments)}: {came}")
    return holds(f"{call} of {_shown(arguments)}: {came}", came in DENIED)


def _shown(arguments: dict[str, Any]) -> str:
    return "/".join(str(arguments[name]) for name in _NAMING if name in arguments)
