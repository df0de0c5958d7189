"""A POST that is safe to repeat: each time with one Idempotency-Key, which starts one execution.

Without an answer nobody knows whether a POST was accepted. The key is the execution's name (the
mapping template), and StartExecution takes a name once: a repeat gets the execution of the first,
or is refused with 409 where that has ended already; its input tells whether it is this request's
(docs/api.md, "Repeating").
"""

from __future__ import annotations

import dataclasses
import random
import time
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from client import submit
from client.submit import NoAnswerError
from runs import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from runs.call import ApiResponse
    from testbed.aws import Aws
    from testbed.outputs import Outputs

ATTEMPTS: Final = 6
FIRST_PAUSE_S, LONGEST_PAUSE_S, PAUSE_GROWTH = 0.5, 8.0, 2.0
# Throttled, or whoever stands before Step Functions is ill for a moment.
PASSING: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


@dataclasses.dataclass(frozen=True)
class Repeat:
    """That a POST is sent again.

    Attributes:
        number: how many were in vain.
        why: what came of the last.
        pause_s: how long until the next, in seconds.
    """

    number: int
    why: str
    pause_s: float

    def __str__(self) -> str:
        return (
            f"{self.why}; sent again with the same key in {self.pause_s:.1f} s "
            f"({self.number + 1} of {ATTEMPTS})"
        )


def post(
    aws: Aws,
    outputs: Outputs,
    body: str | bytes,
    *,
    content_type: str = "application/json",
    key: str | None = None,
    timeout_s: float = submit.READ_TIMEOUT_S,
    told: Callable[[Repeat], object] = lambda _: None,
    sleep: Callable[[float], object] = time.sleep,
) -> ApiResponse:
    """POST *body* until there is an answer that stays; it starts one execution at most.

    Args:
        aws: where the executions are.
        outputs: names the API.
        body: what to send.
        content_type: of the body.
        key: 1 to 80 of A-Z, a-z, 0-9, - and _; by default a new one.
        timeout_s: how long to wait for each answer, in seconds.
        told: called before each repeat.
        sleep: how to pause.

    Raises:
        NoAnswerError: none came of the last attempt either.
    """
    key = key or str(uuid.uuid4())
    for number, pause_s in enumerate(pauses(), start=1):
        try:
            answer = submit.post(
                outputs, body, content_type=content_type, key=key, timeout_s=timeout_s
            )
        except NoAnswerError as error:
            if number == ATTEMPTS:
                raise NoAnswerError(
                    f"{error}\nIt was sent {number} times, with the Idempotency-Key {key}: with "
                    "that key it can be sent again, whatever became of it."
                ) from error
            why = f"no answer ({type(error.__cause__).__name__})"
        else:
            if answer.status not in PASSING or number == ATTEMPTS:
                return _settled(aws, answer, body)
            why = f"{answer.status} {HTTPStatus(answer.status).phrase}"
        told(Repeat(number, why, pause_s))
        sleep(pause_s)
    raise AssertionError  # pauses do not end


def pauses(draw: Callable[[float, float], float] = random.uniform) -> Iterator[float]:
    """Seconds between attempts: up to twice as long each time, at random, so that crowds disperse.

    "Full jitter" of "Exponential Backoff And Jitter" in the AWS Architecture Blog.
    """
    longest = FIRST_PAUSE_S
    while True:
        yield draw(0, longest)
        longest = min(longest * PAUSE_GROWTH, LONGEST_PAUSE_S)


def _settled(aws: Aws, answer: ApiResponse, body: str | bytes) -> ApiResponse:
    """*answer*; where it names an execution of *body* that was started before, with that said."""
    if answer.existing_arn is None:
        return answer
    seen = follow.known(aws, answer.existing_arn)
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    return dataclasses.replace(answer, accepted_before=seen["input"] == text)
