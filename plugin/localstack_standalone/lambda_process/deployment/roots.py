"""The folders that a version's functions see: its code, and its layers merged into one /opt.

LocalStack unpacks code and removes it as soon as a newer one is there, also under a function that
is still running, and it never applies layers. So each version gets folders of its own, made of
hard links, which live as long as its environments.

Source for layers: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import stat
import tempfile
import threading
from pathlib import Path
from typing import Any, Final

from localstack_standalone.lambda_process.deployment import archive

WRITE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
FOLDER: Final = 0o555


class RemovedError(LookupError):
    """The version's folders are gone: it was updated or deleted."""


@dataclasses.dataclass(frozen=True)
class Roots:
    """Where a version's files are.

    Attributes:
        home: folder that holds the two.
        task: LAMBDA_TASK_ROOT.
        opt: the layers, as /opt on AWS; None where there are none.
        hot: whether *task* is a folder of the user's, to be loaded anew when it changes.
    """

    home: Path
    task: Path
    opt: Path | None
    hot: bool = False

    @property
    def bytecode(self) -> Path:
        """Where environments of this version leave their modules' bytecode for each other."""
        return self.home / "bytecode"

    def resolved(self) -> Roots:
        """The same folders under names that mean the same to other processes.

        Names as they were made go through /proc/self/cwd, and so lead a fork to its own copy.
        """
        opt = self.opt.resolve() if self.opt else None
        return dataclasses.replace(
            self, home=self.home.resolve(), task=self.task.resolve(), opt=opt
        )

    def extensions(self, seen: Roots) -> list[str]:
        """External extensions that the layers bring, by their names, where *seen* has them."""
        folder = self.opt / "extensions" if self.opt is not None else None
        if folder is None or not folder.is_dir():
            return []
        names = sorted(file.name for file in folder.iterdir() if not file.is_dir())
        return [f"{seen.opt}/extensions/{name}" for name in names]

    def place_of(self, path: str) -> str:
        """Where the file is that a function calls *path*: ``/opt/wrapper``."""
        for name, folder in (("/opt/", self.opt), ("/var/task/", self.task)):
            if folder is not None and path.startswith(name):
                return str(folder / path.removeprefix(name))
        return path

    def seen(self) -> Roots:
        """The same where a sandbox has them: at AWS's paths. Its /opt is there in any case."""
        return dataclasses.replace(self, task=Path("/var/task"), opt=Path("/opt"))

    def mounts(self) -> list[tuple[str, str]]:
        """What leads there: each folder here, and where a sandbox has it."""
        seen = self.seen()
        pairs = [(self.opt, seen.opt)] if self.opt is not None else []
        if self.hot and any(entry.is_symlink() for entry in self.task.iterdir()):
            # The user's links lead to what a sandbox does not have: it has what they lead to.
            there = [(entry.resolve(), seen.task / entry.name) for entry in self.task.iterdir()]
            found = [("", str(seen.task))]
            pairs += [(here, place) for here, place in there if here.exists()]
        else:
            found = [(str(self.task), str(seen.task))]
        return found + [(str(here), str(there)) for here, there in pairs]

    def path(self, runtime: str) -> list[str]:
        """Folders for sys.path, in AWS's order: the code, then the layers' two."""
        found = [self.task]
        if self.opt is not None:
            found += [
                self.opt / "python" / "lib" / runtime / "site-packages",
                self.opt / "python",
            ]
        return [str(folder) for folder in found]


@dataclasses.dataclass
class _Held:
    """Roots, and how many environments use them."""

    roots: Roots
    users: int = 0
    unwanted: bool = False


class RootsByVersion:
    """The folders of every version that is there. Thread-safe."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def prepare(self, key: str, code: Any, layers: list[Any], *, sandboxed: bool = False) -> None:
        """Make the folders of version *key* unless they are there.

        Args:
            key: tells versions and revisions apart.
            code: LocalStack's archive of the function.
            layers: LocalStack's layer versions, in the order in which they are laid over each
                other.
            sandboxed: whether they are seen in sandboxes alone: others may not even enter then.
        """
        with self._lock:
            if key not in self._held:
                made = _make(code, layers)
                if sandboxed:
                    made.home.chmod(0o700)
                made.bytecode.mkdir()
                # Each environment is another user where we are root.
                made.bytecode.chmod(0o777 if os.geteuid() == 0 else 0o700)
                self._held[key] = _Held(made)

    def hold(self, key: str) -> Roots:
        """The folders of a prepared version, for an environment that says `drop` at its end.

        Raises:
            RemovedError: they have been removed, or never were.
        """
        with self._lock:
            held = self._held.get(key)
            if held is None:
                raise RemovedError(key)
            held.users += 1
            return held.roots.resolved()

    def drop(self, key: str) -> None:
        """An environment has ended."""
        with self._lock:
            self._held[key].users -= 1
            self._remove_unused(key)

    def remove(self, key: str) -> None:
        """Remove the folders of version *key*, as soon as no environment uses them."""
        with self._lock:
            if key in self._held:
                self._held[key].unwanted = True
                self._remove_unused(key)

    def _remove_unused(self, key: str) -> None:
        held = self._held[key]
        if held.unwanted and held.users == 0:
            del self._held[key]
            _make_writable(held.roots.home)
            shutil.rmtree(held.roots.home, ignore_errors=True)


def _make(code: Any, layers: list[Any]) -> Roots:
    home = Path(tempfile.mkdtemp(prefix="lambda-root-"))
    home.chmod(0o755)  # a worker may be another user
    opt = home / "opt" if layers else None
    for layer in layers:
        if layer is not None and layer.code is not None and opt is not None:
            layer.code.prepare_for_execution()
            archive.merge(layer.code.get_unzipped_code_location(), opt)
    if code.is_hot_reloading():
        return Roots(home, Path(code.get_unzipped_code_location()), opt, hot=True)
    code.prepare_for_execution()
    archive.merge(code.get_unzipped_code_location(), home / "task")
    _make_read_only(home)
    return Roots(home, home / "task", opt)


def _make_read_only(home: Path) -> None:
    """As on AWS, nothing can be written beside the code; only root could."""
    for folder, _, files in os.walk(home, topdown=False):
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~WRITE)
        if Path(folder) != home:
            Path(folder).chmod(FOLDER)


def _make_writable(home: Path) -> None:
    for folder, _, _ in os.walk(home):
        with contextlib.suppress(OSError):
            Path(folder).chmod(0o755)
