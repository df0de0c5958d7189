"""`make dev` and `make debug` on a private testbed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import bootstrap
from image_resize import handler
from infra import package
from localstack_standalone.launcher import ports
from scripts import dev, provision
from testbed import names, settings, waiting
from tests.support import functions
from tests.support.debug_client import DebugClient
from tests.support.testbeds import ProvisionedTestbed

HANDLER = package.SOURCE / "image_resize" / "handler.py"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of lambda/ that a test may edit."""
    tmp_path.chmod(0o777)
    copy = shutil.copytree(package.SOURCE, tmp_path / "lambda")
    monkeypatch.setattr(package, "SOURCE", copy)
    return copy


@pytest.fixture
def debugging(private_testbed: ProvisionedTestbed) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`make debug` under way, and its port."""
    assert 0 == bootstrap.main(["debug"])  # type: ignore[no-untyped-call]  # runs on any Python 3
    port = ports.free_port()
    environment = os.environ | {
        "STATE_DIR": str(private_testbed.state_dir),
        "TARGET": "embedded",
        "DEBUG_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.debug"],
        cwd=settings.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, port
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()


def test_a_saved_file_runs_at_the_next_invocation(
    private_testbed: ProvisionedTestbed, source: Path
) -> None:
    """After `make dev`, what is saved in lambda/ runs next; `make provision` ends that."""
    aws = private_testbed.aws
    dev.switch(aws, dev.make_folder(private_testbed.state_dir / "dev"))
    event = {"key": "nothing.png"}
    assert "NOT_FOUND" == functions.invoke(aws, names.FUNCTION, event).payload["error"]
    file = source / "image_resize" / "handler.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text + "\n\ndef handler(event, context):\n    return 'saved'\n", encoding="utf-8"
    )
    assert "saved" == functions.invoke(aws, names.FUNCTION, event).payload
    file.write_text(text, encoding="utf-8")
    provision.provision(aws, "embedded")
    found = aws.lambda_.get_function(FunctionName=names.FUNCTION)["Configuration"]
    assert "hot-reloading-hash-not-available" != found["CodeSha256"]
    assert "NOT_FOUND" == functions.invoke(aws, names.FUNCTION, event).payload["error"]


def test_a_file_that_is_no_python_is_named_with_its_line(
    private_testbed: ProvisionedTestbed, source: Path
) -> None:
    """What `make process` says last: the file and the line, and no JSON."""
    dev.switch(private_testbed.aws, dev.make_folder(private_testbed.state_dir / "dev"))
    file = source / "image_resize" / "handler.py"
    text = file.read_text(encoding="utf-8")
    line = text[: text.index("def handler(")].count("\n") + 1
    file.write_text(text.replace("def handler(", "def handler((", 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "scripts.process", "--image", "samples/club2.png"],
        cwd=settings.ROOT,
        env=os.environ | {"STATE_DIR": str(private_testbed.state_dir), "TARGET": "embedded"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert 1 == done.returncode
    told = "failed at Lambda: Runtime.UserCodeSyntaxError: Syntax error in module"
    _, _, last = " ".join(done.stdout.split()).partition(told)
    assert last.endswith(f"(handler.py, line {line})"), done.stdout
    assert "{" not in last


def test_an_editor_stops_the_function_at_a_breakpoint(
    debugging: tuple[subprocess.Popen[str], int],
) -> None:
    """The function waits for the editor, stops where it says, and goes on to its result."""
    process, port = debugging
    client = _attach(port)
    client.attach_with_breakpoint(str(HANDLER), _first_line())
    stopped = client.wait_for("event", "stopped")
    assert "breakpoint" == stopped["body"]["reason"]
    client.go_on(stopped["body"]["threadId"])
    output, _ = process.communicate(timeout=60)
    client.close()
    assert '"resized_key": "thumb-club2.png"' in output


def test_a_debugger_that_is_called_off_leaves_nothing(
    private_testbed: ProvisionedTestbed, debugging: tuple[subprocess.Popen[str], int]
) -> None:
    """Ctrl-C while the function waits ends it, and the function is configured as it was."""
    process, port = debugging
    _attach(port).close()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    waiting.until(lambda: _refused(port), "the debugger's end", timeout_s=20)
    found = private_testbed.aws.lambda_.get_function_configuration(FunctionName=names.FUNCTION)
    assert {"ORIGINAL_BUCKET", "RESIZED_BUCKET"} == set(found["Environment"]["Variables"])


def _first_line() -> int:
    """Number of the first line that the handler runs."""
    code = handler.handler.__code__
    return next(line for *_, line in code.co_lines() if line and line > code.co_firstlineno)


def _attach(port: int) -> DebugClient:
    def probe() -> tuple[DebugClient | None, str]:
        return DebugClient(port), ""

    return waiting.until(
        probe, "the debugger", timeout_s=60, retry_on=(ConnectionRefusedError, TimeoutError)
    )


def _refused(port: int) -> tuple[bool | None, str]:
    try:
        DebugClient(port).close()
    except OSError:
        return True, ""
    return None, "it still listens"
