from __future__ import annotations

import datetime as dt

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


def test_a_moment_has_its_date_unless_it_is_today() -> None:
    """In this machine's zone."""
    now = dt.datetime.now().astimezone()
    assert f"{now:%H:%M:%S}" == sizes.moment(now.astimezone(dt.UTC))
    earlier = now - dt.timedelta(days=2)
    assert f"{earlier:%Y-%m-%d %H:%M:%S}" == sizes.moment(earlier)


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
