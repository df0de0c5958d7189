"""What a newcomer does, in a clone with a space in its path, with README's own commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from grading import catalog
from localstack_standalone.launcher import record
from testbed import settings
from tests.labs import solutions
from tests.labs.test_readmes import commands
from tests.support import clones, processes

README = (settings.ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^( *)```sh\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)
# Settings of this test run are not the newcomer's.
FOREIGN = ("MAKE", "PORT", "STATE_DIR", "TARGET", "AWS_", "PYTEST", "VIRTUAL_ENV", "MFLAGS")

pytestmark = pytest.mark.timeout(600)  # the environments are made anew


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A clone of the work tree as it is, and nothing of its environments."""
    folder = clones.of_the_work_tree(tmp_path_factory.mktemp("new") / "a path with spaces")
    yield folder
    _sh(folder, "make down")


def test_the_demo_sets_everything_up(clone: Path) -> None:
    """`make demo` alone makes the environments, starts the testbed and shows the thumbnail."""
    said = _sh(clone, "make demo PORT=auto")
    assert "SUCCEEDED" in said
    assert (clone / ".testbed" / "results" / "thumb-club2.png").exists()


def test_a_second_demo_finds_all_there(clone: Path) -> None:
    """A second `make demo` makes nothing again: the same address, every resource unchanged."""
    first = _sh(clone, "make outputs")
    said = _sh(clone, "make demo PORT=auto")
    assert "making" not in said
    assert "created" not in said
    assert 9 == said.count("unchanged")
    assert first == _sh(clone, "make outputs")


def test_the_walk_through_works_as_written(clone: Path) -> None:
    """README's steps by hand, run in one shell in their order, do what they say."""
    walk = [code for _, code in BLOCKS if "make test" not in code]
    said = _sh(clone, "set -euo pipefail\nexport PORT=auto\n" + "\n".join(walk))
    assert '"executionArn"' in said
    assert "SUCCEEDED" in said
    assert "WasResizeSuccessful" in said
    assert "REPORT RequestId" in said
    assert (clone / ".testbed" / "thumb-club2.png").exists()


def test_a_lab_is_done_from_its_readme_alone(clone: Path) -> None:
    """The first one, command by command; what a student would have edited is the solution's."""
    folder = clone / "labs" / "1-send-an-image"
    shutil.copytree(solutions.FOLDER / "1" / "reference", folder, dirs_exist_ok=True)
    said = _sh(clone, f"set -euo pipefail\nexport PORT=auto\n{commands(folder / 'README.md')}")
    most = catalog.find("1").points
    assert f"{most} of {most} points" in said
    clones.git(clone, "restore", "labs")


def test_nothing_is_left_behind(clone: Path) -> None:
    """After `make up` and `make down` no process lives, and git sees nothing new."""
    _sh(clone, "make up PORT=auto")
    known = record.read(clone / ".testbed")
    assert known is not None
    family = processes.family(known.pid)
    _sh(clone, "make down")
    assert [] == psutil.wait_procs(family, timeout=10)[1]
    assert "" == clones.git(clone, "status", "--porcelain")


def test_every_command_of_the_readme_is_there(clone: Path) -> None:
    """Each `make …` that README names is a target, and `make` alone prints it with its help."""
    named = set(re.findall(r"`make ([a-z-]+)", README))
    named |= set(re.findall(r"^ *make ([a-z-]+)", README, re.MULTILINE))
    printed = set(re.findall(r"^  make ([a-z-]+) +\S", _sh(clone, "make"), re.MULTILINE))
    assert set() == named - printed


def test_clean_leaves_the_clone_as_it_was(clone: Path) -> None:
    """`make clean` removes environments, state, caches; what is the user's stays, and is named."""
    mine = [clone / name for name in (".testbed/notes.txt", "build/mine.txt", "reports/thesis.pdf")]
    for file in mine:
        file.parent.mkdir(exist_ok=True)
        file.write_text("mine")
    said = _sh(clone, "make clean")
    for file in mine:
        assert file.read_text() == "mine"
        assert file.name in said
        shutil.rmtree(file.parent)
    assert "" == clones.git(clone, "status", "--porcelain", "--ignored")


def test_no_python_is_a_clear_error(clone: Path) -> None:
    """Without any Python the message says what is missing and what to do."""
    done = _run(clone, "make up PYTHON=python-that-is-not-there")
    assert done.returncode != 0
    assert "error: no python-that-is-not-there on PATH; install Python 3" in done.stdout


def _sh(folder: Path, script: str) -> str:
    done = _run(folder, script)
    assert done.returncode == 0, done.stdout
    return done.stdout


def _run(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    own = {name: text for name, text in os.environ.items() if not name.startswith(FOREIGN)}
    own["TARGET"] = "embedded"  # the container has its own tier of tests
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
