"""`make bench-persistence`: what it costs to keep all, beside an emulator that keeps nothing.

Stages: both up at once, latencies and load by turns → starts by turns: of an empty one, of one that
kept the pipeline, and of one that kept it with many objects and executions → medians and ratios.
A start is what `make up` does: until it is ready, and provisioning has found or made all.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from bench import emulators, harness
from bench.emulators import Emulator, Life
from bench.goals import Goal
from bench.measurements import Measurements
from infra import package, stack
from localstack_standalone.launcher import emulator
from targets import embedded
from testbed import names, settings, terminal
from testbed.aws import Aws

REPORT: Final = harness.REPORTS / "persistence.json"
HEADS: Final[tuple[Emulator, ...]] = ("forgetful", "kept")
ROUNDS: Final = 6
LATENCIES: Final = 20  # a round
CLIENTS: Final = 8
BURST_S: Final = 3.0
STARTS: Final = 5
OBJECTS: Final = 1_000
EXECUTIONS: Final = 1_000
_BODY: Final = b"x" * 10_000
# A copy is as large as its original, 200 kB, and a thumbnail a fifth of that.
_LATENCIES: Final = {mode: f"POST to stop, {mode}, ms" for mode in ("thumbnail", "copy")}
_RATE: Final = f"executions/s, {CLIENTS} clients"
_READY: Final = "ready, s"
_START: Final = "ready and provisioned, s"


def measure(rounds: int, measured: Measurements, folder: Path, note: harness.Note) -> None:
    """Both by turns, *rounds* times; then starts."""
    code = package.build(package.host_platform(), uv=settings.uv())
    with contextlib.ExitStack() as up:
        lives = [up.enter_context(emulators.life(e, folder / e, code)) for e in HEADS]
        for life in lives:
            life.client.many(4 * CLIENTS, CLIENTS)
        for life in emulators.by_turns(lives, rounds, note):
            _round(measured, life)
    _starts(measured, folder / "starts", code, note)


def _round(measured: Measurements, life: Life) -> None:
    for mode, what in _LATENCIES.items():
        life.client.post_to_stop(mode)  # from here on it is asked when one of this kind has ended
        for _ in range(LATENCIES):
            measured.add(life.emulator, what, life.client.post_to_stop(mode) * 1000)
    seen = life.client.burst(CLIENTS, BURST_S)
    measured.add(life.emulator, _RATE, seen.per_s)
    measured.add(life.emulator, "server CPU an execution, ms", seen.cpu_ms)


def _starts(
    measured: Measurements, folder: Path, code: package.Package, note: harness.Note
) -> None:
    for kind in ("provisioned", "full"):
        note(f"what the {kind} one keeps")
        with _up(folder / kind) as aws:
            api_url = stack.apply(aws, target="embedded", package=code).api_url
            if kind == "full":
                _fill(aws, api_url, folder / kind)
    for number in range(STARTS):
        note(f"start {number + 1} of {STARTS}")
        for kind in ("empty", "provisioned", "full"):
            home = folder / (f"empty-{number}" if kind == "empty" else kind)
            began = time.monotonic()
            with _up(home) as aws:
                measured.add(kind, _READY, time.monotonic() - began)
                stack.apply(aws, target="embedded", package=code)
                measured.add(kind, _START, time.monotonic() - began)


def _fill(aws: Aws, api_url: str, folder: Path) -> None:
    def put(number: int) -> None:
        aws.s3.put_object(Bucket=names.ORIGINAL_BUCKET, Key=f"filled/{number:06}", Body=_BODY)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(put, range(OBJECTS)))
    known = emulator.status(folder)
    emulators.client(aws, api_url, known.pid if known else 0).many(EXECUTIONS, CLIENTS)


@contextlib.contextmanager
def _up(folder: Path) -> Iterator[Aws]:
    with embedded.private(folder, **emulators.keeping(folder)) as started:
        yield Aws(endpoint=started.endpoint)


def goals(measured: Measurements) -> list[Goal]:
    """What keeping may cost."""

    def kept(what: str) -> float:
        return measured.ratio(what, "kept", "forgetful")

    return [
        *(
            Goal(f"latency, {mode}, kept / forgetful", kept(w), 1.1)
            for mode, w in _LATENCIES.items()
        ),
        Goal("throughput, kept / forgetful", kept(_RATE), 0.92, more=True),
        Goal("start, full / empty", measured.ratio(_START, "full", "empty"), 1.3),
        Goal("… full / provisioned", measured.ratio(_START, "full", "provisioned"), 1.3),
        Goal("… until ready alone", measured.ratio(_READY, "full", "provisioned"), 1.3),
    ]


def main() -> None:
    """Measure, keep, show."""
    measured = harness.run(partial(measure, harness.rounds(ROUNDS)), REPORT)
    harness.show(
        harness.medians(measured, "What keeping costs", HEADS, ratio=True),
        harness.medians(measured, "Starts", ("empty", "provisioned", "full")),
        harness.reached(goals(measured)),
        kept=REPORT,
    )


if __name__ == "__main__":
    terminal.run(main)
