"""AWS is eventually consistent: a call that fails only because of that is made again.

The usual case is IAM: a role that was just created is not yet known to the service that is to
assume it ("Changes that I make are not always immediately visible", IAM User Guide).
"""

from __future__ import annotations

from collections.abc import Callable

from botocore.exceptions import ClientError

from testbed import waiting

# A role is known everywhere after some ten seconds; a minute is generous.
CONSISTENT_WITHIN_S = 60.0
INTERVAL_S = 1.0


def code(error: ClientError) -> str:
    """The error code that AWS gave, such as ``NoSuchEntity``."""
    return error.response.get("Error", {}).get("Code", "")


def message(error: ClientError) -> str:
    """The text that AWS gave with the code."""
    return error.response.get("Error", {}).get("Message", "")


def role_not_known(error: ClientError) -> bool:
    """Whether *error* is how Lambda or Step Functions says that it cannot assume a role yet."""
    return (
        code(error) in {"InvalidParameterValueException", "AccessDeniedException"}
        and "assume" in message(error).lower()
    )


def consistent[T](
    call: Callable[[], T],
    what: str,
    *,
    lagging: Callable[[ClientError], bool],
    interval_s: float | None = None,
) -> T:
    """The result of *call*, made again for as long as *lagging* says that AWS is behind.

    Args:
        call: one request.
        what: what it does, for the error.
        lagging: whether an error only means "not yet"; any other error is raised at once.
        interval_s: pause between two calls, in seconds; INTERVAL_S if it is not given.

    Raises:
        WaitTimeout: AWS was behind for CONSISTENT_WITHIN_S; its last answer is in the message.
    """

    def probe() -> tuple[tuple[T] | None, str]:
        try:
            return (call(),), ""
        except ClientError as error:
            if not lagging(error):
                raise
            return None, str(error)

    interval_s = INTERVAL_S if interval_s is None else interval_s
    return waiting.until(probe, what, timeout_s=CONSISTENT_WITHIN_S, interval_s=interval_s)[0]
