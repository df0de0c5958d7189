"""What the console computes without a browser."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shlex
import socket

import pytest

from console import commands, mistakes, pretty, timeline
from console.journey import Errand, Journey, Station
from console.place import Found, LostError, Place
from pipeline.trace_model import Attempt, ExecutionSpan, StateSpan, Status
from scripts import console
from testbed.errors import NotRunningError, SettingError, TestbedError
from testbed.outputs import Outputs

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
OUTPUTS = Outputs(
    target="embedded",
    endpoint="http://127.0.0.1:9",
    region="ca-central-1",
    api_url="http://127.0.0.1:9/prod/process",
    state_machine_arn="arn:m",
    function_name="F",
    original_bucket="originals",
    resized_bucket="thumbnails",
)


def at(ms: int) -> dt.datetime:
    return START + dt.timedelta(milliseconds=ms)


def execution(*states: StateSpan, stopped_ms: int | None = 100) -> ExecutionSpan:
    return ExecutionSpan(
        arn="arn:e",
        name="e",
        state_machine_arn="arn:m",
        status=Status.SUCCEEDED,
        started_at=START,
        stopped_at=None if stopped_ms is None else at(stopped_ms),
        states=states,
    )


def state(start: int, end: int | None, **more: object) -> StateSpan:
    plain = StateSpan(
        id=start,
        name="S",
        type="Task",
        status=Status.SUCCEEDED if end is not None else Status.RUNNING,
        entered_at=at(start),
        exited_at=None if end is None else at(end),
    )
    return dataclasses.replace(plain, **more)  # type: ignore[arg-type]  # fields by name


def attempt(number: int, start: int, end: int) -> Attempt:
    return Attempt(
        number=number,
        status=Status.FAILED,
        resource="lambda:invoke",
        scheduled_at=at(start),
        ended_at=at(end),
        error="Busy",
    )


def test_bars_lie_where_their_time_was() -> None:
    """In percent of the whole execution."""
    (row,) = timeline.rows(execution(state(25, 75)))
    assert (25.0, 50.0, 50.0) == (row.left, row.width, row.duration_ms)


def test_retries_have_bars_of_their_own() -> None:
    """Below their state, with their error; a single attempt is the state's own bar."""
    retried = state(0, 100, attempts=(attempt(1, 0, 10), attempt(2, 50, 100)))
    assert ["S", "attempt 1: Busy", "attempt 2: Busy"] == [
        row.name for row in timeline.rows(execution(retried))
    ]
    once = state(0, 100, attempts=(attempt(1, 0, 10),))
    assert 1 == len(timeline.rows(execution(once)))


def test_what_runs_reaches_to_now() -> None:
    """And has no duration yet."""
    (row,) = timeline.rows(execution(state(50, None), stopped_ms=None), now=at(200))
    assert (25.0, 75.0, None) == (row.left, row.width, row.duration_ms)


def test_inner_states_are_indented() -> None:
    """A Map's or Parallel's states lie below it."""
    outer, inner = state(1, 90), state(5, 80, parent=1)
    assert [0, 1] == [row.depth for row in timeline.rows(execution(outer, inner))]


def test_json_is_laid_out_and_coloured_without_becoming_markup() -> None:
    """Keys, texts and numbers are told apart; what looks like a tag is text."""
    shown = pretty.json_html('{"a<b": [1, true, "<script>\\"x"]}')
    assert '<span class="k">"a&lt;b"</span>' in shown
    assert '<span class="n">1</span>' in shown
    assert "<script>" not in shown
    assert "&lt;b&gt;" == pretty.json_html("<b>")


@pytest.mark.parametrize(
    ("length", "shown"),
    [(0, "0 bytes"), (9_999, "9,999 bytes"), (41_853, "42 kB"), (2_500_000, "2.5 MB")],
)
def test_sizes_have_the_unit_that_suits_them(length: int, shown: str) -> None:
    """Decimal units, as S3 and disks have them."""
    assert shown == pretty.size(length)


def test_commands_can_be_copied_as_they_stand() -> None:
    """Whatever a key holds, a shell gives it back as one word."""
    key = "bob's $(rm -rf /) ♣.png"
    line = commands.Cli(OUTPUTS).download("originals", key)
    assert ["awslocal", "s3", "cp", f"s3://originals/{key}", "."] == shlex.split(line)
    on_aws = dataclasses.replace(OUTPUTS, endpoint=None)
    assert ["aws", "--region", "ca-central-1"] == shlex.split(commands.Cli(on_aws).executions())[:3]


def test_mistakes_say_what_should_happen() -> None:
    """In the very words in which what happened is told."""
    for mistake in mistakes.everything():
        journey = Journey(place=Place(_nothing), errand=Errand(key="", body=""))
        journey.refusal, journey.refused_at = (mistake.code, "because"), mistake.station
        assert mistake.expected == mistakes.happened(journey)
    fine = Journey(place=Place(_nothing), errand=Errand(key="", body=""))
    assert "it went through" == mistakes.happened(fine)


def test_no_two_mistakes_share_an_object() -> None:
    """They may be tried at the same time."""
    keys = [one.errand.key for one in mistakes.everything() if one.errand.content is not None]
    assert len(set(keys)) == len(keys)


def test_a_place_that_was_not_found_is_lost() -> None:
    """With the reason, for the banner."""
    with pytest.raises(LostError, match="looking for the testbed"):
        _ = Place(_nothing).found


def _nothing() -> Found:
    raise NotRunningError("nothing runs")


@pytest.mark.parametrize("port", ["80", "0", "none", "99999", "-1"])
def test_a_port_that_is_none_is_an_error(port: str) -> None:
    """It names the setting and what is allowed."""
    with pytest.raises(SettingError, match="CONSOLE_PORT"):
        console.read_port({"CONSOLE_PORT": port})


def test_any_free_port_can_be_asked_for() -> None:
    """For tests, and for a second console."""
    assert 1024 <= console.read_port({"CONSOLE_PORT": "auto"}) <= 65535


def test_a_taken_port_is_told_with_what_to_do() -> None:
    """The one who has it may be a console: then it only has to be opened."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(TestbedError, match=f"port {port} is taken.*CONSOLE_PORT=auto"):
            console.read_port({"CONSOLE_PORT": str(port)})


def test_the_stations_are_four() -> None:
    """As the assignment draws them."""
    assert ["API Gateway", "Step Functions", "Lambda", "S3"] == [str(one) for one in Station]
