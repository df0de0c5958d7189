"""What a function sees of the machine, and what it can do: as on AWS, from the kernel.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from __future__ import annotations

import concurrent.futures
import os
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import DAEMON, FILLS_TMP, MakeFunction
from tests.support.functions import invoke, zipped

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has namespaces")

MB = 1024 * 1024
STATUS = "/_localstack/standalone"
RUN = """
    def handler(event, context):
        found = {}
        exec(event, {"context": context, "found": found})
        return found
"""


@pytest.fixture
def run(emulator: Emulator, make_function: MakeFunction) -> Any:
    """Runs Python in a function and gives what it put into `found`."""
    name = make_function(RUN, Timeout=20)

    def inside(code: str) -> Any:
        answer = invoke(emulator.aws, name, code)
        assert answer.error is None, answer.payload
        return answer.payload

    return inside


def test_the_machine_allows_it(emulator: Emulator) -> None:
    """What follows is about sandboxes; without them the tests here would be about nothing."""
    assert {"sandboxed": True, "why": "", "advice": ""} == requests.get(
        emulator.endpoint + STATUS, timeout=10
    ).json()["sandbox"]


def test_a_function_is_awss_user_without_any_right(run: Any) -> None:
    """No capability, none to be had, and the user and group of AWS."""
    found = run(
        """
import grp, os, pwd
for line in open("/proc/self/status"):
    name, _, value = line.partition(":")
    found[name] = value.split()
found["user"] = pwd.getpwuid(os.getuid()).pw_name
found["home"] = os.path.exists(os.path.expanduser("~"))
"""
    )
    assert ["993"] * 4 == found["Uid"]
    assert ["990"] * 4 == found["Gid"]
    assert {0} == {int(found[f"Cap{kind}"][0], 16) for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")}
    assert ["1"] == found["NoNewPrivs"]
    assert ("sbx_user1051", False) == (found["user"], found["home"])


def test_it_sees_a_system_and_nothing_of_the_machine(run: Any, emulator: Emulator) -> None:
    """No home, no checkout, no state folder, no /tmp of others, no device but four, no shm."""
    (emulator.state_dir / "secret").write_text("x")
    places = [str(emulator.state_dir), str(Path(__file__).parent), str(Path.home() / ".bashrc")]
    found = run(
        f"""
import os
found["there"] = [place for place in {places!r} if os.path.exists(place)]
found["tmp"] = os.listdir("/tmp")
found["dev"] = sorted(os.listdir("/dev"))
found["empty"] = [os.listdir(each) for each in ("/home", "/root", "/mnt", "/run", "/srv", "/sys")]
found["null"] = open("/dev/null").read()
found["random"] = len(open("/dev/urandom", "rb").read(8))
"""
    )
    assert [] == found["there"] == found["tmp"]
    devices = ["fd", "full", "null", "random", "stderr", "stdin", "stdout", "urandom", "zero"]
    assert devices == found["dev"]
    assert [[]] * 6 == found["empty"]
    assert ("", 8) == (found["null"], found["random"])


def test_nothing_can_be_written_but_in_tmp(run: Any) -> None:
    """Everything else is a read-only file system, and says so."""
    found = run(
        """
import os
for folder, folders, files in os.walk("/"):
    if folder in ("/proc", "/tmp"):
        folders[:] = []
    for each in (folder, *(os.path.join(folder, name) for name in files)):
        if not os.path.islink(each) and os.access(each, os.W_OK) and not each.startswith("/dev/"):
            found[each] = True
for each in ("/new", "/var/task/new", "/var/task/app.py", "/opt/new", "/usr/new", "/etc/passwd"):
    try:
        open(each, "w")
    except OSError as error:
        found.setdefault(error.strerror, []).append(each)
"""
    )
    assert {"/tmp"} | {"Read-only file system"} == set(found)  # noqa: S108 - the function's
    assert 6 == len(found["Read-only file system"])


def test_its_code_is_where_aws_has_it(run: Any) -> None:
    """LAMBDA_TASK_ROOT, the working folder, the search path, the runtime and the interpreter."""
    found = run(
        """
import os, sys, awslambdaric, boto3, json
found.update(
    cwd=os.getcwd(), path=sys.path, python=sys.executable, prefix=sys.prefix,
    files=sorted(os.listdir("/var/task")), client=awslambdaric.__file__, boto3=boto3.__file__,
    json=json.__file__, opt=os.listdir("/opt"),
)
"""
    )
    assert "/var/task" == found["cwd"] == found["path"][0]
    version = "python{}.{}".format(*sys.version_info)
    assert f"/var/lang/bin/{version}" == found["python"]
    assert [f"/opt/python/lib/{version}/site-packages", "/opt/python", "/var/runtime"] == [
        each for each in found["path"] if each.startswith(("/opt", "/var/runtime"))
    ]
    assert ["app.py"] == found["files"]
    assert found["client"].startswith("/var/runtime/awslambdaric/")
    assert found["boto3"].startswith("/var/runtime/boto3/")
    assert [] == found["opt"]


def test_its_variables_are_awss_and_no_others(run: Any) -> None:
    """Those that AWS sets, at AWS's places, and what leads to the emulator in AWS's stead."""
    found = run("import os; found.update(os.environ)")
    assert {
        "LAMBDA_TASK_ROOT": "/var/task",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "PWD": "/var/task",
        "SHLVL": "0",
        "PYTHONPATH": "/var/runtime",
        "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    }.items() <= found.items()
    assert found["LD_LIBRARY_PATH"].startswith("/var/lang/lib:")
    ours = {name for name in found if not name.startswith(("AWS_", "_AWS_"))}
    assert ours == {
        *("LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "PWD", "SHLVL", "PYTHONPATH", "PATH"),
        *("LD_LIBRARY_PATH", "LANG", "TZ", "_HANDLER", "_X_AMZN_TRACE_ID"),
    }


def test_a_new_interpreter_finds_the_same(run: Any) -> None:
    """What a function starts has AWS's paths too, and boto3."""
    found = run(
        """
import subprocess, sys
code = "import boto3, ssl, sys; print(boto3.__file__, sys.prefix)"
found["said"] = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
"""
    )
    assert "/var/runtime/boto3/__init__.py /var/lang" == found["said"].strip().replace(
        " /usr", " /var/lang"
    )


def test_layers_are_at_opt(emulator: Emulator, make_function: MakeFunction) -> None:
    """Merged, their programs on PATH, their libraries on the loader's path."""
    files = {"bin/greet": "#!/bin/sh\necho hello\n", "python/own.py": "x = 1"}
    layer = emulator.aws.lambda_.publish_layer_version(
        LayerName="tools", Content={"ZipFile": zipped(files, ["bin/greet"])}
    )
    name = make_function(
        """
        import os, own, subprocess
        def handler(event, context):
            return [own.__file__, subprocess.run(["greet"], capture_output=True).stdout.decode(),
                    sorted(os.listdir("/opt"))]
        """,
        Layers=[layer["LayerVersionArn"]],
    )
    expected = ["/opt/python/own.py", "hello\n", ["bin", "python"]]
    assert expected == invoke(emulator.aws, name).payload


def test_its_processes_are_all_that_it_sees(run: Any) -> None:
    """Process 1 is the sandbox's; the function's own can be ended by a signal, and is not it."""
    found = run(
        """
import os
found["pids"] = sorted(int(each) for each in os.listdir("/proc") if each.isdigit())
found["own"] = os.getpid()
try:
    os.kill(1, 9)
except OSError as error:
    found["kill"] = error.strerror
try:
    open("/proc/1/environ").read()
except OSError as error:
    found["environ"] = error.strerror
"""
    )
    assert [1, found["own"]] == found["pids"]
    assert 1 < found["own"]
    assert "Permission denied" == found["environ"]


def test_it_can_end_itself_by_any_signal(emulator: Emulator, make_function: MakeFunction) -> None:
    """As AWS words it; a process 1 would ignore it."""
    name = make_function("import os\ndef handler(e, c): os.kill(os.getpid(), e)")
    for number, word in ((9, "killed"), (15, "terminated"), (11, "segmentation fault")):
        assert f"signal: {word}" in invoke(emulator.aws, name, number).payload["errorMessage"]
    name = make_function("import os\ndef handler(e, c): os._exit(3)")
    assert "exit status 3" in invoke(emulator.aws, name).payload["errorMessage"]


def test_it_gets_no_namespace_and_no_mount(run: Any) -> None:
    """What made the sandbox cannot be used to get out of it."""
    found = run(
        """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for name, flag in (("user", 0x10000000), ("mount", 0x20000), ("pid", 0x20000000)):
    found[name] = libc.unshare(flag)
found["umount"] = libc.umount2(b"/var/task", 2)
found["remount"] = libc.mount(b"none", b"/var/task", None, 0x1020, None)
found["tmpfs"] = libc.mount(b"x", b"/tmp", b"tmpfs", 0, None)
"""
    )
    assert {-1} == set(found.values())


def test_limits_are_those_of_aws(run: Any) -> None:
    """1024 descriptors, 1024 processes, no core file."""
    found = run(
        """
import resource
for name in ("NOFILE", "NPROC", "CORE"):
    found[name] = resource.getrlimit(getattr(resource, "RLIMIT_" + name))
"""
    )
    assert {"NOFILE": [1024, 1024], "NPROC": [1024, 1024], "CORE": [0, 0]} == found


def test_processes_beyond_the_limit_are_refused(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """Counted for this environment alone, whatever else its user runs."""
    name = make_function(
        """
        import os
        def handler(event, context):
            started = []
            try:
                while len(started) < 1100:
                    started.append(os.posix_spawn("/bin/sleep", ["sleep", "60"], {}))
            except OSError as error:
                return [error.strerror, len(started)]
        """,
        MemorySize=10240,
        Timeout=60,
    )
    why, started = invoke(emulator.aws, name).payload
    assert "Resource temporarily unavailable" == why
    assert 900 < started < 1024


@pytest.mark.parametrize("size_mb", [512, 700])
def test_tmp_has_the_configured_size(
    emulator: Emulator, make_function: MakeFunction, size_mb: int
) -> None:
    """As much as was configured, and ENOSPC beyond, over all files together."""
    name = make_function(FILLS_TMP, MemorySize=256, EphemeralStorage={"Size": size_mb})
    fills = [(size_mb - 20) * MB, 10 * MB, 20 * MB]
    expected = [2, "No space left on device", size_mb * MB]
    assert expected == invoke(emulator.aws, name, fills).payload


def test_tmp_is_nobody_elses(emulator: Emulator, make_function: MakeFunction) -> None:
    """Two environments of one function at once, and another function's: each has its own."""
    code = """
        import os, pathlib, threading
        def handler(event, context):
            pathlib.Path("/tmp", event).write_text(event)
            threading.Event().wait(0.7)
            return [os.listdir("/tmp"), os.stat("/tmp").st_mode & 0o777]
    """
    names = [make_function(code), make_function(code)]
    events = [(names[0], "a"), (names[0], "b"), (names[1], "c")]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        seen = list(pool.map(lambda each: invoke(emulator.aws, *each).payload, events))
    assert [[["a"], 0o700], [["b"], 0o700], [["c"], 0o700]] == seen


def test_a_daemon_ends_with_the_environment(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """A process that left its parent, its session and its group outlives the handler, not more."""
    token = f"daemon-{os.getpid()}-{os.urandom(4).hex()}"
    name = make_function(DAEMON)
    invoke(emulator.aws, name, token)

    def running() -> list[psutil.Process]:
        return [each for each in psutil.process_iter(["cmdline"]) if token in _command(each)]

    waiting.until(lambda: (running() or None, "no daemon"), "the daemon", timeout_s=10)
    # An update ends it, as a deletion would.
    emulator.aws.lambda_.update_function_configuration(FunctionName=name, Description="new")
    waiting.until(lambda: (not running() or None, "it is there"), "the daemon's end", timeout_s=10)


def test_memory_counts_for_all_of_it(emulator: Emulator, make_function: MakeFunction) -> None:
    """Daemons too: what left the function's process tree is within the environment's limit."""
    name = make_function(
        """
        import os, time
        def handler(event, context):
            for _ in range(2):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        held = bytearray(b"x") * (event * 1024 * 1024)
                        time.sleep(60)
                    os._exit(0)
                os.wait()
            time.sleep(5)
            return "lived"
        """,
        MemorySize=128,
        Timeout=15,
    )
    answer = invoke(emulator.aws, name, 400)
    assert "signal: killed" in answer.payload["errorMessage"]
    assert "Runtime.OutOfMemory" in answer.log


def test_no_two_environments_share_a_user(emulator: Emulator, make_function: MakeFunction) -> None:
    """Where the emulator is root each is another user of the machine; elsewhere, a namespace."""
    name = make_function(
        """
        import os, time
        def handler(event, context):
            time.sleep(0.7)
            return [open("/proc/self/uid_map").read().split(), os.readlink("/proc/self/ns/user")]
        """
    )
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: invoke(emulator.aws, name).payload, range(2))
    assert one[1] != two[1]
    assert ["993", "1"] == [one[0][0], one[0][2]]
    if os.geteuid() == 0:
        assert one[0][1] != two[0][1]


def test_a_sandbox_has_namespaces_of_its_own(run: Any) -> None:
    """User, mount, PID, IPC and UTS; a host name of AWS's kind. The network is the machine's."""
    found = run(
        """
import os, socket
for name in os.listdir("/proc/self/ns"):
    found[name] = os.readlink("/proc/self/ns/" + name)
found["host"] = socket.gethostname()
"""
    )
    own = {path.name: str(path.readlink()) for path in Path("/proc/self/ns").iterdir()}
    same = {
        name for name in ("user", "mnt", "pid", "ipc", "uts", "net") if own[name] == found[name]
    }
    assert {"net"} == same
    assert found["host"].startswith("169.254.")


def _command(process: psutil.Process) -> str:
    return " ".join(process.info["cmdline"] or [])
