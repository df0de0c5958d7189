"""One image's way through the pipeline, as a page for a terminal or a projector."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline import fetch
from testbed import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.follow import ExecutionReport, StateVisit
    from pipeline.trip import Trip

_LONGEST_LINE = 200


def page(trip: Trip) -> RenderableType:
    """What happened: the API's answer, the states, the function's lines, the two objects."""
    return Group(*_api(trip), *_states(trip), *_lines(trip), *_objects(trip))


def printable(text: str) -> str:
    """*text* on one line and without control characters: keys and log lines may hold any."""
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text.replace("\t", "  ")
    )
    return shown if len(shown) <= _LONGEST_LINE else shown[: _LONGEST_LINE - 2] + " …"


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _api(trip: Trip) -> Iterator[RenderableType]:
    answer = trip.submission.answer
    yield _heading(f"API Gateway  POST {answer.url}")
    yield Text(f"  → {printable(trip.submission.request.body())}")
    yield Text(f"  ← {answer.status} in {answer.elapsed_ms:.0f} ms")
    for name, value in answer.json().items():
        yield Text(printable(f"    {name}: {value}"), style="dim")


def _states(trip: Trip) -> Iterator[RenderableType]:
    execution = trip.execution
    heading = _heading(f"Step Functions  {names.STATE_MACHINE}  ")
    heading.append(execution.status, style="green" if execution.succeeded else "red")
    heading.append(f" in {execution.duration_ms:.0f} ms")
    yield heading
    table = Table.grid(padding=(0, 2, 0, 0))
    for visit in execution.visits:
        table.add_row(*_visit(execution, visit))
    yield table
    if not execution.succeeded:
        yield Text(
            f"  {execution.error or execution.status}: {printable(execution.cause or '')}",
            style="red",
        )


def _visit(execution: ExecutionReport, visit: StateVisit) -> tuple[str, ...]:
    after_ms = (visit.entered_at - execution.started_at).total_seconds() * 1000
    took = "" if visit.duration_ms is None else f"took {visit.duration_ms:.0f} ms"
    tries = f", {visit.attempts} attempts" if visit.attempts > 1 else ""
    return f"  {visit.name}", visit.type, f"at {after_ms:.0f} ms", took + tries


def _lines(trip: Trip) -> Iterator[RenderableType]:
    invocations = trip.invocations
    yield _heading(f"Lambda  {names.FUNCTION}")
    if not trip.execution.request_ids:
        yield Text("  the execution's history names no invocation", style="dim")
    elif not invocations:
        yield Text("  no log lines yet; `make logs` shows them when they arrive", style="dim")
    for invocation in invocations:
        for line in invocation.lines:
            yield Text(f"  {printable(line)}", style="dim")


def _objects(trip: Trip) -> Iterator[RenderableType]:
    key = trip.submission.request.key
    yield _heading("S3")
    yield _object("original", trip.outputs.original_bucket, key, trip.original)
    if trip.thumbnail is not None:
        kind = fetch.facts(trip.thumbnail.content)
        yield _object("thumbnail", trip.thumbnail.bucket, trip.thumbnail.key, kind)
    if trip.saved_as is not None:
        yield Text(f"  {'saved as':<10} {_short(trip.saved_as)}")


def _object(what: str, bucket: str, key: str, facts: fetch.Facts | None) -> Text:
    return Text(f"  {what:<10} s3://{bucket}/{printable(key)}  {_facts(facts)}")


def _facts(facts: fetch.Facts | None) -> str:
    if facts is None:
        return "(not an image)"
    size = f"{facts.width_px}\u00d7{facts.height_px}"
    return f"{facts.format} {size}, {_bytes(facts.length_bytes)}"


def _bytes(length: int) -> str:
    return f"{length} bytes" if length < 10_000 else f"{length / 1000:.0f} kB"  # noqa: PLR2004


def _short(path: Path) -> str:
    """*path* seen from here, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
