"""One worker: a fresh process that becomes AWS's runtime client with the function on its path.

Forked from the zygote where that changes nothing for the function; where it could (the
function brings a module that the zygote has imported already, or sets a variable that Python
reads at its start, or the system is not Linux) the fork starts a new interpreter.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import os
import resource
import runpy
import signal
import sys
import time
import typing

import _lambda_extensions as extensions  # type: ignore[import-not-found]  # beside this file
import _lambda_isolation as isolation  # type: ignore[import-not-found]  # likewise
import _lambda_program as program  # type: ignore[import-not-found]  # likewise
import _lambda_root as root  # type: ignore[import-not-found]  # likewise
import _lambda_sandbox as sandbox  # type: ignore[import-not-found]  # likewise
import _lambda_wrapper as wrapper  # type: ignore[import-not-found]  # likewise

OWN_MODULES = (
    *("_lambda_worker", "_lambda_isolation", "_lambda_program", "_lambda_wire", "_lambda_kernel"),
    *("_lambda_root", "_lambda_sandbox", "_lambda_extensions", "_lambda_wrapper"),
)
# Read once, when an interpreter or the dynamic loader starts: a fork would ignore them.
START_VARIABLES = ("PYTHON", "LD_", "DYLD_", "MALLOC_", "GLIBC_")
# But the zygote of sandboxes was started with these.
STARTED_WITH = {"PYTHONPATH": root.RUNTIME, "LD_LIBRARY_PATH": root.LIBRARY_PATH}

# What a worker is to be: ``environment`` (every variable, complete), ``task_root``, ``path``
# (folders before the runtime's own), ``command`` (a program to be instead of Python's runtime
# client, with its arguments, or nothing), ``handler``, ``tmp`` (the machine's folder) and its
# ``tmp_mb``, ``uid`` (to become, None to stay who we are), ``preload`` (code to run before Python's
# client, or ""), ``fork`` (whether one will do), ``bytecode`` (the machine's folder for that of its
# modules, or ""), ``fresh`` (whether its modules are loaded from sources, whatever bytecode is
# there), ``mounts`` (pairs: the machine's folder or file, "" for an empty folder, and where a
# sandbox has it; none for a worker without a sandbox), ``extensions`` (programs that run beside
# it), ``wrapper`` (a program that is given the runtime's command, or "").
Spec = dict[str, typing.Any]


class Child(typing.NamedTuple):
    """A worker's topmost process.

    Attributes:
        pid: its id for us, its parent.
        name: its id for the machine.
        told: where its init says how the runtime ended; None for a worker without a sandbox.
    """

    pid: int
    name: int
    told: int | None

    def status(self, status: int) -> int:
        """How its runtime ended, as a wait status, where it ended itself with *status*."""
        if self.told is None:
            return status
        said = os.read(self.told, sandbox.NUMBER.size)
        os.close(self.told)
        return int(sandbox.NUMBER.unpack(said)[0]) if said else status


def start(spec: Spec, output: int, mounts: isolation.Mounts, control: int | None = None) -> Child:
    """Fork a worker.

    Args:
        spec: what it is to be.
        output: descriptor for the worker's standard output and error.
        mounts: limits the size of its temporary folder.
        control: descriptor of a socket to the emulator, where it has extensions.
    """
    parent = os.getpid()
    limited = mounts.limit(spec["tmp"], spec["tmp_mb"], spec["uid"] or 0)

    def live() -> None:
        os.setpgid(0, 0)
        leave_zygote(output, control=control)
        confine(spec, parent, limited=limited)
        if control is not None:
            extensions.run(spec, become_worker)
        become_worker(spec)

    pid = os.fork()
    if pid == 0:
        never_return(live)
    # Both sides set it, so that the group exists whichever runs first.
    with contextlib.suppress(PermissionError, ProcessLookupError):
        os.setpgid(pid, pid)
    return Child(pid, pid, None)


def start_in_sandbox(
    spec: Spec,
    output: int,
    mounts: isolation.Mounts,
    zygote: sandbox.Maker,
    control: int | None = None,
) -> Child:
    """Fork a worker's init, which makes its sandbox and starts the runtime in it; as `start`.

    Raises:
        OSError: there is no sandbox, or no temporary folder.
    """
    others = zygote.is_root and spec["uid"] is not None
    owner = spec["uid"] if others else os.geteuid()
    if not mounts.limit(spec["tmp"], spec["tmp_mb"], owner):
        raise OSError(f"{spec['tmp']} cannot be limited to {spec['tmp_mb']} MB")
    told, tells = os.pipe()

    def live() -> None:
        leave_zygote(output, tells, control)
        sandbox.tell_name()
        harden()
        sandbox.enter(spec, zygote)
        if control is not None:
            os.set_inheritable(sandbox.TOLD, False)  # noqa: FBT003 - its signature
            extensions.run(spec, become_runtime, sandbox.hide)
        runtime = os.fork()
        if runtime:
            sandbox.watch_over(runtime)
        become_runtime(spec)

    def become_runtime(spec: Spec) -> None:
        os.close(sandbox.TOLD)
        # Not a session of its own: the kernel would give each as much of the processors as the
        # whole emulator has (autogroups, sched(7)).
        os.setpgid(0, 0)
        become_worker(spec)

    pid = zygote.fork()
    if pid == 0:
        never_return(live)
    os.close(tells)
    said = os.read(told, sandbox.NUMBER.size)
    if not said:
        os.close(told)
        raise OSError("a sandbox ended while it was made; the log says why")
    return Child(pid, sandbox.NUMBER.unpack(said)[0], told)


def never_return(do: typing.Callable[[], None]) -> typing.NoReturn:
    """End this process with *do*, however that ends: nothing may return into the zygote's loop."""
    try:
        do()
        flush_and_exit(0)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        flush_and_exit(code)
    except BaseException:  # noqa: BLE001 - nothing may return into the zygote's loop
        sys.excepthook(*sys.exc_info())
        flush_and_exit(1)


def flush_and_exit(code: int) -> typing.NoReturn:
    """End this process without running the zygote's own clean-up."""
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code & 0xFF)


def harden() -> None:
    """What holds for every worker."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o022)
    if isolation.LINUX:
        isolation.prefer_as_victim()


def confine(spec: Spec, parent: int, *, limited: bool) -> None:
    """Take away what a function does not have on AWS, as far as that goes without a sandbox."""
    harden()
    if not limited:
        isolation.limit_file_size(spec["tmp_mb"])
    if spec["uid"] is not None:
        public = isolation.all_public(
            [*sys.path, spec["task_root"], *spec["path"], *spec["command"][:1]]
        )
        (isolation.become_user if public else isolation.become_reader)(spec["uid"])
    isolation.end_with_parent(parent)


def become_worker(spec: Spec) -> None:
    """Turn the fork into the function's process and run it."""
    os.chdir(spec["task_root"])
    if spec["wrapper"]:
        wrapper.become(spec)
    if spec["command"]:
        program.become(spec)
    sys.argv = ["awslambdaric", spec["handler"]]
    if must_exec(spec):
        run_in_new_interpreter(spec)
    os.environ.clear()
    os.environ.update(spec["environment"])
    time.tzset()
    sys.path[:0] = spec["path"]
    if spec["fresh"] or spec["bytecode"]:
        kept = f"/proc/self/fd/{sandbox.KEPT}" if spec["mounts"] else spec["bytecode"]
        place_bytecode(spec["task_root"], "" if spec["fresh"] else kept)
    for name in OWN_MODULES:
        sys.modules.pop(name, None)
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


def place_bytecode(task_root: str, folder: str) -> None:
    """Keep the bytecode of modules below *task_root*, which is read-only, in *folder*.

    The next environment of the same version then has nothing to compile. All else that is imported
    has its bytecode beside it.

    Where *folder* is empty, load them from their sources: Python takes bytecode for that of a
    source of the same size and second (PEP 3147), which one that is saved again may be.
    """
    external: typing.Any = importlib._bootstrap_external  # noqa: SLF001
    beside = external.cache_from_source

    def cache_from_source(path: str, *arguments: typing.Any, **options: typing.Any) -> str:
        cached: str = beside(path, *arguments, **options)
        if not path.startswith(task_root + os.sep):
            return cached
        if not folder:
            raise NotImplementedError  # how an importer learns that there is no bytecode
        return folder + cached

    external.cache_from_source = cache_from_source
    sys.dont_write_bytecode = not folder


def leave_zygote(output: int, tells: int | None = None, control: int | None = None) -> None:
    """Cut every tie to the zygote but the one that ends us with it, the pipe and the socket.

    They are `sandbox.TOLD` and `extensions.CONTROL` from now on.
    """
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    apart = None if control is None else fcntl.fcntl(control, fcntl.F_DUPFD, extensions.CONTROL + 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # which was the zygote's socket
    os.dup2(output, 1)
    os.dup2(output, 2)
    first = 3
    if tells is not None:
        os.dup2(tells, sandbox.TOLD)
        first = sandbox.TOLD + 1
    most = max(256, output + 1, (apart or 0) + 1)
    if apart is None:
        os.closerange(first, most)
    else:
        os.dup2(apart, extensions.CONTROL, inheritable=False)
        os.closerange(first, extensions.CONTROL)
        os.closerange(extensions.CONTROL + 1, most)


def must_exec(spec: Spec) -> bool:
    """Whether a fork of the zygote would behave unlike a fresh interpreter."""
    return bool(
        sys.platform != "linux"  # macOS: its system libraries do not survive a fork
        or not spec["fork"]
        or spec["preload"]  # a debugger, which traces from the start
        or any(
            name.startswith(START_VARIABLES)
            and not (spec["mounts"] and STARTED_WITH.get(name) == value)
            for name, value in spec["environment"].items()
        )
        or shadows(spec["path"])
    )


def shadows(path: list[str]) -> set[str]:
    """Names that the function brings and that the zygote has imported from elsewhere."""
    imported = {name.partition(".")[0] for name in sys.modules}
    brought = set()
    for folder in path:
        with contextlib.suppress(OSError):
            brought |= {entry.partition(".")[0] for entry in os.listdir(folder)}
    return imported & brought


def run_in_new_interpreter(spec: Spec) -> typing.NoReturn:
    """Replace this process by a new interpreter that runs the function. Does not return."""
    code = (
        "import runpy, sys; preload, handler, *sys.path[:1] = sys.argv[1:]; "
        "exec(preload); sys.argv = ['awslambdaric', handler]; "
        "runpy.run_module('awslambdaric', run_name='__main__', alter_sys=True)"
    )
    ignored = ["-B", "-X", "pycache_prefix=" + os.devnull] if spec["fresh"] else []
    command = [
        sys.executable,
        *ignored,
        "-c",
        code,
        spec["preload"],
        spec["handler"],
        *spec["path"],
    ]
    os.execve(sys.executable, command, spec["environment"])  # noqa: S606 - that is the point
