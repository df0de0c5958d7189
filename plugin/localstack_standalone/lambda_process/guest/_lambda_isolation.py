"""What keeps a worker from its surroundings, as far as the system allows.

As root on Linux a worker becomes a user of its own and has a temporary folder of limited size.
Elsewhere it is the user that runs the emulator. Neither is a sandbox: see the plugin's README.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import typing

LINUX = sys.platform == "linux"
# Asked on Linux alone.
LIBC: typing.Any = ctypes.CDLL(None, use_errno=True) if LINUX else None

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 4
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522
CLONE_NEWNS = 0x20000
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 2, 4, 0x4000, 0x40000
MNT_DETACH = 2
MB = 1024 * 1024


class Mounts:
    """Temporary folders of limited size, seen by workers alone; the kernel removes them with us."""

    def __init__(self) -> None:
        self.possible = LINUX and os.geteuid() == 0 and _own_mounts()
        self._made: set[str] = set()

    def limit(self, folder: str, size_mb: int, uid: int) -> bool:
        """Put a file system of *size_mb* at *folder*, once; whether there is one."""
        if self.possible and folder not in self._made:
            options = f"size={size_mb}m,mode=0700,uid={uid},gid={uid}"
            done = LIBC.mount(
                b"lambda", folder.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, options.encode()
            )
            if done == 0:
                self._made.add(folder)
        return folder in self._made

    def release(self, folder: str) -> None:
        """Take it away again."""
        if folder in self._made:
            LIBC.umount2(folder.encode(), MNT_DETACH)
            self._made.discard(folder)


def _own_mounts() -> bool:
    """Leave the host's mounts; not allowed in most containers."""
    if LIBC.unshare(CLONE_NEWNS) != 0:
        return False
    return bool(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) == 0)


def limit_file_size(size_mb: int) -> None:
    """Where the folder cannot be limited, at least a file in it is."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_mb * MB, size_mb * MB))


def prefer_as_victim() -> None:
    """Where memory runs out, the kernel shall kill a worker and never the emulator."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def become_user(uid: int, needed: list[str]) -> None:
    """Give root up for *uid*, keeping no more than the right to read where *needed* is not public.

    The interpreter or the checkout may lie in a home folder that only its owner can enter.
    """
    reads = not all(_public(path) for path in needed)
    if reads:
        LIBC.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        # access(2), by which Node.js asks whether a file is there, passes the right over else.
        LIBC.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    if reads:
        _keep_reading()
    # Changing the user hides /proc/self from ourselves; nobody else is this user.
    LIBC.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def end_with_parent(parent: int) -> None:
    """Have the kernel kill us when *parent* ends; do it last, changing the user undoes it."""
    if LINUX:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
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


def _keep_reading() -> None:
    """Keep CAP_DAC_READ_SEARCH, also over an exec, and nothing else."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    bits = 1 << CAP_DAC_READ_SEARCH
    data = (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)
    if LIBC.capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capset")  # with more rights nothing is to go on
    LIBC.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0)
