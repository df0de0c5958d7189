"""What an unpacked bundle brings along: wheels, locks of just those, perhaps a Python.

`make bundle` packs it (dev/bundle.py), `make setup` and the function's package install from it
without a network. Standard library alone, under any Python from 3.8 on: the installer reads it.
"""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ".bundle"
FORMAT = 1


class Bundle:
    """A checkout that came with all that it is made of.

    Attributes:
        root: the checkout.
        folder: what came beside it.
        made: what the bundle says of itself: commit, system, machine, python, glibc, locks.
    """

    def __init__(self, root: Path, made: dict[str, Any]) -> None:
        self.root, self.folder, self.made = root, root / FOLDER, made

    @property
    def wheels(self) -> Path:
        """The folder of the packages."""
        return self.folder / "wheels"

    @property
    def python(self) -> Path | None:
        """The interpreter that came along, None if the machine is to have one."""
        path = self.folder / "python" / "bin" / ("python" + self.made["python"])
        return path if path.exists() else None

    def lock(self, lock: Path) -> Path | None:
        """Our lock of what *lock* names; None once that is another than it was packed from."""
        name = name_of(lock, self.root)
        if self.made["locks"].get(name) != digest(lock):
            return None
        return self.folder / "locks" / name

    def misfit(self, system: str, machine: str, glibc: str) -> str:
        """Why nothing can be installed from this bundle on such a machine; empty if it can."""
        made = self.made
        if (system, machine) != (made["system"], made["machine"]):
            why = f"this machine is {system} {machine}"
        elif made["glibc"] and version(glibc) < version(made["glibc"]):
            why = "this machine has " + (f"glibc {glibc}" if glibc else "no glibc")
        else:
            return ""
        needs = "{system} {machine}".format(**made)
        needs += f" with glibc {made['glibc']} or newer" if made["glibc"] else ""
        return (
            f"this bundle is for {needs}, and {why}. Have one made on such a machine with "
            f"`make bundle`; or, where there is network, delete {self.folder} and run the same "
            "command again."
        )


def find(root: Path = ROOT) -> Bundle | None:
    """The bundle that the checkout at *root* was unpacked from, None for a clone."""
    try:
        made = json.loads((root / FOLDER / "bundle.json").read_text(encoding="utf-8"))
    except OSError:
        return None
    return Bundle(root, made) if made.get("format") == FORMAT else None


def requirements(lock: Path, root: Path = ROOT) -> list[str]:
    """Uv's arguments to install what *lock* names: from the bundle that has it, or an index."""
    bundle = find(root)
    own = bundle and bundle.lock(lock)
    if bundle is None or own is None:
        return ["-r", str(lock)]
    return ["--no-index", "--find-links", str(bundle.wheels), "-r", str(own)]


def misfit(bundle: Bundle) -> str:
    """Why *bundle* is not for this machine; empty if it is."""
    library, number = platform.libc_ver()
    return bundle.misfit(
        platform.system(), platform.machine(), number if library == "glibc" else ""
    )


def name_of(lock: Path, root: Path) -> str:
    """How a bundle calls *lock*: by its place in the checkout at *root*."""
    try:
        return lock.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return str(lock)


def digest(file: Path) -> str:
    """The SHA-256 of what is in *file*, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def version(text: str) -> tuple[int, ...]:
    """Numbers that compare, of a version such as 2.34; none of an empty one."""
    return tuple(int(part) for part in text.split(".") if part.isdigit())
