"""What keeps a worker from its surroundings where it has no sandbox, as far as the system allows.

As root on Linux a worker becomes a user of its own and has a temporary folder of limited size.
Elsewhere it is the user that runs the emulator. `_lambda_sandbox` is the better way.
"""

import contextlib
import os
import resource
import signal
import typing

import _lambda_kernel as kernel  # type: ignore[import-not-found]  # beside this file

LINUX = kernel.LINUX
CAP_DAC_READ_SEARCH = 2
MB = 1024 * 1024


class Mounts:
    """Temporary folders of limited size, seen by workers alone; the kernel removes them with us.

    Args:
        possible: whether we may mount.
        at: where the machine's root is.
    """

    def __init__(self, *, possible: bool, at: str = "") -> None:
        self.possible, self.at = possible, at
        self._made: set[str] = set()

    def limit(self, folder: str, size_mb: int, uid: int) -> bool:
        """Put a file system of *size_mb* at *folder*, once; whether there is one."""
        if self.possible and folder not in self._made:
            options = f"size={size_mb}m,mode=0700,uid={uid},gid={uid}"
            flags = kernel.MS_NOSUID | kernel.MS_NODEV
            with contextlib.suppress(OSError):
                kernel.mount("lambda", self.at + folder, "tmpfs", flags, options)
                self._made.add(folder)
        return folder in self._made

    def release(self, folder: str) -> None:
        """Take it away again."""
        if folder in self._made:
            with contextlib.suppress(OSError):  # removed already, the mount with it
                kernel.detach(self.at + folder)
            self._made.discard(folder)


def own_mounts() -> bool:
    """Leave the machine's mounts, if we are root and may; not allowed in most containers."""
    if not LINUX or os.geteuid() != 0:
        return False
    try:
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.keep_to_ourselves()
    except OSError:
        return False
    return True


def limit_file_size(size_mb: int) -> None:
    """Where the folder cannot be limited, at least a file in it is."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_mb * MB, size_mb * MB))


def prefer_as_victim() -> None:
    """Where memory runs out, the kernel shall kill a worker and never the emulator."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def all_public(paths: typing.Iterable[str]) -> bool:
    """Whether everybody can read *paths*: they may lie in a home that its owner alone enters."""
    return all(_public(path) for path in paths)


def become_user(uid: int) -> None:
    """Give root up for *uid*."""
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    # Changing the user hides /proc/self from ourselves; nobody else is this user.
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def become_reader(uid: int) -> None:
    """Give root up for *uid*, but keep the right to read what its owner alone may read."""
    kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
    # access(2), by which Node.js asks whether a file is there, passes the right over else.
    kernel.prctl(kernel.PR_SET_SECUREBITS, kernel.SECBIT_NO_SETUID_FIXUP)
    become_user(uid)
    # Kept over an exec, too. Where it fails nothing goes on: there are more rights then.
    kernel.set_capabilities(1 << CAP_DAC_READ_SEARCH)
    kernel.prctl(kernel.PR_CAP_AMBIENT, kernel.PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def end_with_parent(parent: int) -> None:
    """Have the kernel kill us when *parent* ends; do it last, changing the user undoes it."""
    if LINUX:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def _public(path: str) -> bool:
    """Whether everybody can read *path* and go through every folder above it."""
    try:
        if not os.stat(path).st_mode & 0o004:
            return False
        while path != "/":
            path = os.path.dirname(path)
            if not os.stat(path).st_mode & 0o001:
                return False
    except OSError:
        return True  # it is not there: nothing to read
    return True
