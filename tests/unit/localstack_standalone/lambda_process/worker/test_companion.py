"""What is said of extensions' processes, and who is told."""

from __future__ import annotations

import threading

from localstack_standalone.lambda_process.worker.companion import Companion
from localstack_standalone.lambda_process.worker.extensions import Extensions
from localstack_standalone.lambda_process.zygote.process import Exit


def test_what_is_said_is_passed_on() -> None:
    """Line by line, however it comes; the runtime is let go by one byte."""
    extensions = Extensions(["/opt/extensions/a"], threading.Condition(), lambda: None)
    ends: list[Exit] = []
    companion = Companion(extensions, ends.append)
    companion.start_runtime()
    assert b"!" == companion.theirs.recv(10)
    companion.theirs.send(b'{"runtime": 256}\n{"extension": "a",')
    assert companion.read()
    assert ([Exit(256, 0)], None) == (ends, extensions.fault)
    companion.theirs.send(b' "status": 768}\n')
    assert companion.read()
    assert extensions.fault is not None
    assert "exit status 3" == extensions.fault.why
    companion.theirs.close()
    assert not companion.read()
    companion.close()


def test_one_that_could_not_be_run() -> None:
    """Is told apart from one that ended."""
    extensions = Extensions(["/opt/extensions/a"], threading.Condition(), lambda: None)
    companion = Companion(extensions, lambda _exit: None)
    companion.theirs.send(b'{"extension": "a", "failed": "exec format error"}\n')
    companion.read()
    assert extensions.fault is not None
    assert "Extension.LaunchError" == extensions.fault.kind
    companion.close()
