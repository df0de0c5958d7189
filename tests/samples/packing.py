"""What is deployed: zips of a sample's files and of the packages that its locks name.

A sample is a folder here. Its files are the function's, but for its requirements: packages of
``package.lock`` go into the function's zip, those of ``layer.lock`` into a layer of its own; npm's
of ``package-lock.json`` into the one or the other. They are kept in `build/samples`, by the lock
that they were made of. What is in a folder ``layer`` is a layer as it stands.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import filelock

from testbed import settings

HERE: Final = Path(__file__).parent
KEPT: Final = settings.ROOT / "build" / "samples"
NPM: Final = ("package.json", "package-lock.json")
REQUIREMENTS: Final = frozenset({".in", ".lock"})
PYTHON: Final = "3.13"
# As people do who have to stay below 250 MB.
LEFT_OUT: Final = frozenset({"__pycache__", "tests"})


def function(sample: str, *, modules: bool = False) -> bytes:
    """The zip of *sample*'s files and packages; of npm's only if *modules*."""
    folder, packed = HERE / sample, io.BytesIO()
    lock = folder / "package.lock"
    if lock.exists():
        packed.write(packages(lock).read_bytes())
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(folder):
            within = path.relative_to(folder)
            if path.suffix not in REQUIREMENTS and within.parts[0] != "layer":
                archive.write(path, within)
        if modules:
            _write_below(archive, node_modules(sample), "node_modules")
    return packed.getvalue()


def node_layer(sample: str) -> bytes:
    """The zip of a layer with *sample*'s npm packages, where Node's runtimes look for them."""
    return _zip_of(node_modules(sample), "nodejs/node_modules")


def files_layer(sample: str) -> bytes:
    """The zip of a layer with the files of *sample*'s folder ``layer``."""
    return _zip_of(HERE / sample / "layer", "")


def node_modules(sample: str) -> Path:
    """The folder with the packages of *sample*'s ``package-lock.json``; made once."""
    sources = [HERE / sample / name for name in NPM]
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources))
    home = KEPT / f"{sample}-npm-{digest.hexdigest()[:12]}"
    home.mkdir(parents=True, exist_ok=True)
    stamp = home / "whole"
    with filelock.FileLock(f"{home}.lock"):
        if not stamp.exists():
            for source in sources:
                shutil.copy(source, home)
            npm = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            done = subprocess.run(npm, cwd=home, capture_output=True, text=True, check=False)
            assert 0 == done.returncode, done.stderr
            stamp.touch()
    return home / "node_modules"


def _zip_of(folder: Path, below: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _write_below(archive, folder, below)
    return packed.getvalue()


def _write_below(archive: zipfile.ZipFile, folder: Path, below: str) -> None:
    for path in _files(folder):
        archive.write(path, Path(below, path.relative_to(folder)))


def layer(sample: str, below: str = "python") -> bytes:
    """The zip of a layer with what *sample*'s ``layer.lock`` names, *below* a folder of it."""
    return packages(HERE / sample / "layer.lock", below).read_bytes()


def program(sample: str, found: str, name: str) -> bytes:
    """The zip of a layer with a program: what *found* finds in the packages of ``program.lock``."""
    (path,) = installed(HERE / sample / "program.lock").glob(found)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(path, f"bin/{name}")
    return packed.getvalue()


def packages(lock: Path, below: str = "") -> Path:
    """A zip of the packages that *lock* names; made once."""
    source = installed(lock)
    made = source.parent / f"{source.name}-{below.replace('/', '-')}.zip"
    with filelock.FileLock(f"{made}.lock"):
        if not made.exists():
            half = made.with_suffix(".half")
            half.write_bytes(_zip_of(source, below))
            half.rename(made)
    return made


def installed(lock: Path) -> Path:
    """The folder with the packages that *lock* names, as wheels for this machine; made once."""
    home = (
        KEPT
        / f"{lock.parent.name}-{lock.stem}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    )
    home.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{home}.lock"):
        if not home.exists():
            half = home.with_name(f"{home.name}.half")
            shutil.rmtree(half, ignore_errors=True)
            asked = ("--target", half, "--python-version", PYTHON, "--only-binary", ":all:")
            uv_pip("install", *asked, "--require-hashes", "-r", lock)
            half.rename(home)
    return home


def environment(lock: Path) -> Path:
    """The folder of programs of an environment with what *lock* names; made once."""
    home = KEPT / f"env-{lock.stem}-{_digest(lock)}"
    home.parent.mkdir(parents=True, exist_ok=True)
    stamp = home / "whole"
    with filelock.FileLock(f"{home}.lock"):
        if not stamp.exists():
            command: list[str | Path] = [
                settings.uv(),
                "venv",
                "--quiet",
                "--clear",
                "--python",
                sys.executable,
                home,
            ]
            subprocess.run(command, check=True)
            uv_pip("install", "--python", home / "bin" / "python", "--require-hashes", "-r", lock)
            stamp.touch()
    return home / "bin"


def run(sample: str, program: str, *words: str) -> str:
    """What Python prints for *program* and its *words*, with the packages of *sample*'s zip."""
    path = installed(HERE / sample / "package.lock")
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


def uv_pip(*words: str | Path) -> None:
    """Run ``uv pip``; what it says is shown where it fails."""
    environ = {name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"}
    command = [settings.uv(), "pip", words[0], "--quiet", *words[1:]]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:12]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not LEFT_OUT & set(path.relative_to(folder).parts):
            yield path
