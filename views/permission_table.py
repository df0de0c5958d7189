"""What roles and users were allowed, used and lacked, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from targets.permissions import PermissionReport, PrincipalUse


def table(report: PermissionReport) -> RenderableType:
    """A table for each principal that has policies or asked for something."""
    known = [each for each in report.principals if each.statements or each.used or each.missing]
    return Group(
        Text(f"IAM={report.mode}: what AWS would refuse {_doing(report.mode)}", style="bold"),
        *(part for each in known for part in _principal(each)),
        *_unknown(report),
    )


def _doing(mode: str) -> str:
    return "is refused" if mode == "enforce" else "is said in the log, and done"


def _principal(use: PrincipalUse) -> Iterator[RenderableType]:
    yield Text(f"\n{use.principal}", style="bold")
    lines = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    for _ in range(3):
        lines.add_column(overflow="fold")
    for used in use.used:
        lines.add_row(
            Text("used", style="green"), used.action, f"{used.resource}  {_times(used.count)}"
        )
    for each in use.statements:
        if not each.uses:
            place = f"statement {each.index} of {each.policy}"
            allowed = _listed(each.statement.get("Action", each.statement.get("NotAction")))
            lines.add_row(Text("never used", style="yellow"), allowed, Text(place))
    for missing in use.missing:
        told = f"{missing.resource}  {_times(missing.count)}: {missing.why}"
        lines.add_row(Text("not allowed", style="red"), missing.action, Text(told))
    yield lines


def _unknown(report: PermissionReport) -> Iterator[RenderableType]:
    if report.unknown:
        yield Text(f"\nallowed unasked, for no table has them: {', '.join(report.unknown)}")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _listed(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
