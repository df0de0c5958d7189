"""The page of one execution, drawn without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import EndpointConnectionError

from console.pages import execution
from tests.support.shown import read

if TYPE_CHECKING:
    from console.watch import WatchedTestbed
    from tests.support.fake_step_functions import StepFunctions


def test_one_that_is_not_there_leads_back(watch: WatchedTestbed, sfn: StepFunctions) -> None:
    """With the reason, and a link to all others."""
    answer = {"Error": {"Code": "ExecutionDoesNotExist"}}
    sfn.failure = sfn.exceptions.ExecutionDoesNotExist(answer, "DescribeExecution")
    shown = read(lambda: execution.draw(watch, "gone"))
    assert "This execution is not here" in shown.text
    assert "/executions" in shown.values("href")


def test_one_whose_testbed_is_lost_is_not_given_up(
    watch: WatchedTestbed, sfn: StepFunctions
) -> None:
    """The banner tells it; the page goes on when the testbed is found again."""
    sfn.failure = EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
    text = read(lambda: execution.draw(watch, "some")).text
    assert "loading" in text
    assert "This execution is not here" not in text
