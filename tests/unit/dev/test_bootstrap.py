"""Which Pythons of a machine become Lambda runtimes, and which locks an environment is made of."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dev import bootstrap

interpreters: Callable[[str], list[str]] = bootstrap.interpreters
other_runtimes: Callable[[], list[str]] = bootstrap.other_runtimes
usual: Callable[[], list[str]] = bootstrap.usual


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python but those that a test puts there."""
    for name in ("PYENV_ROOT", "XDG_DATA_HOME", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / '.pyenv/shims'}:{tmp_path / 'bin'}:bin")
    return tmp_path


def _put(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    "place",
    [
        "bin/python3.11",
        ".pyenv/versions/3.11.7/bin/python3.11",
        ".local/share/uv/python/cpython-3.11.9-linux-x86_64-gnu/bin/python3.11",
    ],
)
def test_a_python_is_found_where_it_is_kept(machine: Path, place: str) -> None:
    """On PATH, among pyenv's versions, among uv's."""
    assert [_put(machine / place)] == interpreters("3.11")
    assert ["lambda-runtime-python3.11"] == other_runtimes()


def test_a_shim_is_no_python(machine: Path) -> None:
    """Pyenv's shims are there for versions that are not in use."""
    _put(machine / ".pyenv/shims/python3.11")
    assert [] == interpreters("3.11")


def test_a_link_is_found_once(machine: Path) -> None:
    """Two names of one interpreter are one."""
    real = _put(machine / ".pyenv/versions/3.11.7/bin/python3.11")
    (machine / "bin").mkdir()
    (machine / "bin/python3.11").symlink_to(real)
    assert [real] == interpreters("3.11")


def test_the_pipelines_own_and_what_aws_has_not_are_left_out(machine: Path) -> None:
    """3.13 has its environment anyway, and 3.8 is no runtime any more."""
    for version in ("3.8", "3.13", "3.15"):
        _put(machine / f"bin/python{version}")
    assert [] == other_runtimes()


def test_one_that_does_not_work_is_noted_and_not_tried_again(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The setup goes on without it, says so once, and tries again when another one is there."""
    find_uv: Callable[[], str] = bootstrap.find_uv
    uv = find_uv()
    monkeypatch.setattr(bootstrap, "find_uv", lambda: uv)
    monkeypatch.setattr(bootstrap, "ENVS", machine / "envs")
    _put(machine / "bin/python3.12")
    name = "lambda-runtime-python3.12"
    assert 0 == bootstrap.main([name])  # type: ignore[no-untyped-call]  # runs on any Python 3
    assert "not usable" in capsys.readouterr().out
    assert (machine / "envs" / name / "unusable").read_text()
    assert 0 == bootstrap.main([name])  # type: ignore[no-untyped-call]
    assert "" == capsys.readouterr().out
    _put(machine / ".pyenv/versions/3.12.9/bin/python3.12")
    assert not bootstrap.is_current(name)  # type: ignore[no-untyped-call]


def test_this_machines_own_is_found() -> None:
    """The Python of these tests is one that a machine has."""
    version = "{}.{}".format(*sys.version_info[:2])
    assert interpreters(version)


def test_the_benchmark_has_the_tools_with_what_draws() -> None:
    """In one environment, so a package that both locks have must have one version in them."""
    locks: list[Path] = bootstrap.locks_of("bench")  # type: ignore[no-untyped-call]
    assert ["tools.lock", "bench.lock"] == [lock.name for lock in locks]
    tools, drawing = (_pinned(lock) for lock in locks)
    assert {"matplotlib", "plotext"} <= drawing.keys()
    shared = tools.keys() & drawing.keys()
    assert {name: tools[name] for name in shared} == {name: drawing[name] for name in shared}


def _pinned(lock: Path) -> dict[str, str]:
    lines = lock.read_text(encoding="utf-8").splitlines()
    pins = (line.split()[0].partition("==") for line in lines if line[:1].isalnum())
    return {name: version for name, _, version in pins}


def test_the_engine_that_is_set_is_made_too(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual one is made in any case."""
    monkeypatch.delenv("ENGINE", raising=False)
    without = usual()
    monkeypatch.setenv("ENGINE", "localstack")
    assert without == usual()
    monkeypatch.setenv("ENGINE", "localemu")
    assert {*without, "localemu"} == set(usual())
