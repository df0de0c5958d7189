"""One worker: a fresh process that becomes AWS's runtime client with the function on its path.

Forked from the zygote where that changes nothing for the function; where it could (the
function brings a module that the zygote has imported already, or sets a variable that Python
reads at its start, or the system is not Linux) the fork starts a new interpreter.
"""

import contextlib
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
import _lambda_wrapper as wrapper  # type: ignore[import-not-found]  # likewise

OWN_MODULES = (
    *("_lambda_worker", "_lambda_isolation", "_lambda_wire", "_lambda_program"),
    *("_lambda_extensions", "_lambda_wrapper"),
)
# Read once, when an interpreter or the dynamic loader starts: a fork would ignore them.
START_VARIABLES = ("PYTHON", "LD_", "DYLD_", "MALLOC_", "GLIBC_")


def start(
    spec: dict[str, typing.Any],
    output: int,
    mounts: isolation.Mounts,
    control: int | None = None,
) -> int:
    """Fork a worker and return its process id.

    Args:
        spec: ``environment`` (every variable, complete), ``task_root``, ``path`` (folders before
            the runtime's own), ``command`` (a program to be instead of Python's runtime client,
            with its arguments, or nothing), ``handler``, ``tmp`` and its ``tmp_mb``, ``uid`` (to
            become, None to stay who we are), ``preload`` (code before Python's client, or ""),
            ``fork`` (whether one will do), ``bytecode`` (folder for that of its modules, or ""),
            ``fresh`` (whether its modules are loaded from sources, whatever bytecode is there),
            ``extensions`` (programs that run beside it), ``wrapper`` (a program that is given the
            runtime's command, or "").
        output: descriptor for the worker's standard output and error.
        mounts: limits the size of its temporary folder.
        control: descriptor of a socket to the emulator, where it has extensions.
    """
    parent = os.getpid()
    limited = mounts.limit(spec["tmp"], spec["tmp_mb"], spec["uid"] or 0)
    pid = os.fork()
    if pid:
        # Both sides set it, so that the group exists whichever runs first.
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(pid, pid)
        return pid
    try:
        kept = leave_zygote(output, control)
        confine(spec, parent, limited=limited)
        if kept is not None:
            extensions.run(spec, kept, become_worker)
        become_worker(spec)
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


def confine(spec: dict[str, typing.Any], parent: int, *, limited: bool) -> None:
    """Take away what a function does not have on AWS."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o022)
    if not limited:
        isolation.limit_file_size(spec["tmp_mb"])
    if isolation.LINUX:
        isolation.prefer_as_victim()
    if spec["uid"] is not None:
        isolation.become_user(
            spec["uid"], [*sys.path, spec["task_root"], *spec["path"], *spec["command"][:1]]
        )
    isolation.end_with_parent(parent)


def become_worker(spec: dict[str, typing.Any]) -> None:
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
        place_bytecode(spec["task_root"], "" if spec["fresh"] else spec["bytecode"])
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


def leave_zygote(output: int, control: int | None = None) -> int | None:
    """Cut every tie to the zygote but the one that ends us with it (see confine).

    What *control* is by then.
    """
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # which was the zygote's socket
    os.dup2(output, 1)
    os.dup2(output, 2)
    kept = None if control is None else os.dup2(control, 3, inheritable=False)
    os.closerange(3 if kept is None else 4, max(256, output + 1))
    return kept


def must_exec(spec: dict[str, typing.Any]) -> bool:
    """Whether a fork of the zygote would behave unlike a fresh interpreter."""
    return bool(
        sys.platform != "linux"  # macOS: its system libraries do not survive a fork
        or not spec["fork"]
        or spec["preload"]  # a debugger, which traces from the start
        or any(name.startswith(START_VARIABLES) for name in spec["environment"])
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


def run_in_new_interpreter(spec: dict[str, typing.Any]) -> typing.NoReturn:
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
