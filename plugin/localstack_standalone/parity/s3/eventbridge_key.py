"""An event of S3 in EventBridge has the key of the object as it is.

AWS: keys in these events are not encoded, unlike those in S3's other notifications.
LocalStack encodes them in both.
"""

from __future__ import annotations

import dataclasses
from types import ModuleType
from typing import Any
from urllib.parse import unquote_plus


def cure(module: ModuleType) -> None:
    """Patch ``EventBridgeNotifier._get_event_payload``."""
    notifier = module.EventBridgeNotifier
    original = notifier._get_event_payload  # noqa: SLF001 - where an event is written

    def payload(ctx: Any, config_id: Any = None) -> Any:
        plain = dataclasses.replace(ctx, key_name=unquote_plus(ctx.key_name))
        return original(plain, config_id)

    notifier._get_event_payload = staticmethod(payload)  # noqa: SLF001 - likewise
