"""Where a checkout in WSL 2 lies."""

from __future__ import annotations

import pytest

from dev import windows

MOUNTS = """\
/dev/sdc / ext4 rw,relatime 0 0
none /mnt/wsl tmpfs rw,relatime 0 0
C:\\134 /mnt/c 9p rw,noatime,aname=drvfs;path=C:\\;uid=1000 0 0
D:\\134 /mnt/my\\040files drvfs rw,noatime 0 0
/dev/sdd /mnt/c/linux ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/me/testbed", False),
        ("/mnt/c/Users/me/testbed", True),
        ("/mnt/c", True),
        ("/mnt/cd/testbed", False),
        ("/mnt/my files/testbed", True),
        ("/mnt/c/linux/testbed", False),
    ],
)
def test_a_windows_drive_is_told_by_its_mount(*, path: str, expected: bool) -> None:
    """The innermost mount counts, not a name that only begins alike."""
    assert expected is windows.is_on_windows(path, MOUNTS)


def test_wsl_is_told_by_its_kernel() -> None:
    """WSL 1 says Microsoft, WSL 2 microsoft-standard-WSL2; others neither."""
    assert windows.is_wsl("Linux version 6.6.87.2-microsoft-standard-WSL2 (root@439a258ad544)")
    assert windows.is_wsl("Linux version 4.4.0-19041-Microsoft")
    assert not windows.is_wsl("Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)")
