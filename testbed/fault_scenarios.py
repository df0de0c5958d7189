"""Bad days that AWS has, ready-made: what goes wrong, and what the pipeline makes of it.

Each is data for `testbed.faults`; a test runs each on the pipeline and sees that what is said here
comes (`tests/resilience/faults/test_scenarios.py`).
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from typing import Any, Final

from testbed import names
from testbed.errors import SettingError, TestbedError


@dataclasses.dataclass(frozen=True)
class FaultScenario:
    """A bad day.

    Attributes:
        name: as it is asked for.
        about: what goes wrong.
        outcome: what the pipeline makes of it.
        rules: what is asked of the emulator; their names begin with the scenario's.
    """

    name: str
    about: str
    outcome: str
    rules: tuple[dict[str, Any], ...]


def _scenario(name: str, about: str, outcome: str, *rules: dict[str, Any]) -> FaultScenario:
    """One whose rules are named after it, and numbered where they are several."""
    named = tuple(
        {"name": name if len(rules) == 1 else f"{name}.{number}", **rule}
        for number, rule in enumerate(rules, 1)
    )
    return FaultScenario(name, about, outcome, named)


_INVOKE: Final = {"operation": "lambda:Invoke", "resource": names.FUNCTION}
_READ: Final = {"operation": "s3:GetObject", "resource": names.ORIGINAL_BUCKET}
_WRITE: Final = {"operation": "s3:PutObject", "resource": names.RESIZED_BUCKET}
_OF_FUNCTION: Final = (_READ, _WRITE)
_SLOW: Final = {"kind": "latency", "rate": "33%", "latency": "lognormal:200..2000"}
SCENARIOS: Final = (
    _scenario(
        "s3-brownout",
        "S3 is slow for a third of the function's reads and writes, and answers 503 SlowDown to a "
        "fifth of them.",
        "The function gives up at once with TransientStorageError, the state machine tries again "
        "after a pause, up to five times: SUCCEEDED.",
        *({**each, **_SLOW} for each in _OF_FUNCTION),
        *({**each, "kind": "throttling", "rate": "20%"} for each in _OF_FUNCTION),
    ),
    _scenario(
        "lambda-throttled",
        "Lambda refuses the next three invocations: as many run as may (429).",
        "Each is tried again after a pause: SUCCEEDED at the fourth attempt.",
        {**_INVOKE, "kind": "throttling", "first": 3},
    ),
    _scenario(
        "lambda-crashes",
        "The function's process is killed in the next two invocations: once its work was done.",
        "Runtime.ExitError is tried again; the thumbnail is written anew each time, the same one: "
        "SUCCEEDED at the third attempt.",
        {**_INVOKE, "kind": "crash", "when": "after", "first": 2},
    ),
    _scenario(
        "function-times-out",
        "The function hangs in the next invocation, until its time is over.",
        "Lambda.Unknown, as Step Functions calls it, is tried again, up to twice: SUCCEEDED at the "
        "second attempt.",
        {**_INVOKE, "kind": "timeout", "first": 1},
    ),
    _scenario(
        "out-of-memory",
        "The function reaches its memory limit in each invocation, and is killed.",
        "Runtime.ExitError is tried again, four times; then it is given up: FAILED with "
        "Runtime.ExitError.",
        {**_INVOKE, "kind": "out-of-memory"},
    ),
    _scenario(
        "slow-cold-start",
        "Each cold start of the function takes three seconds more.",
        "The request waits for it, and its REPORT line bills it as Init Duration: SUCCEEDED.",
        {**_INVOKE, "kind": "slow-start", "latency": "3000"},
    ),
    _scenario(
        "access-denied",
        "The function's role may not write to the bucket of thumbnails any more.",
        "Trying again would not help: FAILED with CONFIG_ERROR after one attempt.",
        {**_WRITE, "kind": "access-denied"},
    ),
    _scenario(
        "bucket-gone",
        "The bucket of thumbnails is not there for whoever asks (it stays).",
        "FAILED with CONFIG_ERROR after one attempt; the cause names NoSuchBucket.",
        {"operation": "s3:*", "resource": names.RESIZED_BUCKET, "kind": "no-such-bucket"},
    ),
    _scenario(
        "lost-connections",
        "S3 closes the connection of two fifths of the function's reads and writes; of the writes "
        "when they are done.",
        "The function tries once more at once, the state machine after a pause; a thumbnail that "
        "was written is written again, the same one: SUCCEEDED.",
        {**_READ, "kind": "lost-connection", "rate": "40%"},
        {**_WRITE, "kind": "lost-connection", "rate": "40%", "when": "after"},
    ),
    _scenario(
        "api-throttled",
        "API Gateway refuses the next request: too many come (429).",
        "The client is told, and nothing is started.",
        {"operation": "execute-api:Invoke", "kind": "throttling", "first": 1},
    ),
)
ALLOWED: Final = (
    "a scenario's name, or operation:rate[:kind] such as s3:5%, s3:PutObject:0.1, "
    "lambda:Invoke:2%:crash; several with commas between"
)
_ITEM: Final = re.compile(r"([a-z0-9-]+)(?::([A-Za-z*]+))?:([\d.]+%?)(?::([a-z-]+))?", re.ASCII)
BY_NAME: Final = {each.name: each for each in SCENARIOS}


def named(name: str) -> FaultScenario:
    """The scenario *name*.

    Raises:
        TestbedError: there is none.
    """
    found = BY_NAME.get(name)
    if found is None:
        near = difflib.get_close_matches(name, BY_NAME, 1, 0.5)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise TestbedError(f"there is no scenario {name!r}{meant} (there are {', '.join(BY_NAME)})")
    return found


def listed(text: str, prefix: str) -> list[dict[str, Any]]:
    """The rules that *text* asks for in short: ``s3:5%,lost-connections``.

    Args:
        text: items with commas between; what has no kind throttles.
        prefix: what the rules' names begin with, so that they are told from others.

    Raises:
        SettingError: it is no such list.
    """
    found: list[dict[str, Any]] = []
    for item in filter(None, map(str.strip, text.split(","))):
        short = _ITEM.fullmatch(item)
        if item not in BY_NAME and short is None:
            raise SettingError("FAULTS", text, ALLOWED)
        found += BY_NAME[item].rules if short is None else [_short(*short.groups())]
    return [{**rule, "name": f"{prefix}.{number}"} for number, rule in enumerate(found, 1)]


def _short(service: str, operation: str | None, rate: str, kind: str | None) -> dict[str, Any]:
    return {
        "operation": f"{service}:{operation or '*'}",
        "rate": rate,
        "kind": kind or "throttling",
    }
