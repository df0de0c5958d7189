"""`make bundle`: the checkout and all that it installs, one archive for machines without network.

Stages: the commit as a repository of its own, the wheels that its locks name, locks of just these
files, a manifest, the archive. Unpacked, every command works as in a clone (testbed/bundled.py).
The same commit and the same wheels give the same bytes.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from packaging.utils import canonicalize_name, parse_wheel_filename

from dev import bootstrap
from testbed import bundled, settings, terminal
from testbed.errors import TestbedError
from views import sizes

NAME: Final = "image-pipeline-testbed"
# What a course uses, `make test` included; benchmarks and other engines are not a class's.
PACKED: Final = ("bootstrap", "emulator", "lambda-runtime", "lambda-runtime-3", "tools", "debug")
FUNCTION: Final = Path("lambda/requirements.txt")
# The zip is made for AWS, too, whichever processor it is to run on there.
LAMBDA_PLATFORMS: Final = ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64")
PYTHON: Final[str] = bootstrap.PYTHON_VERSION
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ \\;]+)", re.MULTILINE)
_GLIBC: Final = re.compile(r"manylinux_(\d+)_(\d+)_")
_lock_of: Callable[[str], Path] = bootstrap.lock_of
_interpreters: Callable[[str], list[str]] = bootstrap.interpreters


def main() -> None:
    """Pack this checkout's commit into ``build/``."""
    started = time.monotonic()
    path = make(settings.ROOT, settings.ROOT / "build")
    size, took = sizes.length(path.stat().st_size), time.monotonic() - started
    terminal.out.print(f"{path.relative_to(settings.ROOT)}  {size}, made in {took:.0f} s")
    terminal.out.print(f"sha256 {bundled.digest(path)}")
    terminal.out.print(
        f"There: tar xzf {path.name}, cd {NAME}, make demo. It needs make, git and a python3; "
        + (f"Python {PYTHON} is in it." if carried() else f"one must be Python {PYTHON}.")
    )


def make(root: Path, into: Path) -> Path:
    """Pack the commit of the checkout at *root* into the folder *into*.

    Raises:
        TestbedError: what is there is not committed, or a package cannot be had.
    """
    refuse_uncommitted(root)
    commit = _git(root, "rev-parse", "HEAD").strip()
    date_s = int(_git(root, "show", "--no-patch", "--format=%ct", "HEAD"))
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix="bundling-") as scratch:
        folder = Path(scratch) / NAME
        with terminal.step(f"checking out {commit[:12]}"):
            check_out(root, commit, folder)
        made = folder / bundled.FOLDER
        wheels = made / "wheels"
        wheels.mkdir(parents=True)
        locks = dict(_lock(root, name) for name in PACKED)
        for name, lock in locks.items():
            with terminal.step(f"fetching what {name} names"):
                _pip("wheel", wheels, lock, epoch_s=date_s)
        locks |= _for_other_pythons(root, wheels)
        with terminal.step(f"fetching what {FUNCTION} names, for Lambda"):
            _pip("wheel", wheels, root / FUNCTION, epoch_s=date_s)
            for one in LAMBDA_PLATFORMS:
                _pip("download", wheels, root / FUNCTION, "--platform", one, python=PYTHON)
        locks[FUNCTION.as_posix()] = root / FUNCTION
        write_locks(locks, wheels, made / "locks")
        python = carried()
        if python:
            with terminal.step(f"adding {python.name}"):
                shutil.copytree(
                    python,
                    made / "python",
                    symlinks=True,
                    ignore=shutil.ignore_patterns("__pycache__"),
                )
        says = manifest(commit, locks, [wheel.name for wheel in wheels.iterdir()])
        (made / "bundle.json").write_text(json.dumps(says, indent=2) + "\n", encoding="utf-8")
        path = into / f"{NAME}-{commit[:12]}-{says['system']}-{says['machine']}-py{PYTHON}.tar.gz"
        with terminal.step("packing"):
            write_archive(folder, path, date_s=date_s)
    return path


def refuse_uncommitted(root: Path) -> None:
    """A bundle is of a commit, so that what a class has can be named.

    Raises:
        TestbedError: there are changes that are not committed.
    """
    changes = _git(root, "status", "--porcelain").splitlines()
    if changes:
        listed = "\n".join(f"  {line}" for line in changes[:10])
        raise TestbedError(f"a bundle is of a commit; commit or stash first:\n{listed}")


def check_out(root: Path, commit: str, folder: Path) -> None:
    """Make *folder* a repository with *commit* alone, that knows nothing of this machine."""
    _git(root, "init", "--quiet", "--template=", "--initial-branch=main", str(folder))
    # One pack, made by one thread: as many have it differ from time to time.
    exact = ("-c", "fetch.unpackLimit=1", "-c", "pack.threads=1", "-c", "gc.auto=0")
    _git(folder, *exact, "fetch", "--quiet", "--depth=1", root.resolve().as_uri(), commit)
    _git(folder, "update-ref", "refs/heads/main", commit)
    _git(folder, "read-tree", "HEAD")  # an index without this machine's times and inodes
    _git(folder, "checkout-index", "--all")
    shutil.rmtree(folder / ".git" / "logs", ignore_errors=True)
    (folder / ".git" / "FETCH_HEAD").unlink()


def _for_other_pythons(root: Path, wheels: Path) -> dict[str, Path]:
    """Fetch what functions of other runtimes run under; the locks of those that there are."""
    locks: dict[str, Path] = {}
    versions = [f"3.{minor}" for minor in bootstrap.RUNTIME_MINORS]
    for version in versions:
        name, lock = _lock(root, bootstrap.RUNTIME_PREFIX + version)
        if version == PYTHON:
            continue
        with terminal.step(f"fetching what a function for Python {version} runs under") as note:
            try:
                _pip("download", wheels, lock, python=version)
            except TestbedError:
                note(f"left out: not every package is there ready-made for Python {version}")
            else:
                locks[name] = lock
    return locks


def _lock(root: Path, environment: str) -> tuple[str, Path]:
    """The lock of *environment* in the checkout at *root*, by its name in a bundle."""
    name = bundled.name_of(_lock_of(environment), settings.ROOT)
    return name, root / name


def write_locks(locks: Mapping[str, Path], wheels: Path, into: Path) -> None:
    """Write each lock anew in the folder *into*, with the hashes of what is in *wheels*.

    A package that its makers give as source alone is a wheel of ours here, which no lock knows.

    Raises:
        TestbedError: a package has no wheel.
    """
    hashes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for wheel in sorted(wheels.iterdir()):
        of, numbered, *_ = parse_wheel_filename(wheel.name)
        hashes[of, str(numbered)].append(bundled.digest(wheel))
    for file, lock in locks.items():
        lines = []
        for name, version in pins(lock.read_text(encoding="utf-8")):
            known = hashes.get((canonicalize_name(name), version))
            if not known:
                raise TestbedError(f"{file} names {name}=={version}, of which there is no wheel")
            lines.append(
                " ".join([f"{name}=={version}", *(f"--hash=sha256:{one}" for one in known)])
            )
        target = into / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def pins(lock: str) -> list[tuple[str, str]]:
    """Name and version of each package of a lock's text, in its order."""
    return _PIN.findall(lock)


def manifest(commit: str, locks: Mapping[str, Path], wheels: Iterable[str]) -> dict[str, object]:
    """What a bundle says of itself."""
    return {
        "format": bundled.FORMAT,
        "commit": commit,
        "system": platform.system(),
        "machine": platform.machine(),
        "python": PYTHON,
        "glibc": glibc(wheels),
        "locks": {name: bundled.digest(lock) for name, lock in sorted(locks.items())},
    }


def glibc(wheels: Iterable[str]) -> str:
    """The glibc that all *wheels* run with; empty where none is for Linux."""
    # A wheel with several tags runs with the oldest of them; Lambda's other processor is not ours.
    own = (name for name in wheels if platform.machine() in name.rpartition("-")[2])
    needs = [
        min((int(major), int(minor)) for major, minor in found)
        for name in own
        if (found := _GLIBC.findall(name))
    ]
    return ".".join(map(str, max(needs))) if needs else ""


def carried(version: str = PYTHON) -> Path | None:
    """The folder of a Python that can be moved, as uv's own can; None if there is none."""
    homes = [Path(found).parent.parent for found in _interpreters(version)]
    movable = (home for home in homes if home.name.startswith(f"cpython-{version}."))
    return max(movable, key=lambda home: bundled.version(home.name.split("-")[1]), default=None)


def write_archive(folder: Path, path: Path, *, date_s: int) -> None:
    """Pack *folder* as *path*, whole or not at all: sorted, nobody's, all of one time."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = date_s
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    scratch = folder.parent / path.name
    # Nearly all of it is compressed already.
    with (
        scratch.open("wb") as file,
        _compressed(file, date_s) as compressed,
        tarfile.open(mode="w", fileobj=compressed, format=tarfile.PAX_FORMAT) as archive,
    ):
        archive.add(folder, folder.name, recursive=False, filter=plain)
        for entry in sorted(folder.rglob("*")):
            name = f"{folder.name}/{entry.relative_to(folder).as_posix()}"
            archive.add(entry, name, recursive=False, filter=plain)
    scratch.replace(path)


def _compressed(file: IO[bytes], date_s: int) -> gzip.GzipFile:
    return gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=date_s)


def _pip(
    command: str,
    wheels: Path,
    lock: Path,
    *more: str,
    python: str | None = None,
    epoch_s: int | None = None,
) -> None:
    """Have pip put what *lock* names into *wheels*; for another *python*, what is ready-made.

    Raises:
        TestbedError: with pip's last words.
    """
    asked: Sequence[str | Path] = [
        *(sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "-r", lock),
        *("--wheel-dir" if command == "wheel" else "--dest", wheels),
        *(("--only-binary", ":all:", "--python-version", python) if python else ()),
        *more,
    ]
    dated = {} if epoch_s is None else {"SOURCE_DATE_EPOCH": str(epoch_s)}
    done = subprocess.run(
        asked, env=os.environ | dated, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = "\n".join(f"    {line}" for line in done.stderr.strip().splitlines()[-6:])
        raise TestbedError(f"the packages of {lock.name} cannot be had (no network?):\n{last}")


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TestbedError(f"git {arguments[0]} failed in {folder}:\n{done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    terminal.run(main)
