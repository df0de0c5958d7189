from __future__ import annotations

import pytest

from localstack_standalone.iam.folding import folded

LOGS = "arn:aws:logs:us-east-1:1:log-group:/aws/lambda/tea"
STATES = "arn:aws:states:us-east-1:1"


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", "arn:aws:s3:::tea/a/b.png", "arn:aws:s3:::tea/*"),
        ("s3:ListBucket", "arn:aws:s3:::tea", "arn:aws:s3:::tea"),
        ("logs:PutLogEvents", f"{LOGS}:log-stream:2026/01/01/[$LATEST]a", f"{LOGS}:*"),
        ("states:DescribeExecution", f"{STATES}:execution:tea:1", f"{STATES}:execution:tea:*"),
        ("states:StartExecution", f"{STATES}:stateMachine:tea", f"{STATES}:stateMachine:tea"),
        ("iam:GetRole", "arn:aws:iam::1:role/tea/cup", "arn:aws:iam::1:role/tea/cup"),
    ],
)
def test_what_the_next_request_has_otherwise_is_folded(
    action: str, resource: str, expected: str
) -> None:
    """A key, a log stream, an execution; never what a policy would name."""
    assert expected == folded(action, resource)
