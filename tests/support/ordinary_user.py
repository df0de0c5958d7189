"""An emulator of an ordinary user, started by whoever runs the tests.

Root becomes one. What the user needs may lie in a home that root alone enters, as root's Pythons
do: in a mount namespace of this process the way there is open, and shows nothing else. As a program
it starts one, says where it is, and stops it when its standard input ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from localstack_standalone.lambda_process.guest import _lambda_kernel as kernel
from targets import embedded
from testbed import settings
from testbed.aws import Aws
from tests.conftest import Emulator

UID: Final = 54_321  # no user of this machine: it has what everybody has
START_TIMEOUT_S: Final = 60
OTHERS_ENTER: Final = 0o001


@contextlib.contextmanager
def emulator(folder: Path, **given: str) -> Iterator[Emulator]:
    """One with the settings *given*, that keeps everything in *folder*, which is the user's.

    Raises:
        AssertionError: it did not come up; the message is what it said.
    """
    folder.mkdir()
    command = [sys.executable, "-m", "tests.support.ordinary_user", str(folder), json.dumps(given)]
    if os.geteuid() == 0:
        os.chown(folder, UID, UID)
    with subprocess.Popen(
        command,
        cwd=settings.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            said = process.stdout.readline()
            assert said, process.stderr.read()
            endpoint, pid = json.loads(said)
            yield Emulator(Aws(endpoint=endpoint), endpoint, folder / "emulator", pid)
        finally:
            process.stdin.close()
            process.wait(START_TIMEOUT_S)


def main(folder: Path, given: dict[str, str]) -> None:
    """Start it, say where it is, and stop it when the standard input ends."""
    if os.geteuid() == 0:
        _open_ways([*_needed(), folder])
        os.setgroups([])
        os.setgid(UID)
        os.setuid(UID)
    os.environ["HOME"] = str(folder)
    with embedded.private(folder / "emulator", **given) as known:
        print(json.dumps([known.endpoint, known.pid]), flush=True)
        sys.stdin.read()


def _needed() -> set[Path]:
    """This checkout, and the folders of its interpreters."""
    pythons = [sys.executable, *embedded.runtimes().values()]
    homes = {Path(os.path.realpath(each)).parents[1] for each in pythons}
    return {settings.ROOT, *homes}


def _open_ways(places: Iterable[Path]) -> None:
    """Have everybody reach *places*, for this process and those that it starts.

    A closed folder above is covered by one with nothing in it but the way there.
    """
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.keep_to_ourselves()
    within: dict[Path, list[tuple[Path, int]]] = {}
    for place in places:
        above = reversed(place.parents)
        closed = next((each for each in above if not each.stat().st_mode & OTHERS_ENTER), None)
        if closed is not None:
            within.setdefault(closed, []).append((place, os.open(place, os.O_PATH)))
    for closed, found in within.items():
        kernel.mount("tests", str(closed), "tmpfs", 0, "mode=0755")
        for place, descriptor in found:
            place.mkdir(parents=True, exist_ok=True)
            kernel.bind(f"/proc/self/fd/{descriptor}", str(place))
            os.close(descriptor)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
