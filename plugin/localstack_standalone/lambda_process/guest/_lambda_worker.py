"""One worker: a fresh process that becomes AWS's runtime client with the function on its path.

Forked from the warm template where that changes nothing for the function; where it could (the
function brings a module that the template has imported already, or sets a variable that Python
reads at its start, or the system is not Linux) the fork starts a new interpreter.
"""

import contextlib
import ctypes
import os
import resource
import runpy
import signal
import sys
import time
import typing

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
OWN_MODULES = ("_lambda_worker",)
# Read once, when an interpreter or the dynamic loader starts: a fork would ignore them.
START_VARIABLES = ("PYTHON", "LD_", "DYLD_", "MALLOC_", "GLIBC_")


def start(spec: dict[str, typing.Any], output: int, control: int) -> int:
    """Fork a worker and return its process id.

    Args:
        spec: ``environment`` (every variable, complete), ``task_root``, ``path`` (folders before
            the runtime's own), ``handler``.
        output: descriptor for the worker's standard output and error.
        control: the template's socket, closed in the worker.
    """
    parent = os.getpid()
    pid = os.fork()
    if pid:
        # Both sides set it, so that the group exists whichever runs first.
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(pid, pid)
        return pid
    try:
        become_worker(spec, output, control, parent)
        flush_and_exit(0)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        flush_and_exit(code)
    except BaseException:  # noqa: BLE001 - nothing may return into the template's loop
        sys.excepthook(*sys.exc_info())
        flush_and_exit(1)


def flush_and_exit(code: int) -> typing.NoReturn:
    """End this process without running the template's own clean-up."""
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code & 0xFF)


def become_worker(spec: dict[str, typing.Any], output: int, control: int, parent: int) -> None:
    """Turn the fork into the function's process and run it."""
    leave_template(output, control, parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.chdir(spec["task_root"])
    sys.argv = ["awslambdaric", spec["handler"]]
    if must_exec(spec):
        run_in_new_interpreter(spec)
    os.environ.clear()
    os.environ.update(spec["environment"])
    time.tzset()
    sys.path[:0] = spec["path"]
    for name in OWN_MODULES:
        sys.modules.pop(name, None)
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


def leave_template(output: int, control: int, parent: int) -> None:
    """Cut every tie to the template but the one that ends us with it."""
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        prefer_as_victim()
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, max(256, control + 1, output + 1))


def prefer_as_victim() -> None:
    """Where memory runs out, the kernel shall kill a worker and never the emulator."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def must_exec(spec: dict[str, typing.Any]) -> bool:
    """Whether a fork of the warm template would behave unlike a fresh interpreter."""
    if sys.platform != "linux":  # macOS: its system libraries do not survive a fork
        return True
    if any(name.startswith(START_VARIABLES) for name in spec["environment"]):
        return True
    return bool(shadows(spec["path"]))


def shadows(path: list[str]) -> set[str]:
    """Names that the function brings and that the template has imported from elsewhere."""
    imported = {name.partition(".")[0] for name in sys.modules}
    brought = set()
    for folder in path:
        with contextlib.suppress(OSError):
            brought |= {entry.partition(".")[0] for entry in os.listdir(folder)}
    return imported & brought


def run_in_new_interpreter(spec: dict[str, typing.Any]) -> typing.NoReturn:
    """Replace this process by a new interpreter that runs the function. Does not return."""
    code = (
        "import runpy, sys; count = int(sys.argv[1]); "
        "sys.path[:1] = sys.argv[2:2 + count]; sys.argv = ['awslambdaric', sys.argv[2 + count]]; "
        "runpy.run_module('awslambdaric', run_name='__main__', alter_sys=True)"
    )
    path = spec["path"]
    command = [sys.executable, "-c", code, str(len(path)), *path, spec["handler"]]
    os.execve(sys.executable, command, spec["environment"])  # noqa: S606 - that is the point
