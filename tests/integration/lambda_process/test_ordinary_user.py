"""Sandboxes of an ordinary user of the machine, by its user namespaces alone."""

from __future__ import annotations

import concurrent.futures
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import DAEMON, FILLS_TMP, MakeFunction
from tests.support import functions, ordinary_user
from tests.support.functions import invoke

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has namespaces")

MB = 1024 * 1024


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One that does not start without sandboxes."""
    folder = tmp_path_factory.mktemp("ordinary") / "user"
    with ordinary_user.emulator(folder, LAMBDA_SANDBOX="require") as made:
        yield made


def test_it_is_no_roots_and_has_sandboxes(emulator: Emulator) -> None:
    """What is required is there; the user has no right that others have not."""
    said = requests.get(f"{emulator.endpoint}/_localstack/standalone", timeout=10).json()
    assert {"sandboxed": True, "why": "", "advice": ""} == said["sandbox"]
    process = psutil.Process(emulator.pid)
    assert 0 not in process.uids()
    status = Path(f"/proc/{emulator.pid}/status").read_text(encoding="utf-8")
    (rights,) = [line.split()[1] for line in status.splitlines() if line.startswith("CapEff")]
    assert 0 == int(rights, 16)


def test_a_function_has_awss_user_and_places(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """No capability, no home, nothing to write but /tmp, and nothing of the machine's."""
    name = make_function(
        """
        import os, sys, boto3
        def handler(event, context):
            with open("/proc/self/status") as lines:
                status = dict(line.split(":", 1) for line in lines)
            with open("/proc/self/uid_map") as lines:
                users = lines.read().split()
            try:
                open("/var/task/new", "w")
            except OSError as error:
                refused = error.strerror
            return {
                "ids": [os.getuid(), os.geteuid(), os.getgid()], "users": users,
                "rights": [int(status["Cap" + kind], 16) for kind in ("Inh", "Prm", "Eff", "Bnd")],
                "cwd": os.getcwd(), "file": __file__, "boto3": boto3.__file__,
                "home": os.path.exists(os.path.expanduser("~")), "refused": refused,
                "there": [each for each in event if os.path.exists(each)],
                "processes": sorted(int(each) for each in os.listdir("/proc") if each.isdigit()),
                "own": os.getpid(),
            }
        """
    )
    places = [str(emulator.state_dir), __file__, sys.executable, "/etc/hostname"]
    seen = invoke(emulator.aws, name, places).payload
    assert [993, 993, 990] == seen["ids"]
    assert ["993", "0", "1"] == seen["users"]  # the zygote's, who is nobody's root but its own
    assert [0] * 4 == seen["rights"]
    assert ("/var/task", "/var/task/app.py") == (seen["cwd"], seen["file"])
    assert seen["boto3"].startswith("/var/runtime/boto3/")
    assert (False, "Read-only file system", []) == (seen["home"], seen["refused"], seen["there"])
    assert [1, seen["own"]] == seen["processes"]


def test_tmp_has_the_configured_size(emulator: Emulator, make_function: MakeFunction) -> None:
    """Over all files together, and ENOSPC beyond."""
    name = make_function(FILLS_TMP)
    fills = [500 * MB, 5 * MB, 20 * MB]
    assert [2, "No space left on device", 512 * MB] == invoke(emulator.aws, name, fills).payload


def test_memory_of_children_counts(emulator: Emulator, make_function: MakeFunction) -> None:
    """A child that takes more than the function has ends it, as it does on AWS."""
    name = make_function(
        """
        import subprocess, sys
        TAKE = "held = bytearray(b'x') * ({0} * 1024 * 1024)"
        def handler(event, context):
            code = TAKE.format(event) + "\\nprint('held', flush=True)\\ninput()"
            with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as child:
                child.stdout.readline()
                if event > 128:
                    child.wait()
        """,
        Timeout=30,
        MemorySize=128,
    )
    within = invoke(emulator.aws, name, 16)
    assert within.error is None, within.payload
    beyond = invoke(emulator.aws, name, 200)
    assert "signal: killed" in beyond.payload["errorMessage"]
    assert "Error Type: Runtime.OutOfMemory" in beyond.log


def test_two_environments_see_nothing_of_each_other(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """The machine has one user for both: their namespaces keep files and processes apart."""
    name = make_function(
        """
        import os, pathlib, threading
        def handler(event, context):
            pathlib.Path("/tmp", event).write_text(event)
            threading.Event().wait(0.7)
            kinds = ("user", "mnt", "pid", "ipc")
            spaces = [os.readlink("/proc/self/ns/" + kind) for kind in kinds]
            seen = [each for each in os.listdir("/proc") if each.isdigit()]
            return {"tmp": os.listdir("/tmp"), "spaces": spaces, "processes": len(seen)}
        """
    )
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda event: invoke(emulator.aws, name, event).payload, "ab")
    assert (["a"], ["b"]) == (one["tmp"], two["tmp"])
    assert not set(one["spaces"]) & set(two["spaces"])
    assert (2, 2) == (one["processes"], two["processes"])


def test_nothing_outlives_the_stop(tmp_path: Path) -> None:
    """Neither a daemon of a function's nor a process, a mount or a folder of an environment."""
    token = f"daemon-{uuid.uuid4().hex}"
    with ordinary_user.emulator(tmp_path / "user", LAMBDA_SANDBOX="require") as made:
        invoke(made.aws, functions.make(made.aws, DAEMON), token)
        assert _running(token)
        family = [one.pid for one in psutil.Process(made.pid).children(recursive=True)]
        temporary = made.state_dir / "tmp"
    left = [pid for pid in family if psutil.pid_exists(pid)]
    assert [] == left == _running(token)
    assert [] == [*temporary.glob("lambda-*")]
    assert str(temporary) not in Path("/proc/self/mountinfo").read_text(encoding="utf-8")


def _running(token: str) -> list[int]:
    found = psutil.process_iter(["cmdline"])
    return [each.pid for each in found if token in (each.info["cmdline"] or [])]
