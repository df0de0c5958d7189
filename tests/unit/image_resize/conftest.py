from __future__ import annotations

import dataclasses

import psutil
import pytest

from image_resize import guard


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder has what it has in Lambda, beside what a process of many tests holds by now.

    A child inherits its parent's memory, which counts against its limit.
    """
    held = getattr(psutil.Process().memory_info(), "data", 0)  # Linux alone tells and limits it
    data_bytes = guard.DEFAULT_LIMITS.data_bytes + held
    limits = dataclasses.replace(guard.DEFAULT_LIMITS, data_bytes=data_bytes)
    monkeypatch.setattr(guard.run, "__defaults__", (limits,))
