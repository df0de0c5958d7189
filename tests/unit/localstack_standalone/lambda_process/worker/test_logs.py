from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localstack_standalone.lambda_process.worker.logs import MAX_EVENT_BYTES, TAIL_BYTES, LogStream


class Events(list[str]):
    def add(self, _timestamp_ms: int, message: str) -> None:
        self.append(message)


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def stream(events: Events) -> LogStream:
    return LogStream(events.add)


def test_the_events_of_an_invocation_are_in_order_whatever_the_clock_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Readers sort by time; the next invocation has the clock as it is then."""
    times: list[int] = []
    wall_ns, truly_ns = 7_200 * 10**9, 5 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: wall_ns)
    monkeypatch.setattr(time, "monotonic_ns", lambda: truly_ns)
    stream = LogStream(lambda at_ms, _message: times.append(at_ms))
    stream.platform("START")
    wall_ns -= 3_600 * 10**9
    truly_ns += 2 * 10**9
    stream.platform("END")
    stream.begin()
    stream.platform("START")
    assert [7_200_000, 7_202_000, 3_600_000] == times


def test_a_line_is_an_event(stream: LogStream, events: Events) -> None:
    """Each ended line is one event, an empty one none."""
    stream.write(b"one\n\ntwo\n")
    assert ["one\n", "two\n"] == events


def test_a_line_may_come_in_pieces(stream: LogStream, events: Events) -> None:
    """A line counts when it is ended, also in the middle of a character."""
    for piece in (b"caf\xc3", b"\xa9", b"\n"):
        stream.write(piece)
    assert ["café\n"] == events


def test_an_unfinished_line_ends_before_the_platforms(stream: LogStream, events: Events) -> None:
    """What was begun and not ended is an event of its own before the platform's line."""
    stream.write(b"half")
    stream.platform("END")
    assert ["half\n", "END\n"] == events


def test_the_lines_of_an_error_stay_together(stream: LogStream, events: Events) -> None:
    """The runtime client's carriage returns are line breaks inside one event."""
    stream.write(b"[ERROR] E\rTraceback\r  File\n")
    assert ["[ERROR] E\nTraceback\n  File\n"] == events


def test_a_line_without_end_does_not_grow(stream: LogStream, events: Events) -> None:
    """A line over the limit of an event goes on in the next one."""
    stream.write(b"x" * (2 * MAX_EVENT_BYTES + 5) + b"\n")
    assert [MAX_EVENT_BYTES, MAX_EVENT_BYTES, 6] == [len(event) for event in events]


def test_the_tail_is_the_last_4_kb_of_an_invocation(stream: LogStream) -> None:
    """LogResult starts with its own START and is cut at its front."""
    stream.write(b"before\n")
    stream.begin()
    stream.platform("START")
    assert "START\n" == stream.tail
    stream.write(b"y" * TAIL_BYTES + b"\n")
    stream.platform("END")
    assert (TAIL_BYTES, True) == (len(stream.tail), stream.tail.endswith("y\nEND\n"))


def test_bytes_that_are_no_text_do_no_harm(stream: LogStream, events: Events) -> None:
    """Binary output is shown with replacement characters."""
    stream.write(b"\xff\xfe\x00\n")
    assert ["��\x00\n"] == events


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_nothing_is_lost_however_it_is_cut(pieces: list[bytes]) -> None:
    """The events' text is the output's, whatever pieces it came in."""
    whole, cut = Events(), Events()
    one, many = LogStream(whole.add), LogStream(cut.add)
    one.write(b"".join(pieces))
    one.flush()
    for piece in pieces:
        many.write(piece)
    many.flush()
    assert "".join(whole) == "".join(cut)
