from __future__ import annotations

from typing import Any

import pytest

from localstack_standalone.lambda_process.engine.log_order import in_order


def events(*times: int) -> list[dict[str, Any]]:
    return [{"timestamp": time, "message": str(place)} for place, time in enumerate(times)]


@pytest.mark.parametrize(
    ("times", "sizes"),
    [((), []), ((1, 1, 2), [3]), ((5, 6, 1, 2), [2, 2]), ((3, 2, 1), [1, 1, 1])],
)
def test_no_piece_goes_back_in_time(times: tuple[int, ...], sizes: list[int]) -> None:
    """PutLogEvents refuses a batch that does; nothing is lost, and the order stays."""
    pieces = list(in_order(events(*times)))
    assert sizes == [len(piece) for piece in pieces]
    assert events(*times) == [event for piece in pieces for event in piece]
