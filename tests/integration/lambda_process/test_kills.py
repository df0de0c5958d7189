"""Workers that someone else kills: what is not the function's fault is not its failure."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support import meeting
from tests.support.functions import invoke, logged

SLOW_TO_LOAD = """
    import time, urllib.error, urllib.request, uuid
    urllib.request.urlopen("PLACE" + uuid.uuid4().hex).close()
    while True:
        try:
            urllib.request.urlopen("PLACE?").close()
            break
        except urllib.error.HTTPError:
            time.sleep(0.01)
    def handler(event, context):
        return "answered"
"""


def test_kills_while_the_function_loads_are_not_seen(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """Killed three times before it has the event: a fourth worker answers, the log has one init."""
    killed: set[int] = set()

    def newcomer() -> tuple[int | None, str]:
        found = set(met.came.values()) - killed
        return next(iter(found), None), f"killed {killed}"

    with meeting.held(processes=True) as met, ThreadPoolExecutor(1) as pool:
        name = make_function(SLOW_TO_LOAD.replace("PLACE", met.url), Timeout=60)
        answer = pool.submit(invoke, emulator.aws, name)
        for _ in range(3):
            pid = waiting.until(newcomer, "a worker that loads", timeout_s=20)
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        waiting.until(newcomer, "a worker that loads", timeout_s=20)
        met.go.set()
        assert ("answered", None) == (answer.result().payload, answer.result().error)
    log = "".join(logged(emulator.aws, name, "REPORT"))
    assert (1, 1) == (log.count("INIT_START"), log.count("START RequestId"))
