from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone import nodes


def fake(path: Path, version: str) -> str:
    """A program that says that it is Node.js *version*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return str(path)


def environ(tmp_path: Path) -> dict[str, str]:
    """A machine with nothing on it."""
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path), "HOMEBREW_PREFIX": "/nowhere"}


def test_the_one_on_path_is_found(tmp_path: Path) -> None:
    """By the version that it says itself; also under the name that Debian gave it once."""
    node = fake(tmp_path / "bin" / "node", "v22.20.0")
    other = fake(tmp_path / "bin" / "nodejs", "v20.18.0")
    assert {"nodejs20.x": other, "nodejs22.x": node} == nodes.find(environ(tmp_path))


def test_a_version_that_lambda_has_not_is_none(tmp_path: Path) -> None:
    """Odd versions, older ones, and what is no Node.js."""
    for version in ("v23.1.0", "v18.20.0", "hello", ""):
        fake(tmp_path / "bin" / "node", version)
        assert {} == nodes.find(environ(tmp_path))


@pytest.mark.parametrize(
    "kept",
    [
        ".nvm/versions/node/v24.{}.0/bin/node",
        ".local/share/fnm/node-versions/v24.{}.0/installation/bin/node",
        ".volta/tools/image/node/24.{}.0/bin/node",
        ".asdf/installs/nodejs/24.{}.0/bin/node",
        ".local/share/mise/installs/node/24.{}.0/bin/node",
        ".nodenv/versions/24.{}.0/bin/node",
    ],
)
def test_version_managers_are_asked(tmp_path: Path, kept: str) -> None:
    """The newest that one keeps, where none is on PATH."""
    made = [fake(tmp_path / kept.format(minor), f"v24.{minor}.0") for minor in (2, 11, 9)]
    assert {"nodejs24.x": made[1]} == nodes.find(environ(tmp_path))
    on_path = fake(tmp_path / "bin" / "node", "v24.1.0")
    assert {"nodejs24.x": on_path} == nodes.find(environ(tmp_path))


def test_their_variables_lead_to_them(tmp_path: Path) -> None:
    """NVM_DIR and its like say where it is else."""
    node = fake(tmp_path / "elsewhere/versions/node/v20.1.0/bin/node", "v20.1.0")
    given = environ(tmp_path) | {"NVM_DIR": str(tmp_path / "elsewhere")}
    assert {"nodejs20.x": node} == nodes.find(given)


def test_what_does_not_run_is_none(tmp_path: Path) -> None:
    """A broken one is passed over."""
    broken = tmp_path / "node"
    broken.write_text("no program")
    broken.chmod(0o755)
    assert nodes.identify(str(broken)) is None
    assert nodes.identify(str(tmp_path / "missing")) is None


def test_a_link_to_it_is_no_other(tmp_path: Path) -> None:
    """Debian has one program under two names: it is shown as most know it."""
    node = fake(tmp_path / "bin" / "node", "v22.20.0")
    (tmp_path / "bin" / "nodejs").symlink_to(node)
    assert {"nodejs22.x": node} == nodes.find(environ(tmp_path))
