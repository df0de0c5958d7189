"""Nothing of an environment runs after its response until the next event, as on AWS."""

from __future__ import annotations

import itertools
from typing import Any

import psutil
import pytest

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import NAME_OF, invoke, process_of

TICKS = """
    import os, threading, time
    from names import name_of
    ticks = 0
    def tick():
        global ticks
        while True:
            time.sleep(0.005)
            ticks += 1
    threading.Thread(target=tick, daemon=True).start()
    def handler(event, context):
        before = ticks
        time.sleep(event.get("sleep", 0))
        pid = name_of(os.getpid())
        return {"pid": pid, "before": before, "after": ticks, "at": time.monotonic()}
"""


def until_frozen(name: list[Any]) -> psutil.Process:
    """Wait until the process that a function told of is stopped."""
    process = process_of(name)
    waiting.until(
        lambda: (process.status() == psutil.STATUS_STOPPED or None, process.status()),
        f"process {process.pid} is stopped",
        timeout_s=10,
    )
    return process


def a_while(process: psutil.Process) -> float:
    """Let others work; the processor time that *process* has used by then."""
    began = psutil.Process().cpu_times().user
    for number in itertools.count():
        if number % 1000 == 0 and psutil.Process().cpu_times().user - began > 0.2:
            break
    return sum(process.cpu_times()[:2])


def test_a_background_thread_stands_still(emulator: Emulator, make_function: MakeFunction) -> None:
    """It goes on within the next event, where it was."""
    name = make_function({"app.py": TICKS, "names.py": NAME_OF})
    first = invoke(emulator.aws, name, {"sleep": 0.2}).payload
    assert first["after"] > first["before"]
    process = until_frozen(first["pid"])
    assert a_while(process) == a_while(process)
    second = invoke(emulator.aws, name, {"sleep": 0.2}).payload
    assert first["pid"] == second["pid"]
    # About two of what ran on between the answer and the runtime's asking for the next event.
    assert second["before"] - first["after"] < 20
    assert second["after"] > second["before"]


@pytest.mark.parametrize("how", ["", "start_new_session=True"])
def test_a_process_that_was_started_stands_still(
    emulator: Emulator, make_function: MakeFunction, how: str
) -> None:
    """Also one in a session of its own; the next event finds it where it was."""
    code = f"""
        import subprocess, sys
        from names import name_of
        loop = "import time\\nwhile True: time.sleep(0.005)"
        child = subprocess.Popen([sys.executable, "-c", loop], {how})
        def handler(event, context): return [name_of(child.pid), child.poll()]
    """
    name = make_function({"app.py": code, "names.py": NAME_OF})
    child, ended = invoke(emulator.aws, name).payload
    assert ended is None
    until_frozen(child)
    assert [child, None] == invoke(emulator.aws, name).payload


def test_what_runs_at_init_goes_on_until_the_first_event_is_asked_for(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """Init is not cut short."""
    name = make_function(
        """
        import threading, time
        seen = []
        thread = threading.Thread(target=lambda: (time.sleep(0.2), seen.append("done")))
        thread.start()
        thread.join()
        def handler(event, context): return seen
        """
    )
    assert ["done"] == invoke(emulator.aws, name).payload


def test_a_frozen_environment_ends_with_its_function(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """An update leaves nothing that is stopped for ever."""
    code = "import os, names\ndef handler(event, context): return names.name_of(os.getpid())"
    name = make_function({"app.py": code, "names.py": NAME_OF})
    process = until_frozen(invoke(emulator.aws, name).payload)
    emulator.aws.lambda_.update_function_configuration(FunctionName=name, MemorySize=256)
    waiting.until(
        lambda: (not process.is_running() or None, "it is there"), "its end", timeout_s=20
    )


def test_a_pool_of_connections_notices_what_its_server_closed_meanwhile(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """A server that gives up on an idle connection is noticed by the next event, as on AWS."""
    code = """
        import os, socket, threading
        from names import name_of
        kept = []
        def handler(event, context):
            if not kept:
                server = socket.create_server(("127.0.0.1", 0))
                kept.append(socket.create_connection(server.getsockname()))
                kept.append(server.accept()[0])
                threading.Timer(0.05, kept[1].close).start()
                return name_of(os.getpid())
            kept[0].settimeout(5)
            return len(kept[0].recv(1))
    """
    name = make_function({"app.py": code, "names.py": NAME_OF})
    until_frozen(invoke(emulator.aws, name).payload)
    assert 0 == invoke(emulator.aws, name).payload
