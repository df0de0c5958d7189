"""The command beside an emulator: its status comes back, and signals reach it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack_standalone import child_command

# Runs a command as `exec` does, in a process of its own, which can be sent signals.
RUNNER = """
import os, sys
from localstack_standalone import child_command
sys.exit(child_command.run(sys.argv[1:], os.environ))
"""
# The same, and a signal comes as soon as the command is a process, before anybody knows of it.
HASTY = f"""
import os, signal, subprocess
class Popen(subprocess.Popen):
    def __init__(self, *words, **more):
        super().__init__(*words, **more)
        os.kill(os.getpid(), signal.SIGTERM)
subprocess.Popen = Popen
{RUNNER}
"""
# Says that it is there, and how it was ended.
PATIENT = """
import signal, sys, time
def answer(number, frame):
    print("got", number, flush=True)
    sys.exit(7)
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, answer)
print("ready", flush=True)
signal.pause()
"""


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.mark.parametrize("status", [0, 1, 5, 125])
def test_the_exit_status_is_the_commands(status: int) -> None:
    """A CI job sees what the tests said."""
    assert status == child_command.run(_python(f"raise SystemExit({status})"), os.environ)


def test_one_that_a_signal_ended_has_a_shells_status() -> None:
    """128 and the signal's number, as `$?` would have it."""
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert 128 + signal.SIGKILL == child_command.run(_python(code), os.environ)


def test_a_command_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """127, as in a shell."""
    assert 127 == child_command.run(["no-such-command"], os.environ)
    assert "no-such-command could not be run: No such file" in capsys.readouterr().err


def test_one_that_is_no_program_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """126, as in a shell."""
    (tmp_path / "text").write_text("not a program")
    assert 126 == child_command.run([str(tmp_path / "text")], os.environ)
    assert "Permission denied" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_the_commands_to_answer(number: signal.Signals) -> None:
    """Sent to us alone it is passed on, and we wait for what the command makes of it."""
    with _running(RUNNER, *_python(PATIENT)) as ours:
        assert ours.stdout is not None
        assert "ready\n" == ours.stdout.readline()
        ours.send_signal(number)
        assert f"got {int(number)}\n" == ours.stdout.readline()
        assert 7 == ours.wait(10)


def test_a_signal_that_comes_while_the_command_starts_is_not_lost() -> None:
    """Nor does it end us, with a command that nobody waits for."""
    with _running(HASTY, *_python("import signal; signal.pause()")) as ours:
        assert 128 + signal.SIGTERM == ours.wait(10)


@contextlib.contextmanager
def _running(code: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A Python that runs *code*; it ends with the block, and so does what it started."""
    ours = subprocess.Popen(
        [*_python(code), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    )
    with ours:
        try:
            yield ours
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(ours.pid, signal.SIGKILL)
