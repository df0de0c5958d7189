"""The kernel's own calls that Python has no names for; Linux alone.

Each raises OSError with the call's name, so that whoever reads it knows what was refused.
"""

import ctypes
import os
import platform
import sys
import typing

LINUX = sys.platform == "linux"
LIBC: typing.Any = ctypes.CDLL(None, use_errno=True) if LINUX else None

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_NOATIME = 1, 2, 4, 8, 32, 1024
MS_BIND, MS_REC, MS_SLAVE, MS_PRIVATE = 0x1000, 0x4000, 0x8_0000, 0x4_0000
MNT_DETACH = 2
# What a mount in a namespace of one's own must keep: statvfs(3)'s flags are mount(2)'s.
KEPT_FLAGS = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_CAPBSET_DROP = 24
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 4
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x2008_0522
MOST_CAPABILITIES = 64

# One number everywhere since Linux 5.1, but not those that are older.
SYS_MOUNT_SETATTR = 442
SYS_PIVOT_ROOT = {"x86_64": 155, "i686": 217, "armv7l": 218, "ppc64le": 203, "s390x": 217}
SYS_PIVOT_ROOT_GENERIC = 41
AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY = -100, 0x8000, 1


def unshare(flags: int) -> None:
    """Leave the namespaces that *flags* name for new ones."""
    _checked(LIBC.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace behind *descriptor*."""
    _checked(LIBC.setns(descriptor, kind), "setns")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount a file system of *kind*."""
    done = LIBC.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode())
    _checked(done, f"mount of {kind} at {target}")


def bind(source: str, target: str) -> None:
    """Have *target* show what is at *source*, and what is mounted below it."""
    done = LIBC.mount(source.encode(), target.encode(), None, MS_BIND | MS_REC, None)
    _checked(done, f"mount of {source} at {target}")


def keep_to_ourselves() -> None:
    """What we mount is nobody else's from now on; what others mount still shows here."""
    _checked(LIBC.mount(b"none", b"/", None, MS_REC | MS_SLAVE, None), "mount")


def read_only(target: str) -> None:
    """Let nothing be written through the mount at *target*, nor through those below it."""
    attributes = (ctypes.c_uint64 * 4)(MOUNT_ATTR_RDONLY, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    if LIBC.syscall(
        SYS_MOUNT_SETATTR, AT_FDCWD, target.encode(), AT_RECURSIVE, attributes, size
    ):  # older than Linux 5.12, or a filter that does not know the call
        for place in mounted_below(target):
            kept = os.statvfs(place).f_flag & KEPT_FLAGS
            flags = MS_BIND | MS_REMOUNT | MS_RDONLY | kept
            _checked(LIBC.mount(b"none", place.encode(), None, flags, None), f"mount at {place}")


def mounted_below(target: str) -> list[str]:
    """The mount at *target* and those below it (proc_pid_mountinfo(5))."""
    with open("/proc/self/mountinfo", "rb") as lines:
        places = [os.fsdecode(_plain(line.split()[4])) for line in lines]
    return [place for place in places if (place + "/").startswith(target.rstrip("/") + "/")]


def detach(target: str) -> None:
    """Take the mount at *target* away from here, with all below it."""
    _checked(LIBC.umount2(target.encode(), MNT_DETACH), f"umount of {target}")


def pivot_root(new: str, old: str) -> None:
    """Make *new* the root; what was the root is below it at *old*."""
    number = SYS_PIVOT_ROOT.get(platform.machine(), SYS_PIVOT_ROOT_GENERIC)
    _checked(LIBC.syscall(number, new.encode(), old.encode()), "pivot_root")


def prctl(option: int, *arguments: int) -> int:
    """Set *option* of this process (its manual has them); -1 where that is refused."""
    padded = [ctypes.c_ulong(each) for each in (*arguments, 0, 0, 0, 0)[:4]]
    given: int = LIBC.prctl(option, *padded)
    return given


def set_capabilities(bits: int) -> None:
    """Have the capabilities in *bits*, permitted, effective and inheritable, and no others."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)
    _checked(LIBC.capset(header, data), "capset")


def drop_bounding_set() -> None:
    """Nothing that is executed from now on gets any capability."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    for each in range(MOST_CAPABILITIES):
        if prctl(PR_CAPBSET_DROP, each) < 0:  # there are no more
            return


def no_new_privileges() -> None:
    """No program that is executed gives more than we have (prctl(2))."""
    _checked(prctl(PR_SET_NO_NEW_PRIVS, 1), "prctl(PR_SET_NO_NEW_PRIVS)")


def _plain(name: bytes) -> bytes:
    """A name of mountinfo, where blanks and the like are three octal digits."""
    return name.decode("unicode_escape").encode("latin-1")


def _checked(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
