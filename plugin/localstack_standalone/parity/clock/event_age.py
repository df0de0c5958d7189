"""An asynchronous event is as old as it is, whatever is done to the clock.

AWS: MaximumEventAgeInSeconds is "the maximum age of a request that Lambda sends to a function for
processing" (Lambda API reference, PutFunctionEventInvokeConfig).
LocalStack subtracts two readings of the local time: after the clock is set forward by an hour, or
in the night when summer time begins, an event that just failed is given up as too old.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

from localstack_standalone import steady

_FIELD: Final = "accepted_at"


def cure(module: ModuleType) -> None:
    """Have the message of an event tell when that came, and the age be reckoned from it."""
    message = module.SQSInvocation

    @patch(message.encode)
    def encode(original: Any, self: Any) -> str:
        return json.dumps(
            {**json.loads(original(self)), _FIELD: getattr(self, _FIELD, steady.now())}
        )

    decode = message.decode

    def decoded(text: str) -> Any:
        made = decode(text)
        setattr(made, _FIELD, json.loads(text).get(_FIELD, steady.now()))
        return made

    message.decode = staticmethod(decoded)

    @patch(module.has_enough_time_for_retry)
    def has_enough_time_for_retry(original: Any, event: Any, settings: Any) -> bool:
        age = dt.timedelta(seconds=steady.now() - getattr(event, _FIELD, steady.now()))
        # Local and without a zone, as LocalStack has it.
        invoke_time = dt.datetime.now() - age  # noqa: DTZ005
        invocation = dataclasses.replace(event.invocation, invoke_time=invoke_time)
        enough: bool = original(dataclasses.replace(event, invocation=invocation), settings)
        return enough
