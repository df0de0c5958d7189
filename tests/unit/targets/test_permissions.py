from __future__ import annotations

from typing import Any

from targets import permissions
from tests.support import fake_emulator

TOLD: dict[str, Any] = {
    "mode": "warn",
    "principals": [
        {
            "principal": "arn:aws:iam::1:role/tea",
            "statements": [
                {"policy": "own", "index": 0, "sid": None, "statement": {"Action": "a"}, "uses": 3}
            ],
            "used": [{"action": "a", "resource": "b", "count": 3}],
            "missing": [
                {"action": "c", "resource": "d", "count": 1, "why": "no policy", "add": {}}
            ],
            "least": {"Statement": []},
        }
    ],
    "unknown": ["sqs:SendMessage"],
}


def test_a_report_is_read() -> None:
    """With what is missing counted."""
    report = permissions.read(TOLD)
    assert ("warn", 1, ("sqs:SendMessage",)) == (report.mode, report.missing, report.unknown)
    (use,) = report.principals
    assert ("own", 0, {"Action": "a"}, 3) == (
        use.statements[0].policy,
        use.statements[0].index,
        use.statements[0].statement,
        use.statements[0].uses,
    )
    assert (None, "no policy") == (use.used[0].why, use.missing[0].why)


def test_who_does_not_tell_has_none() -> None:
    """IAM=off, an older plugin, or nobody."""
    with fake_emulator.saying({"standalone/iam": TOLD}) as endpoint:
        assert permissions.read(TOLD) == permissions.fetch(endpoint)
    with fake_emulator.saying({"health": {}}) as endpoint:
        assert permissions.fetch(endpoint) is None
    assert permissions.fetch(endpoint) is None
