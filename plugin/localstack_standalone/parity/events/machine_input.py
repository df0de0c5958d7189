"""A rule starts a state machine with an input of the target's own, too.

AWS: ``Input``, ``InputPath`` and ``InputTransformer`` of a target say what the execution gets
(EventBridge User Guide, "Input transformation"); the execution's name is EventBridge's own.
LocalStack takes the event's id for the name, also where the input has replaced the event: then
there is none, and nothing is started.
"""

from __future__ import annotations

import uuid
from types import ModuleType
from typing import Any


def cure(module: ModuleType) -> None:
    """Replace ``send_event`` of what starts state machines."""

    def send_event(self: Any, event: Any, _trace_header: Any) -> None:
        self.service = "stepfunctions"
        self.client.start_execution(
            stateMachineArn=self.target["Arn"],
            name=_name(event),
            input=event if isinstance(event, str) else module.to_json_str(event),
        )

    module.StatesTargetSender.send_event = send_event


def _name(event: Any) -> str:
    """The event's id and something of its own, so that two targets of a rule do not collide."""
    own = event.get("id") if isinstance(event, dict) else None
    return f"{own}_{uuid.uuid4()}" if isinstance(own, str) else str(uuid.uuid4())
