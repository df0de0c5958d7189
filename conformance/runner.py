"""Runs checks side by side, each in its own time, with a workshop of its own."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from requests import RequestException, Timeout

from conformance.check import Check, DiffersError
from conformance.clients import EngineClients
from conformance.report import CheckResult, Findings, Verdict, in_a_line
from conformance.workshop import Workshop
from testbed.waiting import WaitTimeout

WORKERS: Final = 4
# What a check left when its time was over goes on being cleared away for so long.
CLEARING_S: Final = 10.0

type OnResult = Callable[[CheckResult], None]


def run(
    checks: Sequence[Check],
    endpoint: str,
    *,
    workers: int = WORKERS,
    limit_s: float | None = None,
    told: OnResult = lambda _: None,
) -> Findings:
    """Run *checks* on the emulator at *endpoint*.

    Args:
        checks: which.
        endpoint: base URL.
        workers: how many at once.
        limit_s: no check gets longer than that; by default each gets its own time.
        told: called with each result as it comes, one call at a time.
    """
    clients = EngineClients(endpoint)
    telling = threading.Lock()
    clearing: list[threading.Thread] = []

    def one(check: Check) -> CheckResult:
        timeout_s = check.timeout_s if limit_s is None else min(check.timeout_s, limit_s)
        result, thread = _bounded(check, clients, timeout_s)
        with telling:
            told(result)
            clearing.append(thread)
        return result

    with ThreadPoolExecutor(workers) as pool:
        results = tuple(pool.map(one, checks))
    deadline = time.monotonic() + CLEARING_S
    for thread in clearing:
        thread.join(max(0.0, deadline - time.monotonic()))
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return Findings(endpoint, now, results)


def _bounded(
    check: Check, clients: EngineClients, timeout_s: float
) -> tuple[CheckResult, threading.Thread]:
    """The result, and the thread that may still clear away what the check made."""
    started = time.monotonic()
    verdict: list[tuple[Verdict, str]] = []
    done = threading.Event()

    def work() -> None:
        # What cannot be cleared away is no part of what is checked.
        with contextlib.suppress(Exception), Workshop(clients, timeout_s) as workshop:
            verdict.append(judge(check, workshop))
            done.set()

    # A daemon: one that never ends does not keep the command from ending.
    thread = threading.Thread(target=work, name=f"check {check.name}", daemon=True)
    thread.start()
    done.wait(timeout_s)
    found, why = (*verdict, (Verdict.HANGS, f"no end within {timeout_s:g} s"))[0]
    return CheckResult(check, found, why, time.monotonic() - started), thread


def judge(check: Check, workshop: Workshop) -> tuple[Verdict, str]:
    """How *check* ends, and why."""
    try:
        check.run(workshop)
    except DiffersError as error:
        return Verdict.DIFFERS, in_a_line(str(error))
    except (WaitTimeout, ReadTimeoutError, Timeout) as error:
        return Verdict.HANGS, in_a_line(str(error))
    except ClientError as error:
        return Verdict.REFUSED, in_a_line(str(error))
    except (BotoCoreError, RequestException) as error:
        return Verdict.BROKEN, in_a_line(f"{type(error).__name__}: {error}")
    except Exception as error:  # noqa: BLE001 - an answer of any form may come from an emulator
        return Verdict.BROKEN, in_a_line(f"{type(error).__name__}: {error}")
    return Verdict.PASSES, ""
