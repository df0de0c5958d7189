"""What a function can do to its surroundings; as root on Linux more is kept from it."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import requests

from targets import embedded
from testbed import waiting
from testbed.aws import Aws
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


@pytest.fixture(scope="module", params=["auto", "off"])
def emulator(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    """One whose functions have sandboxes, where this machine allows it, and one without."""
    folder = tmp_path_factory.mktemp("confined") / "emulator"
    with embedded.private(folder, LAMBDA_SANDBOX=request.param) as known:
        yield Emulator(Aws(endpoint=known.endpoint), known.endpoint, folder, known.pid)


@pytest.fixture
def sandboxed(emulator: Emulator) -> bool:
    """Whether functions have sandboxes."""
    said = requests.get(f"{emulator.endpoint}/_localstack/standalone", timeout=10).json()
    return bool(said["sandbox"]["sandboxed"])


def test_a_worker_is_not_root(
    emulator: Emulator, make_function: MakeFunction, *, sandboxed: bool
) -> None:
    """Where the emulator is root, a worker is a user of its own and cannot become root again."""
    name = make_function(
        """
        import os
        def handler(event, context):
            try:
                os.setuid(0)
            except OSError:  # in a user namespace there is no such user
                pass
            return [os.getuid(), os.geteuid(), os.getgid(), os.getgroups()]
        """
    )
    uid, effective, gid, groups = invoke(emulator.aws, name).payload
    if sandboxed:
        assert (993, 993, 990) == (uid, effective, gid)
        assert not AS_ROOT or [] == groups
    elif AS_ROOT:
        assert uid == effective == gid >= 1_700_000_000
        assert [] == groups
    else:
        assert (os.getuid(), os.geteuid()) == (uid, effective)


def test_the_task_root_is_read_only(
    emulator: Emulator, make_function: MakeFunction, *, sandboxed: bool
) -> None:
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
                except OSError as error:
                    seen.append(error.strerror)
            return seen
        """
    )
    refused = "Read-only file system" if sandboxed else "Permission denied"
    assert [refused, refused] == invoke(emulator.aws, name).payload


def test_temporary_space_is_limited(
    emulator: Emulator, make_function: MakeFunction, *, sandboxed: bool
) -> None:
    """The temporary folder takes the configured size, 512 MB by default, and no more."""
    name = make_function(FILL, Timeout=60, MemorySize=1024)
    assert 100 * MB == invoke(emulator.aws, name, 100).payload
    full = "No space left on device" if sandboxed or AS_ROOT else "File too large"
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
    name = functions.make(emulator.aws, "def handler(e, c): return e")
    invoke(emulator.aws, name)
    temporary = emulator.state_dir / "tmp"
    folders = [*temporary.glob("lambda-tmp-*"), *temporary.glob("lambda-root-*")]
    assert len(folders) >= 2
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
            subprocess.Popen(["sh", "-c", "sleep 300; true", event])
            signal.pause()
        """,
        Timeout=2,
    )
    token = f"child-{uuid.uuid4().hex}"

    def children() -> list[Path]:
        found = [each for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"]]
        return [Path(f"/proc/{each.pid}") for each in found if token in each.info["cmdline"]]

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(invoke, emulator.aws, name, token)
        started = waiting.until(lambda: (children() or None, "none"), "the child", timeout_s=20)
        assert "timed out" in answer.result().payload["errorMessage"]
    _until_gone(started)


def _until_gone(paths: list[Path]) -> None:
    def probe() -> tuple[bool | None, str]:
        left = [path for path in paths if path.exists()]
        return (None if left else True), f"{left} still there"

    waiting.until(probe, "everything gone", timeout_s=10)
