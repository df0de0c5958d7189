"""Workers that someone else kills: what is not the function's fault is not its failure."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import invoke, logged

SLOW_TO_LOAD = """
    import os, pathlib, time
    PLACE = pathlib.Path("PLACE")
    (PLACE / str(os.getpid())).touch()
    while not (PLACE / "go").exists():
        time.sleep(0.01)
    def handler(event, context):
        return "answered"
"""


def test_kills_while_the_function_loads_are_not_seen(
    emulator: Emulator, make_function: MakeFunction, tmp_path: Path
) -> None:
    """Killed three times before it has the event: a fourth worker answers, the log has one init."""
    tmp_path.chmod(0o777)  # run as root, a worker is another user
    name = make_function(SLOW_TO_LOAD.replace('PLACE")', f'{tmp_path}")'), Timeout=60)
    killed: set[str] = set()

    def newcomer() -> tuple[str | None, str]:
        found = {path.name for path in tmp_path.iterdir()} - killed
        return next(iter(found), None), f"killed {killed}"

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(invoke, emulator.aws, name)
        for _ in range(3):
            pid = waiting.until(newcomer, "a worker that loads", timeout_s=20)
            os.kill(int(pid), signal.SIGKILL)
            killed.add(pid)
        waiting.until(newcomer, "a worker that loads", timeout_s=20)
        (tmp_path / "go").touch()
        assert ("answered", None) == (answer.result().payload, answer.result().error)
    log = "".join(logged(emulator.aws, name, "REPORT"))
    assert (1, 1) == (log.count("INIT_START"), log.count("START RequestId"))
