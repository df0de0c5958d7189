from __future__ import annotations

import io

from rich.console import Console

from targets import permissions
from tests.unit.targets.test_permissions import TOLD
from views import permission_table


def shown(told: object) -> str:
    report = permissions.read(told)  # type: ignore[arg-type]  # a report as JSON
    written = io.StringIO()
    console = Console(file=written, width=200)
    console.print(permission_table.table(report))
    return written.getvalue()


def test_used_unused_and_missing_stand_by_their_role() -> None:
    """A line each; a statement that was used is told by what it was used for."""
    unused = {"policy": "own", "index": 1, "sid": None, "uses": 0}
    (role,) = TOLD["principals"]
    statements = [*role["statements"], {**unused, "statement": {"Action": ["x", "y"]}}]
    text = shown({**TOLD, "principals": [{**role, "statements": statements}]})
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "arn:aws:iam::1:role/tea" in lines
    assert "used a b 3 times" in lines
    assert "never used x, y statement 1 of own" in lines
    assert "not allowed c d once: no policy" in lines
    assert "statement 0 of own" not in text
    assert "allowed unasked, for no table has them: sqs:SendMessage" in lines


def test_who_has_nothing_and_asked_for_nothing_is_left_out() -> None:
    """A service's role that was made and never used."""
    empty = {"statements": [], "used": [], "missing": [], "least": {"Statement": []}}
    assert "idle" not in shown({**TOLD, "principals": [{"principal": "idle", **empty}]})
