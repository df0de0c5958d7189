"""What a function can do to its surroundings; as root on Linux more is kept from it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support import functions
from tests.support.functions import invoke

AS_ROOT = sys.platform == "linux" and os.geteuid() == 0
MB = 1024 * 1024

FILL = """
    import os, tempfile
    def handler(event, context):
        path = os.path.join(tempfile.gettempdir(), "big")
        try:
            with open(path, "wb") as file:
                for _ in range(event):
                    file.write(bytes(1024 * 1024))
        except OSError as error:
            return error.strerror
        return os.path.getsize(path)
"""


def test_a_worker_is_not_root(emulator: Emulator, make_function: MakeFunction) -> None:
    """Where the emulator is root, a worker is a user of its own and cannot become root again."""
    name = make_function(
        """
        import os
        def handler(event, context):
            try:
                os.setuid(0)
            except PermissionError:
                pass
            return [os.getuid(), os.geteuid(), os.getgid(), os.getgroups()]
        """
    )
    uid, effective, gid, groups = invoke(emulator.aws, name).payload
    if AS_ROOT:
        assert uid == effective == gid >= 1_700_000_000
        assert [] == groups
    else:
        assert (os.getuid(), os.geteuid()) == (uid, effective)


def test_the_task_root_is_read_only(emulator: Emulator, make_function: MakeFunction) -> None:
    """Neither can a file be added beside the code nor the code be changed."""
    name = make_function(
        """
        import pathlib
        def handler(event, context):
            seen = []
            for path in ("new.txt", "app.py"):
                try:
                    pathlib.Path(path).write_text("x")
                    seen.append("written")
                except PermissionError:
                    seen.append("refused")
            return seen
        """
    )
    assert ["refused", "refused"] == invoke(emulator.aws, name).payload


def test_temporary_space_is_limited(emulator: Emulator, make_function: MakeFunction) -> None:
    """The temporary folder takes the configured size, 512 MB by default, and no more."""
    name = make_function(FILL, Timeout=60, MemorySize=1024)
    assert 100 * MB == invoke(emulator.aws, name, 100).payload
    full = "No space left on device" if AS_ROOT else "File too large"
    assert full == invoke(emulator.aws, name, 520).payload


def test_temporary_files_stay_with_the_environment(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """What an invocation leaves in the folder the next one finds, after a crash too."""
    name = make_function(
        """
        import os, pathlib, tempfile
        def handler(event, context):
            kept = pathlib.Path(tempfile.gettempdir(), "kept")
            before = kept.read_text() if kept.exists() else ""
            kept.write_text(before + event)
            if event == "b":
                os._exit(1)
            return before
        """
    )
    assert "" == invoke(emulator.aws, name, "a").payload
    assert "Runtime.ExitError" == invoke(emulator.aws, name, "b").payload["errorType"]
    assert "ab" == invoke(emulator.aws, name, "c").payload


def test_an_environment_leaves_no_folder(emulator: Emulator) -> None:
    """When a function is deleted, its temporary folder and its code are removed."""
    name = functions.make(
        emulator.aws,
        "import os, tempfile\n"
        "def handler(e, c): return [tempfile.gettempdir(), os.environ['LAMBDA_TASK_ROOT']]",
    )
    folders = [Path(folder) for folder in invoke(emulator.aws, name).payload]
    assert [True, True] == [folder.exists() for folder in folders]
    emulator.aws.lambda_.delete_function(FunctionName=name)
    _until_gone(folders)


def test_a_worker_dies_before_the_emulator(emulator: Emulator, make_function: MakeFunction) -> None:
    """When memory runs out, the kernel takes a worker first."""
    name = make_function(
        "def handler(e, c):\n    return int(open('/proc/self/oom_score_adj').read())"
        if sys.platform == "linux"
        else "def handler(e, c): return 1000"
    )
    assert 1000 == invoke(emulator.aws, name).payload


def test_children_of_a_worker_end_with_it(emulator: Emulator, make_function: MakeFunction) -> None:
    """A process that a function started does not outlive a timeout."""
    name = make_function(
        """
        import signal, subprocess
        def handler(event, context):
            child = subprocess.Popen(["sleep", "300"])
            print("child", child.pid, flush=True)
            signal.pause()
        """,
        Timeout=1,
    )
    answer = invoke(emulator.aws, name)
    (line,) = [line for line in answer.log.splitlines() if line.startswith("child ")]
    _until_gone([Path("/proc", line.split()[1])])


def _until_gone(paths: list[Path]) -> None:
    def probe() -> tuple[bool | None, str]:
        left = [path for path in paths if path.exists()]
        return (None if left else True), f"{left} still there"

    waiting.until(probe, "everything gone", timeout_s=10)
