"""A laptop without network, rights or a Python of its own: a bundle is unpacked, and used."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import bundle
from tests.support import clones

# Packages are fetched and environments made anew.
pytestmark = pytest.mark.timeout(900)

# A network namespace of its own, in which there is this machine's loopback and nothing else. Who is
# not root has to be root in it for a moment.
_ME = os.geteuid()
_BACK = f"unshare --user --map-user={_ME} --map-group={os.getegid()}" if _ME else ""
ALONE = [
    *("unshare", "--net", *(["--map-root-user"] if _ME else [])),
    *("sh", "-c", f'ip link set lo up && exec {_BACK} sh -c "$1"'),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The bundle of the work tree as it is, with a Python that can be moved, as uv's are."""
    folder = tmp_path_factory.mktemp("teacher")
    version = "{}.{}.{}".format(*sys.version_info[:3])
    shutil.copytree(
        sys.base_prefix,
        folder / "pythons" / f"cpython-{version}-linux",
        symlinks=True,
        ignore=shutil.ignore_patterns("__pycache__", "site-packages", "test"),
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("UV_PYTHON_INSTALL_DIR", str(folder / "pythons"))
        yield bundle.make(clones.of_the_work_tree(folder / "source"), folder / "made")


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Unpacked in another place, with a blank in its path."""
    folder = tmp_path_factory.mktemp("student") / "my files"
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    yield folder / bundle.NAME
    _sh(folder / bundle.NAME, "make down")


def test_another_machine_is_told_at_once(unpacked: Path) -> None:
    """A bundle for another processor says so, and what to do, before anything is made."""
    says = unpacked / ".bundle" / "bundle.json"
    before = says.read_text()
    says.write_text(json.dumps(json.loads(before) | {"machine": "riscv64"}))
    done = _run(unpacked, "make demo")
    says.write_text(before)
    assert 0 != done.returncode
    assert "error: this bundle is for Linux riscv64" in done.stdout
    assert "Have one made on such a machine with `make bundle`" in done.stdout
    assert not (unpacked / ".envs" / "emulator").exists()


def test_without_its_python_it_says_what_to_do(unpacked: Path) -> None:
    """Where neither the machine nor the bundle has Python 3.13, nothing waits for a network."""
    python = unpacked / ".bundle" / "python"
    python.rename(python.with_name("aside"))
    done = _run(unpacked, "make demo")
    python.with_name("aside").rename(python)
    assert 0 != done.returncode
    assert "no usable Python 3.13 is on this machine, and none in the bundle" in done.stdout


def test_the_doctor_knows_where_packages_come_from(unpacked: Path, archive: Path) -> None:
    """Before anything is made, and without a word of a network that is needed."""
    said = _run(unpacked, "make doctor PORT=auto").stdout
    commit = clones.git(unpacked, "rev-parse", "HEAD")[:12]
    assert f"✓ packages      from the bundle of commit {commit}; no network is needed" in said
    assert "needs network" not in said


def test_the_demo_runs_without_a_network(unpacked: Path) -> None:
    """`make demo` makes the environments from the bundle alone and sends the image through."""
    said = _sh(unpacked, "make demo PORT=auto")
    assert "SUCCEEDED" in said
    assert (unpacked / ".testbed" / "results" / "thumb-club2.png").exists()


def test_tests_run_without_a_network(unpacked: Path) -> None:
    """Unit tests, and those that start an emulator and ask it."""
    chosen = "tests/unit/infra tests/contract/test_tree.py tests/e2e/test_assignment.py"
    said = _sh(unpacked, f".envs/tools/bin/python -m pytest -q -p no:cacheprovider {chosen}")
    assert " passed" in said
    assert " failed" not in said


def test_the_function_is_packed_for_aws_without_a_network(unpacked: Path) -> None:
    """For both processors that Lambda has."""
    for architecture in ("x86_64", "arm64"):
        assert "sha256" in _sh(unpacked, f"make package ARCH={architecture}")


def test_it_is_a_repository(unpacked: Path, archive: Path) -> None:
    """With the commit that the archive is named for, and nothing changed or left over."""
    commit = clones.git(unpacked, "rev-parse", "HEAD")
    assert f"-{commit[:12]}-" in archive.name
    assert "" == clones.git(unpacked, "status", "--porcelain")
    assert "" == clones.git(unpacked, "remote")


def _sh(folder: Path, script: str) -> str:
    done = _run(folder, script)
    assert done.returncode == 0, done.stdout
    return done.stdout


def _run(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    home = folder.parent.parent / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [*ALONE, "sh", script],
        cwd=folder,
        env={
            "HOME": str(home),
            "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
            "LANG": "C.UTF-8",
            "TARGET": "embedded",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
