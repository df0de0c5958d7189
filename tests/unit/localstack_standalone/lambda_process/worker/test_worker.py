"""A worker's host side, against a process that the tests play themselves."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from localstack_standalone.lambda_process.worker import logs, worker
from localstack_standalone.lambda_process.worker.ends import EndedError, OutOfTimeError, Result
from localstack_standalone.lambda_process.worker.runtime_api import Event
from localstack_standalone.lambda_process.worker.worker import Worker
from localstack_standalone.lambda_process.worker.worker_state import WorkerState
from localstack_standalone.lambda_process.zygote.process import (
    Exit,
    RunningWorker,
    WorkerSpec,
    ZygoteProcess,
)
from localstack_standalone.lambda_process.zygote.zygotes import Zygote
from testbed import waiting

EVENT = Event("r-1", b"{}", "arn", "trace")


class Player:
    """Plays a zygote whose workers are processes that sleep."""

    ended = False

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        self.on_exit: Callable[[Exit], None] = lambda _exit: None
        self.deaf = False
        self.sandboxed = False
        self.spec: WorkerSpec | None = None

    def start_worker(
        self,
        spec: WorkerSpec,
        _output: int,
        on_exit: Callable[[Exit], None],
        _control: int | None = None,
    ) -> RunningWorker:
        self.spec, self.on_exit = spec, on_exit
        return RunningWorker(self.process.pid, cast("ZygoteProcess", self))

    def tell(self, _message: object) -> None:
        self.process.kill()
        self.process.wait()
        if not self.deaf:
            self.on_exit(Exit(9, 0))


@pytest.fixture
def player() -> Iterator[Player]:
    made = Player()
    yield made
    made.process.kill()
    made.process.wait()


@pytest.fixture
def made(player: Player) -> Worker:
    """A worker whose function is loaded."""
    environment = {"NAME": "value", "AWS_LAMBDA_RUNTIME_API": "elsewhere"}
    spec = WorkerSpec(environment, "/", [], "app.handler", "/", 512)
    log = logs.LogStream(lambda *_: None)
    return Worker(cast("Zygote", player), spec, log, 1 << 40)


def take_event(made: Worker, *, is_there: bool = True) -> threading.Thread:
    """Ask for the next event, as the runtime client does."""
    asking = threading.Thread(target=made.next_invocation, args=[lambda: is_there], daemon=True)
    asking.start()
    return asking


def test_a_worker_is_told_its_own_runtime_api(made: Worker, player: Player) -> None:
    """A function cannot be configured to speak to another."""
    assert player.spec is not None
    api = player.spec.environment.pop("AWS_LAMBDA_RUNTIME_API")
    assert api.startswith("127.0.0.1:")
    assert {"NAME": "value"} == player.spec.environment
    made.kill()


def test_an_answer_is_the_events(made: Worker) -> None:
    """What the function returns for the event that it was given, and for no other."""
    take_event(made)
    results = []
    calling = threading.Thread(target=lambda: results.append(made.invoke(EVENT, 10)))
    calling.start()
    waiting.until(lambda: (made.state is WorkerState.BUSY or None, ""), "busy", timeout_s=5)
    assert not made.responded("another", b"1")
    assert made.responded("r-1", b"1")
    assert not made.responded("r-1", b"2")
    calling.join(5)
    assert [Result(b"1", is_error=False)] == results
    made.kill()


def test_an_event_is_not_given_to_a_runtime_that_is_gone(made: Worker, player: Player) -> None:
    """Its end is told a moment later; nobody has seen the event until then."""
    asking = take_event(made, is_there=False)
    threading.Timer(0.2, player.tell, [{}]).start()
    with pytest.raises(EndedError) as ended:
        made.invoke(EVENT, 10)
    assert ended.value.untouched
    asking.join(5)
    made.kill()


def test_a_runtime_that_says_no_more_has_its_event(made: Worker) -> None:
    """It has shut its side of the connection alone: its end is not told."""
    take_event(made, is_there=False)
    calling = threading.Thread(target=made.invoke, args=[EVENT, 10])
    calling.start()
    waiting.until(lambda: (made.state is WorkerState.BUSY or None, ""), "busy", timeout_s=5)
    assert made.responded("r-1", b"1")
    calling.join(5)
    made.kill()


def test_an_answer_after_the_deadline_is_none(made: Worker) -> None:
    """The invocation has timed out, whatever comes while its worker is being killed."""
    take_event(made)
    with pytest.raises(OutOfTimeError):
        made.invoke(EVENT, 0.2)
    assert not made.responded("r-1", b"1")
    assert not made.errored("r-1", b"1", "")
    made.kill()
    assert WorkerState.ENDED is made.state


def test_nothing_is_written_to_a_descriptor_that_is_anothers_by_now(
    made: Worker, player: Player
) -> None:
    """An exit that is told late finds closed ends, and not the files that have their numbers."""
    player.deaf = True
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(worker, "KILLED_WITHIN_S", 0.1)
        made.kill()
    strangers = [socket.socketpair() for _ in range(20)]
    player.on_exit(Exit(9, 0))
    made.responded("r-1", b"1")
    ends = [end for pair in strangers for end in pair]
    for end in ends:
        end.settimeout(0)
        with pytest.raises(BlockingIOError):
            end.recv(1)
    for end in ends:
        end.close()


def test_a_kill_that_does_not_work_is_told(
    made: Worker, player: Player, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that the system holds on to is named, rather than forgotten in silence."""
    player.deaf = True
    monkeypatch.setattr(worker, "KILLED_WITHIN_S", 0.1)
    made.kill()
    assert str(player.process.pid) in caplog.text


def test_a_death_before_the_event_was_taken_is_told_apart(made: Worker, player: Player) -> None:
    """The event can be run elsewhere: no one has seen it."""
    player.process.kill()
    player.process.wait()
    player.on_exit(Exit(9, 0))
    with pytest.raises(EndedError) as caught:
        made.invoke(EVENT, 5)
    assert caught.value.untouched
    made.kill()


def test_more_descriptors_than_select_can_bear(player: Player, tmp_path: Path) -> None:
    """A server with many connections can start workers still."""
    with contextlib.ExitStack() as many:
        for number in range(1100):
            many.enter_context((tmp_path / str(number)).open("wb"))
        spec = WorkerSpec({}, "/", [], "app.handler", "/", 512)
        log = logs.LogStream(lambda *_: None)
        made = Worker(cast("Zygote", player), spec, log, 1 << 40)
        with (tmp_path / "last").open("wb") as last:
            assert last.fileno() > 1024
        take_event(made)
        with pytest.raises(OutOfTimeError):
            made.invoke(EVENT, 0.1)
        made.kill()
    assert os.path.exists(tmp_path)  # noqa: PTH110 - the files are gone with their stack
