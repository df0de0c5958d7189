from __future__ import annotations

import datetime as dt
import time

import pytest

from views import sizes


@pytest.mark.parametrize(
    ("length", "shown"),
    [(0, "0 bytes"), (9_999, "9,999 bytes"), (41_853, "42 kB"), (2_500_000, "2.5 MB")],
)
def test_sizes_have_the_unit_that_suits_them(length: int, shown: str) -> None:
    """Decimal units, as S3 and disks have them."""
    assert shown == sizes.length(length)


@pytest.mark.parametrize(
    ("span_ms", "shown"),
    [(None, ""), (0.4, "0 ms"), (9_999, "9999 ms"), (10_000, "10.0 s"), (61_234, "61.2 s")],
)
def test_a_span_of_time_has_the_unit_that_suits_it(span_ms: float | None, shown: str) -> None:
    """Milliseconds while they are few; nothing while it has no end."""
    assert shown == sizes.duration(span_ms)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "2026-03-01 23:30:05 UTC"),
        ("Asia/Kolkata", "2026-03-02 05:00:05 UTC+05:30"),
        ("America/Toronto", "2026-03-01 18:30:05 UTC-05:00"),
    ],
)
def test_a_moment_says_its_date_and_its_zone(
    zone: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This machine's: a log beside it may be of another."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert shown == sizes.moment(dt.datetime(2026, 3, 1, 23, 30, 5, tzinfo=dt.UTC))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_instant_is_the_same_in_every_zone() -> None:
    """A browser, or a student's script, reads it."""
    east = dt.timezone(dt.timedelta(hours=5, minutes=30))
    at = dt.datetime(2026, 3, 2, 5, 0, 5, 7000, tzinfo=east)
    assert "2026-03-01T23:30:05.007Z" == sizes.instant(at)


def test_json_is_laid_out_and_other_text_is_told_apart() -> None:
    """Letters stay as they are."""
    assert '{\n  "key": "♣.png"\n}' == sizes.indented('{"key":"♣.png"}')
    assert sizes.indented("no JSON") is None


def test_json_can_stand_on_one_line() -> None:
    """As other text does."""
    assert '{"key": "♣.png"}' == sizes.one_line('{\n  "key":"♣.png"\n}')
    assert "no JSON" == sizes.one_line("no\n  JSON")


@pytest.mark.parametrize(("count", "told"), [(0, ""), (1, "once"), (2, "twice"), (3, "3 times")])
def test_how_often_is_told_in_words(count: int, told: str) -> None:
    """Nothing for never."""
    assert told == sizes.times(count)


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 images"), (1, "1 image"), (1000, "1,000 images")]
)
def test_one_is_not_told_as_many(count: int, told: str) -> None:
    assert told == sizes.number(count, "image")
