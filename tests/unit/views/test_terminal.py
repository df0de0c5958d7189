from __future__ import annotations

import dataclasses
import datetime as dt
import io
from typing import TYPE_CHECKING, Any, cast

import pytest
from rich.console import Console

from client.fetch import ImageFacts
from runs import history
from runs.model import Attempt, Call, ExecutionSpan, Source, StateSpan, Status, Trace
from views import terminal

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef
    from rich.console import RenderableType

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)


def at(ms: int) -> dt.datetime:
    return START + dt.timedelta(milliseconds=ms)


def text(shown: RenderableType) -> str:
    file = io.StringIO()
    Console(file=file, width=300).print(shown)
    return file.getvalue()


def trace(*states: StateSpan, status: Status = Status.SUCCEEDED, **fields: Any) -> Trace:
    return Trace(
        call=Call(
            source=Source.OBSERVED,
            url="http://127.0.0.1:9/prod/process",
            body='{"key": "club2.png"}',
            status=200,
            elapsed_ms=12.3,
            answer='{"executionArn": "arn:e"}',
        ),
        execution=ExecutionSpan(
            arn="arn:e",
            name="e",
            state_machine_arn="arn:aws:states:r:1:stateMachine:M",
            status=status,
            started_at=START,
            stopped_at=at(210),
            states=states,
            **fields,
        ),
    )


def state(name: str, **fields: Any) -> StateSpan:
    plain = StateSpan(
        id=1,
        name=name,
        type="Task",
        status=Status.SUCCEEDED,
        entered_at=at(10),
        exited_at=at(190),
    )
    return dataclasses.replace(plain, **fields)


class Events:
    """A history of tasks whose branches or iterations interleave."""

    def __init__(self) -> None:
        self._made: list[dict[str, Any]] = []

    def add(self, kind: str, name: str = "", *, after: int) -> int:
        number = len(self._made) + 1
        detail = f"state{'Entered' if kind.endswith('Entered') else 'Exited'}EventDetails"
        self._made.append(
            {
                "id": number,
                "type": kind,
                "timestamp": at(number),
                "previousEventId": after,
                **({detail: {"name": name}} if name else {}),
            }
        )
        return number

    def shown(self) -> list[str]:
        """The lines of the tree that tell states and attempts, without its branches."""
        states = history.states(cast("list[HistoryEventTypeDef]", self._made))
        lines = (line.strip("│├└─ ") for line in text(terminal.tree(trace(*states))).splitlines())
        names = (" ".join(line.split()[:2]) for line in lines)
        return [one for one in names if one.startswith(("Attempt", "A ", "B ", "Each"))]


def test_attempts_of_interleaved_branches_are_each_their_own_states() -> None:
    """A Parallel of A and B, one task each: one attempt at A, one at B."""
    given = Events()
    outer = given.add("ParallelStateEntered", "Both", after=0)
    started = given.add("ParallelStateStarted", after=outer)
    first = given.add("TaskStateEntered", "A", after=started)
    second = given.add("TaskStateEntered", "B", after=started)
    of_first = given.add("TaskScheduled", after=first)
    of_second = given.add("TaskScheduled", after=second)
    done = given.add("TaskSucceeded", after=of_first)
    given.add("TaskStateExited", "A", after=done)
    done = given.add("TaskSucceeded", after=of_second)
    given.add("TaskStateExited", "B", after=done)
    assert ["A SUCCEEDED", "Attempt 1", "B SUCCEEDED", "Attempt 1"] == given.shown()


def test_each_iteration_of_a_map_is_left() -> None:
    """Two iterations over one state are two visits, however they interleave."""
    given = Events()
    outer = given.add("MapStateEntered", "Every", after=0)
    started = given.add("MapStateStarted", after=outer)
    iterations = [given.add("MapIterationStarted", after=started) for _ in range(2)]
    entered = [given.add("PassStateEntered", "Each", after=number) for number in iterations]
    for number in entered:
        given.add("PassStateExited", "Each", after=number)
    assert ["Each SUCCEEDED", "Each SUCCEEDED"] == given.shown()


def test_the_tree_tells_the_whole_way_in_order() -> None:
    """The POST and its answer, the execution, its states with their times."""
    attempts = (Attempt(number=1, status=Status.SUCCEEDED, resource="r", scheduled_at=at(11)),)
    shown = text(terminal.tree(trace(state("ResizeImage", attempts=attempts), state("Done"))))
    told = [
        "POST http://127.0.0.1:9/prod/process",
        "200 in 12 ms",
        '{"key": "club2.png"}',
        "arn:e",
        "SUCCEEDED 210 ms",
        "ResizeImage  SUCCEEDED 180 ms",
        "at 10 ms",
        "Attempt 1",
        "Done",
    ]
    assert told == sorted(told, key=shown.index)


def test_a_failure_shows_its_code_and_cause() -> None:
    """Of an execution that was stopped there may be no more than its status."""
    failed = trace(status=Status.FAILED, error="NOT_FOUND", cause="there is no object 'a'")
    assert "NOT_FOUND: there is no object 'a'" in text(terminal.tree(failed))
    assert "ABORTED" in text(terminal.tree(trace(status=Status.ABORTED)))


def test_a_key_is_text_whatever_it_holds() -> None:
    """Brackets are not styles, and control characters do not reach the terminal."""
    name = "s3://originals/[red]a[/] \x1b[2J\n♣.png"
    facts = ImageFacts(format="PNG", width_px=1200, height_px=800, length_bytes=194_719)
    shown = text(terminal.image("original", name, facts))
    assert "original  s3://originals/[red]a[/] \\x1b[2J\\n♣.png  PNG 1200\u00d7800" in shown
    assert "\x1b[2J" not in shown


def test_a_file_that_is_no_image_is_told_as_what_was_seen() -> None:
    """That nothing here reads it as an image is known; that it is none is not."""
    shown = text(terminal.image("original", "s3://originals/big.jpg", None))
    assert "s3://originals/big.jpg  not recognised as an image" in shown


@pytest.mark.parametrize(("length", "shown"), [(200, 200), (1000, 200)])
def test_a_long_line_is_cut(length: int, shown: int) -> None:
    """A function that logs a page takes one line of it here."""
    assert shown == len(terminal.printable("x" * length))


def test_sizes_and_times_read_as_everywhere() -> None:
    """An image in MB, a long state in seconds."""
    facts = ImageFacts(format="PNG", width_px=4000, height_px=3000, length_bytes=2_500_000)
    assert "2.5 MB" in text(terminal.image("original", "s3://originals/a.png", facts))
    assert "15.0 s" in text(terminal.tree(trace(state("Slow", exited_at=at(15_010)))))


def test_what_a_template_asked_for_in_vain_is_named() -> None:
    """The rendered text is then not all of the truth."""
    given = trace()
    note = "not known here: $context.identity"
    call = dataclasses.replace(given.call, rendered="$context.identity", rendered_note=note)
    assert f"rendering {note}" in text(terminal.tree(dataclasses.replace(given, call=call)))


def test_the_tree_tells_redrives() -> None:
    """How often, when last, and which attempts were made in which."""
    attempt = Attempt(number=1, status=Status.FAILED, resource="r", scheduled_at=at(11))
    again = dataclasses.replace(attempt, number=2, redrive=1, scheduled_at=at(150))
    told = trace(state("Resize", attempts=(attempt, again)), redrives=1, redriven_at=at(140))
    shown = text(terminal.tree(told))
    assert "redriven once, last at 140 ms" in shown
    assert "Attempt 2 (redrive 1)  FAILED" in shown
    assert "redriven" not in text(terminal.tree(trace(state("Resize"))))
