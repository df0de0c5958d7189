"""CloudWatch Logs tell what the function did."""

from __future__ import annotations

import re

from pipeline import logs
from tests.e2e.client import Client, png


def test_a_run_leaves_its_lines(client: Client) -> None:
    """START, END and REPORT of this very invocation, in AWS's form."""
    key = client.key("a.png")
    client.upload(key, png())
    report = client.run(key)
    (invocation,) = logs.of_execution(client.aws, client.outputs, report)
    request_id = invocation.request_id
    first, *_, end, last = invocation.lines
    assert f"START RequestId: {request_id} Version: $LATEST" == first.rstrip()
    assert f"END RequestId: {request_id}" == end.rstrip()
    pattern = (
        rf"REPORT RequestId: {request_id}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\t"
        r"Memory Size: 1024 MB\tMax Memory Used: \d+ MB.*"
    )
    assert re.fullmatch(pattern, last.rstrip())


def test_a_refusal_is_told_in_the_functions_own_words(client: Client) -> None:
    """Who reads the logs finds the code between START and END."""
    report = client.run(client.key("missing.png"))
    (invocation,) = logs.of_execution(client.aws, client.outputs, report)
    assert any("NOT_FOUND" in line and client.mark in line for line in invocation.lines)
