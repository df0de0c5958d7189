"""The zip as it is deployed: built for both architectures, holding what runs and nothing else."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra import package
from testbed import settings
from testbed.settings import ENVS, ROOT

RUNTIME = ENVS / "lambda-runtime" / "bin" / "python"
# e_machine of the ELF header (System V ABI; include/uapi/linux/elf-em.h).
MACHINES = {"x86_64": 62, "arm64": 183}
ARCHITECTURES = sorted(MACHINES)

# Runs in the zip's folder alone, as Lambda's bootstrap would.
PROGRAM = """
import json, sys
sys.path.insert(0, {folder!r})
before = set(sys.modules)
from image_resize.handler import handler
loaded = sorted(set(sys.modules) - before)
from image_resize import guard, thumbnail
from image_resize.errors import Refusal
def work():
    made = thumbnail.make(open({image!r}, "rb").read())
    return {{"width": made.width_px, "height": made.height_px, "format": made.format}}, made.content
print(json.dumps({{
    "files": [sys.modules[name].__file__ for name in ("PIL", "image_resize")],
    "loaded": loaded,
    "answers": [handler(event) for event in ({{}}, [], {{"key": "a.png", "size": 1}})],
    "facts": guard.run(work)[0],
}}))
"""


@cache
def packaged(architecture: str) -> zipfile.ZipFile:
    """What `make package ARCH=…` builds; the path is the one that it tells."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.package"],
        cwd=ROOT,
        env={**os.environ, "ARCH": architecture},
        capture_output=True,
        text=True,
        check=True,
    )
    told = re.search(r"^path +(\S+)$", done.stdout, re.MULTILINE)
    assert told, done.stdout
    return zipfile.ZipFile(ROOT / told[1])


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What this machine's zip does in an empty folder, with nothing but the runtime's Python."""
    folder = tmp_path_factory.mktemp("task")
    built = package.build(package.host_platform(), uv=settings.uv())
    zipfile.ZipFile(built.path).extractall(folder)
    image = str(ROOT / "samples" / "club2.png")
    done = subprocess.run(
        [RUNTIME, "-I", "-c", PROGRAM.format(folder=str(folder), image=image)],
        cwd=folder,
        env={"ORIGINAL_BUCKET": "a", "RESIZED_BUCKET": "b", "AWS_REGION": "ca-central-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert all(Path(file).is_relative_to(folder) for file in result["files"])
    return result


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_compiled_modules_are_for_the_architecture(architecture: str) -> None:
    """Every shared library in the zip is an ELF file of that machine, Pillow's core among them."""
    archive = packaged(architecture)
    libraries = [name for name in archive.namelist() if ".so" in Path(name).suffixes]
    headers = {name: archive.read(name)[:20] for name in libraries}
    assert {b"\x7fELF"} == {header[:4] for header in headers.values()}
    machines = {struct.unpack_from("<H", header, 18)[0] for header in headers.values()}
    assert {MACHINES[architecture]} == machines
    assert any(name.startswith("PIL/_imaging.") for name in libraries)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_zip_holds_the_function_and_pillow_and_nothing_else(architecture: str) -> None:
    """boto3 is Lambda's to bring; tests, stubs, bytecode and requirements are no one's."""
    names = packaged(architecture).namelist()
    roots = {name.split("/")[0] for name in names}
    (information,) = [root for root in roots if root.endswith(".dist-info")]
    assert {"image_resize", "PIL", "pillow.libs", information} == roots
    own = {path.name for path in (ROOT / "lambda" / "image_resize").glob("*.py")}
    assert own == {name.split("/")[1] for name in names if name.startswith("image_resize/")}
    suffixes = {Path(name).suffix for name in names if information not in name}
    assert set() == suffixes & {".pyc", ".pyi", ".txt", ".in", ".sh"}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_zip_is_small(architecture: str) -> None:
    """Under 10 MB zipped and 30 MB unzipped; Lambda takes 50 and 250 (its quotas page)."""
    entries = packaged(architecture).infolist()
    assert sum(entry.compress_size for entry in entries) < 10_000_000
    assert sum(entry.file_size for entry in entries) < 30_000_000


def test_both_architectures_hold_the_same_function() -> None:
    """Only compiled modules differ."""
    one, other = (packaged(architecture) for architecture in ARCHITECTURES)
    own = [name for name in one.namelist() if name.startswith("image_resize/")]
    assert [one.read(name) for name in own] == [other.read(name) for name in own]


def test_the_zip_works_with_the_runtime_alone(deployed: dict[str, Any]) -> None:
    """Unpacked into an empty folder, it imports, refuses bad events and makes a thumbnail."""
    refused = [(answer["success"], answer["error"]) for answer in deployed["answers"]]
    assert [(False, "INVALID_REQUEST")] * 3 == refused
    assert {"width": 256, "height": 171, "format": "png"} == deployed["facts"]


def test_importing_the_handler_is_cheap(deployed: dict[str, Any]) -> None:
    """Of Pillow's forty plugins the needed ones; nothing heavy; few modules but boto3's."""
    loaded = set(deployed["loaded"])
    plugins = {name for name in loaded if name.endswith("ImagePlugin")}
    expected = {"Avif", "Bmp", "Gif", "Jpeg", "Png", "Ppm", "Tiff", "WebP"}
    assert {f"PIL.{name}ImagePlugin" for name in expected} == plugins
    unwanted = {"numpy", "tkinter", "unittest", "asyncio", "sqlite3"}
    assert set() == {name.split(".")[0] for name in loaded} & unwanted
    theirs = ("boto", "s3transfer", "urllib3", "dateutil", "jmespath", "awscrt")
    assert len([name for name in loaded if not name.startswith(theirs)]) < 300
