"""CloudWatch Logs tell what the function did."""

from __future__ import annotations

import re

from runs import collect
from runs.model import ExecutionSpan, InvocationSpan
from tests.e2e.client import Client, png


def invocations(client: Client, report: ExecutionSpan) -> list[InvocationSpan]:
    """The function's invocations, with their log lines, that served the execution."""
    whole = collect.with_invocations(client.aws, client.outputs, report)
    return [attempt.invocation for attempt in whole.attempts if attempt.invocation]


def test_a_run_leaves_its_lines(client: Client) -> None:
    """START, END and REPORT of this very invocation, in AWS's form."""
    key = client.key("a.png")
    client.upload(key, png())
    report = client.run(key)
    (invocation,) = invocations(client, report)
    request_id = invocation.request_id
    first, *_, end, last = (line.text for line in invocation.lines)
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
    (invocation,) = invocations(client, report)
    assert any("NOT_FOUND" in one.text and client.mark in one.text for one in invocation.lines)
