"""The data flow of a visit."""

from __future__ import annotations

import pytest

from client.replayed_state import ReplayedState
from client.tested_state import Step, TestedState
from console import visit_flow
from tests.support.shown import read

TESTED = TestedState("T", "Task", (Step("input", {"a": 1}, changed=True),), {})


@pytest.mark.parametrize(("faithful", "told"), [(True, False), (None, False), (False, True)])
def test_an_output_that_is_another_is_told(*, faithful: bool | None, told: bool) -> None:
    """So that nobody takes what TestState made for what happened."""
    text = read(lambda: visit_flow.show(ReplayedState(TESTED, faithful))).text
    assert told is ("is not the one of the execution" in text)
    assert "Nothing was called." in text
