from __future__ import annotations

from console.map_run_panel import UNLISTED, MapRunPanel, counts
from runs.map_runs import ChildExecution, MapRun
from runs.model import Status
from tests.support.addresses import EMULATED
from tests.support.shown import Reader, read

ARN = "arn:aws:states:r:000000000000:mapRun:m/mine:1"
CHILD = "arn:aws:states:r:000000000000:execution:m/mine:one"
RUN = MapRun(
    arn=ARN,
    status=Status.FAILED,
    items={"succeeded": 1_200, "failed": 1, "total": 1_201, "resultsWritten": 1_200},
)


def shown(*runs: MapRun) -> Reader:
    return read(lambda: MapRunPanel().show(runs, EMULATED))


def test_items_are_counted_by_how_they_stand() -> None:
    """Those that stand some way; what was written of them is no way to stand."""
    assert "1,201 items: 1,200 succeeded, 1 failed" == counts(RUN)
    assert "0 items" == counts(MapRun(arn=ARN, status=Status.RUNNING, items={}))


def test_who_does_not_list_executions_is_told() -> None:
    """Rather than shown as if there were none."""
    text = shown(RUN).text
    assert "mine" in text
    assert UNLISTED in text
    assert f"describe-map-run --map-run-arn {ARN}" in text


def test_its_executions_are_led_to() -> None:
    """By links."""
    child = ChildExecution(arn=CHILD, status=Status.FAILED)
    listed = MapRun(arn=ARN, status=Status.FAILED, items=RUN.items, children=(child,))
    found = shown(listed)
    assert any("m%2Fmine" in href and "one" in href for href in found.values("href"))
    assert UNLISTED not in found.text


def test_without_any_there_is_nothing() -> None:
    """No card, no words."""
    assert "Map Runs" not in shown().text
