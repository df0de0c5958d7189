"""An environment's sandbox: namespaces of its own, in which the function is one of AWS's users.

    zygote ─fork→ init, process 1 of the environment ─fork→ the runtime, and all that it starts

The zygote has a view of the machine as functions see it (`_lambda_root`), and a user namespace of
its own unless it is root. Whoever runs the emulator, an environment gets mount, PID, IPC and UTS
namespaces that belong to the zygote's user namespace, so that nothing in it may undo them, and
then a user namespace in which it is AWS's user and can do nothing.

Its init does nothing but wait. When the runtime ends it tells the zygote how and ends too, with
which the kernel ends whatever is left.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import struct
import sys
import typing

import _lambda_isolation as isolation  # type: ignore[import-not-found]  # beside this file
import _lambda_kernel as kernel  # type: ignore[import-not-found]  # likewise
import _lambda_root as root  # type: ignore[import-not-found]  # likewise

# As recorded on AWS (an environment's resource limits).
MOST_FILES = 1024
MOST_PROCESSES = 1024
# Since then the kernel counts a user's processes in each user namespace for itself.
COUNTS_BY_NAMESPACE = (5, 14)
HOST_NAME = "169.254.100.6"
# Where init finds its pipe to the zygote, and the folder of bytecode, among its descriptors.
TOLD, KEPT = 3, 4
NUMBER = struct.Struct("!i")
PROC_FLAGS = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC

Spec = dict[str, typing.Any]


class Maker:
    """What a zygote makes sandboxes with; made inside the root, as process 1 of its own."""

    def __init__(self) -> None:
        self.own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self.is_root = _maps_everybody()

    def fork(self) -> int:
        """Fork into a PID namespace of the child's own, where it is process 1; as `os.fork`."""
        kernel.setns(self.own, kernel.CLONE_NEWPID)
        kernel.unshare(kernel.CLONE_NEWPID)
        return os.fork()


def become_zygote(program: str, arguments: typing.Sequence[str]) -> typing.NoReturn:
    """Build the root, move into it, and run *program* there; this process waits for its end.

    Raises:
        OSError: the kernel does not allow it.
    """
    place = os.path.dirname(os.path.abspath(__file__))  # any folder: it is covered meanwhile
    leave(kernel.CLONE_NEWNS | kernel.CLONE_NEWPID)
    python = root.build(place)
    child = os.fork()
    if child:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)  # the socket is the zygote's alone
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    try:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
        move_in(place)
        environment = {**os.environ, "LD_LIBRARY_PATH": root.LIBRARY_PATH}
        command = [python, "-I", root.HOST + program, *arguments]
        os.execve(python, command, environment)  # noqa: S606 - no shell is wanted
    except BaseException:  # noqa: BLE001 - nothing may return into what waits
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def leave(flags: int) -> None:
    """Leave the namespaces in *flags*: as root where it may, else by a user namespace of our own.

    Raises:
        OSError: neither is allowed.
    """
    uid, gid = os.geteuid(), os.getegid()
    try:
        if uid:
            raise PermissionError  # also of who might: an exec takes all rights from who is not 0
        kernel.unshare(flags)
    except OSError:
        kernel.unshare(flags | kernel.CLONE_NEWUSER)
        map_user(0, uid, 0, gid)
    kernel.keep_to_ourselves()


def move_in(place: str) -> None:
    """Make the root at *place* ours; as process 1 of a PID namespace, which its /proc shows."""
    kernel.mount("proc", place + "/proc", "proc", PROC_FLAGS)
    kernel.pivot_root(place, place + root.HOST)
    os.chdir("/")


def map_user(inside: int, outside: int, inside_group: int, outside_group: int) -> None:
    """Say who we are in the user namespace that was just made (user_namespaces(7))."""
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/gid_map", f"{inside_group} {outside_group} 1")
    _write("/proc/self/uid_map", f"{inside} {outside} 1")


def enter(spec: Spec, zygote: Maker) -> None:
    """Be the first process of an environment: all that it has is in place, and nothing else is.

    Raises:
        OSError: the kernel does not allow it.
    """
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS)
    for source, target in spec["mounts"]:
        _show(source, target)
    for _, target in spec["mounts"]:
        kernel.read_only(target)
    kernel.bind(root.HOST + spec["tmp"], "/tmp")  # noqa: S108 - the function's own
    if spec["bytecode"]:
        folder = os.open(root.HOST + spec["bytecode"], os.O_PATH | os.O_DIRECTORY)
        if folder != KEPT:
            os.dup2(folder, KEPT, inheritable=False)
            os.close(folder)
    kernel.mount("proc", "/proc", "proc", PROC_FLAGS)  # over the zygote's: an umount takes longer
    if not any(target == root.OPT for _, target in spec["mounts"]):
        kernel.bind(root.NOTHING, root.OPT)
    kernel.detach(root.HOST)
    socket.sethostname(HOST_NAME)
    if zygote.is_root and not isolation.all_public(
        [*sys.path, *spec["path"], *spec["command"][:1]]
    ):
        isolation.become_reader(spec["uid"])
    else:
        become_user(spec["uid"] if zygote.is_root else None)
    kernel.no_new_privileges()
    limit()


def _show(source: str, target: str) -> None:
    """Have the machine's *source* at *target*; an empty folder, to be filled, where it is ""."""
    if not source:
        kernel.mount("lambda", target, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=0755")
        return
    if os.path.isdir(root.HOST + source):
        os.makedirs(target, exist_ok=True)
    elif not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _write(target, "")
    kernel.bind(root.HOST + source, target)


def become_user(uid: int | None) -> None:
    """Be AWS's user without any right, and the machine's user *uid* where that is given.

    Some systems let root alone make user namespaces: there an environment has none, and sees *uid*.
    """
    if uid is not None:
        kernel.drop_bounding_set()
        isolation.become_user(uid)
    outside, group = os.geteuid(), os.getegid()
    try:
        kernel.unshare(kernel.CLONE_NEWUSER)
    except OSError:
        if uid is None:
            raise
    else:
        map_user(root.UID, outside, root.GID, group)
        with contextlib.suppress(OSError):  # not there in every kernel
            _write("/proc/sys/user/max_user_namespaces", "0")
        kernel.drop_bounding_set()
    kernel.set_capabilities(0)


def limit() -> None:
    """Set AWS's limits of one environment."""
    files = min(MOST_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    release = tuple(int(each) for each in os.uname().release.split("-")[0].split(".")[:2])
    if release >= COUNTS_BY_NAMESPACE:
        hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
        most = MOST_PROCESSES if hard == resource.RLIM_INFINITY else min(MOST_PROCESSES, hard)
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def watch_over(runtime: int) -> typing.NoReturn:
    """Be init: reap whatever ends, and end with the runtime, telling the zygote how that ended."""
    hide()
    os.closerange(TOLD + 1, 256)
    signal.signal(signal.SIGTERM, lambda *_: _terminate(runtime))
    while True:
        pid, status = os.wait()
        if pid == runtime:
            os.write(TOLD, NUMBER.pack(status))
            os._exit(0)


def hide() -> None:
    """Keep the function, which is the same user, from looking into init."""
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _terminate(runtime: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(runtime, signal.SIGTERM)


def tell_name() -> None:
    """Tell the zygote our process id as the machine's own /proc has it."""
    os.write(TOLD, NUMBER.pack(int(os.readlink(root.HOST + "/proc/self"))))


def _maps_everybody() -> bool:
    """Whether we are root of the machine, or of a namespace that has all of its users."""
    with open("/proc/self/uid_map", encoding="ascii") as lines:
        return os.geteuid() == 0 and any(int(line.split()[2]) > 1 for line in lines)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
