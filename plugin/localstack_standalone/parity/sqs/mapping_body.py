"""A function is told a message's body as it was sent.

AWS: ``body`` of a record is the message's own, which ``md5OfBody`` is of (Lambda Developer Guide,
"Using Lambda with Amazon SQS").
LocalStack reads a body that is JSON for its filters and writes it anew: blanks are others then, and
a text in quotes comes without them, which is no JSON any more.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.utils.patch import patch


def cure(module: ModuleType) -> None:
    """Patch ``handle_messages`` of the poller, and what it does with the events it has filtered."""
    poller = module.SqsPoller

    @patch(poller.handle_messages)
    def handle_messages(original: Any, self: Any, messages: Any) -> None:
        self.sent_bodies = {each["MessageId"]: each.get("Body") for each in messages}
        original(self, messages)

    original_add = poller.add_source_metadata

    def add_source_metadata(self: Any, events: Any) -> Any:
        for event in events:
            event["body"] = self.sent_bodies[event["messageId"]]
        return original_add(self, events)

    poller.add_source_metadata = add_source_metadata  # not @patch: it is the class's above
