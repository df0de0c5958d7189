"""`make lessons`, and `make load` of what it made: as a teacher does before the course."""

from __future__ import annotations

import pytest

from scripts.lesson_states import LESSONS
from targets import state
from tests.resilience.persistence.test_commands import Bed, bed

__all__ = ["bed"]  # a fixture


@pytest.mark.timeout(600)
def test_a_session_begins_with_its_state(bed: Bed) -> None:
    """Beside a testbed that is up, whose own state stays until another is loaded."""
    bed.up()
    before = bed.pid
    said = bed.make("lessons")
    assert before == bed.pid
    assert [] == bed.objects()
    assert "make load NAME=lesson-3" in said
    files = sorted(path.stem for path in (bed.state_dir / state.SNAPSHOTS).iterdir())
    assert [lesson.name for lesson in LESSONS] == files
    assert [] == list(bed.state_dir.parent.glob(".testbed-lessons*"))

    bed.make("load", "NAME=lesson-2")
    assert {"club2.png", "empty.png", "letter.png"} == set(bed.objects())
    machine = bed.outputs.state_machine_arn
    listed = bed.aws.stepfunctions.list_executions(stateMachineArn=machine)["executions"]
    assert ["FAILED", "FAILED", "FAILED", "SUCCEEDED"] == sorted(one["status"] for one in listed)

    again = bed.make("lessons")
    assert 4 == again.count("is there already and stays")
