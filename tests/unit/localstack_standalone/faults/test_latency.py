from __future__ import annotations

import pytest

from localstack_standalone.faults import latency

SHARES = [n / 2000 for n in range(2000)]


def quantile(text: str, share: float) -> float:
    drawn = sorted(latency.read(text).ms(each) for each in SHARES)
    return drawn[round(share * (len(drawn) - 1))]


@pytest.mark.parametrize("text", ["500", " 12.5 ", "0"])
def test_a_number_is_that_many_milliseconds(text: str) -> None:
    assert {float(text)} == {latency.read(text).ms(share) for share in (0.0, 0.5, 0.999)}


@pytest.mark.parametrize(
    ("text", "share", "expected"),
    [
        ("uniform:100..900", 0.5, 500),
        ("uniform:100..900", 0.0, 100),
        ("lognormal:200..2000", 0.5, 200),
        ("lognormal:200..2000", 0.99, 2000),
        ("exponential:300", 0.632, 300),
    ],
)
def test_a_distribution_is_what_it_says(text: str, share: float, expected: float) -> None:
    """Uniform by its ends, lognormal by median and 99th percentile, exponential by its mean."""
    assert quantile(text, share) == pytest.approx(expected, rel=0.05, abs=1)


def test_a_tail_without_an_end_stays_within_lambdas_longest() -> None:
    """No draw waits longer than any function may run."""
    assert latency.LONGEST_MS == latency.read("lognormal:1..900000").ms(1.0)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "fast",
            "-5",
            "1e3",
            "nan",
            "900001",
            "uniform:9..1",
            "uniform:5",
            "exponential:1..2",
        ),
        *("lognormal:0..5", "lognormal:5", "normal:1..2", "5 ms", "\u0665"),
    ],
)
def test_what_is_no_latency_is_told_what_is(text: str) -> None:
    with pytest.raises(latency.LatencyError, match=r"allowed: milliseconds such as 500"):
        latency.read(text)
