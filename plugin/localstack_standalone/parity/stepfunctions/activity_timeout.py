"""An activity that no worker asks for in time times out.

AWS: ActivityTimedOut with States.Timeout (API reference, ActivityTimedOutEventDetails).
LocalStack waits in an object whose outcome is set when a worker comes, reads it all the same, and
fails with States.Runtime.
"""

from __future__ import annotations

from types import ModuleType


def cure(module: ModuleType) -> None:
    """Give ``ActivityTaskStartEndpoint`` the outcome of nobody having come."""
    module.ActivityTaskStartEndpoint._outcome = None  # noqa: SLF001 - what its reader expects
