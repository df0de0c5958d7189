"""`make clean` of a checkout in which the user has put things."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

from dev import bootstrap
from localstack_standalone.launcher import state_folder
from scripts import clean
from testbed import outputs, settings
from tests.support.addresses import EMULATED


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    return path


def left(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}


def test_what_the_user_put_beside_stays_and_is_named(tmp_path: Path) -> None:
    """In the folders that the commands make, too; what they made there goes."""
    for made in (
        "build/function-x.zip",
        "build/dependencies-x/a.py",
        "reports/junit.xml",
        "reports/evidence/emulator.log",
        ".mypy_cache/a",
        "tests/unit/__pycache__/a.cpython-313.pyc",
    ):
        put(tmp_path / made)
    mine = {
        *("build/mine.txt", "reports/thesis.pdf", ".testbed-notes.md", ".testbed-backup/a.txt"),
        *("venv/lib/__pycache__/a.cpython-313.pyc", "tests/__pycache__/notes.txt"),
    }
    for name in mine:
        put(tmp_path / name)
    named = {str(path.relative_to(tmp_path)) for path in clean.remains(tmp_path)}
    assert mine == left(tmp_path)
    assert (
        mine - {"venv/lib/__pycache__/a.cpython-313.pyc", ".testbed-backup/a.txt"}
        | {".testbed-backup"}
        == named
    )


def test_a_linked_folder_is_left_with_all_in_it(tmp_path: Path) -> None:
    """`reports` on another disk, a `.testbed-x` that leads to somebody's folder."""
    mine = put(tmp_path / "elsewhere" / "junit.xml").parent
    root = tmp_path / "checkout"
    root.mkdir()
    for name in ("reports", ".testbed-x"):
        (root / name).symlink_to(mine)
    assert {root / "reports", root / ".testbed-x"} == set(clean.remains(root))
    assert {"junit.xml"} == left(mine)


def test_an_ordinary_checkout_keeps_nothing(tmp_path: Path) -> None:
    """Empty folders that the commands made are gone as well."""
    put(tmp_path / "build" / "function-x.zip")
    put(tmp_path / "scripts" / "__pycache__" / "up.cpython-313.pyc")
    state_folder.take(tmp_path / ".testbed")
    assert [] == list(clean.remains(tmp_path))
    assert {".testbed", "scripts"} == {path.name for path in tmp_path.iterdir()}


def test_every_environment_that_is_made_is_known() -> None:
    """What `make setup` and the commands make on demand, `make clean` deletes."""
    made = {*bootstrap.ENVIRONMENTS, *bootstrap.ON_DEMAND, "uv", "lock"}
    assert {*made, f"{bootstrap.RUNTIME_PREFIX}3.*"} == set(clean.ENVIRONMENTS)


def test_every_folder_of_sources_is_known() -> None:
    """Bytecode is deleted wherever Python of ours lies."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=settings.ROOT, capture_output=True, text=True, check=True
    )
    assert {name.split("/")[0] for name in listed.stdout.splitlines()} == set(clean.SOURCES)


def test_addresses_on_aws_are_known(tmp_path: Path) -> None:
    """The pipeline there stays when they are deleted, and that is said."""
    assert not clean._is_on_aws(tmp_path)  # noqa: SLF001 - `main` stops and deletes
    outputs.write(tmp_path, dataclasses.replace(EMULATED, target="aws", endpoint=None))
    assert clean._is_on_aws(tmp_path)  # noqa: SLF001 - likewise
