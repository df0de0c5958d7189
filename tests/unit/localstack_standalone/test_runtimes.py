"""Lambda runtimes that are made on a machine that has none."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from localstack_standalone import nodes, runtimes
from localstack_standalone.runtimes import RuntimeUnavailableError
from testbed import settings

OWN = "python{}.{}".format(*sys.version_info[:2])
READY = str(settings.ENVS / "lambda-runtime" / "bin" / "python")
# Makes an environment of a real interpreter, and notes what it was asked for.
UV = """#!/bin/sh
echo "$@" >> "$HOME/calls"
if [ "$1" = venv ]; then
    mkdir -p "$6/bin" && ln -s "$5" "$6/bin/python"
elif [ -e "$HOME/offline" ]; then
    echo "dns error: no such host" >&2
    exit 1
fi
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with nothing in the cache, and an installer that fetches nothing."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "uv").write_text(UV)
    (programs / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(nodes, "find", dict)
    return tmp_path


def _ensure(*wanted: str) -> tuple[dict[str, str], list[str]]:
    told: list[str] = []
    return runtimes.ensure(wanted, told.append), told


def _calls(home: Path) -> list[str]:
    return (home / "calls").read_text().splitlines()


def test_a_runtime_is_made_once_and_kept(home: Path) -> None:
    """The first who needs it waits and is told so; the next finds it in the user's cache."""
    made, told = _ensure()
    assert [OWN] == list(made)
    assert Path(made[OWN]).is_relative_to(home / "cache")
    assert 2 == len(told)
    assert told[0].startswith(f"making the Lambda runtime {OWN}, once")
    assert told[1].startswith(f"made {OWN} in ")
    assert (made, []) == _ensure()
    assert 2 == len(_calls(home))


def test_what_is_installed_is_pinned_by_hash(home: Path) -> None:
    """A runtime is the same on every machine: packages come from a lock with their hashes."""
    _ensure()
    assert "--require-hashes" in _calls(home)[1]
    lock = _calls(home)[1].rpartition(" ")[2]
    assert "awslambdaric==" in Path(lock).read_text()
    assert "--hash=sha256:" in Path(lock).read_text()


def test_two_at_once_make_it_once(home: Path) -> None:
    """Workers of one test run begin together."""
    found: list[dict[str, str]] = []
    threads = [threading.Thread(target=lambda: found.append(_ensure()[0])) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert 2 == len(_calls(home))


def test_one_that_was_cut_off_is_made_anew(home: Path) -> None:
    """An interrupted installation is never used."""
    made, _ = _ensure()
    (Path(made[OWN]).parent.parent / runtimes.COMPLETE).unlink()
    assert made == _ensure()[0]
    assert 4 == len(_calls(home))


def test_without_a_network_the_message_says_what_to_do(home: Path) -> None:
    """The installer's own words, and two ways out; nothing half-made is used next time."""
    (home / "offline").touch()
    with pytest.raises(RuntimeUnavailableError, match="no such host") as refused:
        _ensure()
    assert "try again" in str(refused.value)
    assert f"{OWN}=/path/to/python" in str(refused.value)
    (home / "offline").unlink()
    assert [OWN] == list(_ensure()[0])


def test_a_python_that_is_a_runtime_is_used_as_it_is(home: Path) -> None:
    """Who names one with awslambdaric in it needs no installer."""
    assert ({OWN: READY}, []) == _ensure(f"{OWN}={READY}")


def test_the_emulators_own_environment_is_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function finds what AWS brings, also where the project has the client for itself."""
    monkeypatch.setattr(sys, "executable", READY)
    assert READY != _ensure()[0][OWN]


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("ruby3.3", "names no runtime: say python3.12"),
        ("python3.99", "no python3.99 is on PATH"),
        ("python3.99=/nowhere", "/nowhere does not run as a Python"),
        ("python3.99=/bin/false", "/bin/false does not run as a Python"),
        (f"python3.99={READY}", f"is Python {OWN.removeprefix('python')}, not python3.99"),
    ],
)
def test_what_cannot_be_one_is_named(home: Path, word: str, says: str) -> None:
    """The message names the word, and what to write instead."""
    with pytest.raises(RuntimeUnavailableError, match=says):
        _ensure(word)


def test_a_node_that_is_here_needs_no_naming(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made for it; one that is named by its path comes before it."""
    found, other = home / "node", home / "other"
    for program in (found, other):
        program.write_text("#!/bin/sh\necho v22.1.0\n")
        program.chmod(0o755)
    monkeypatch.setattr(nodes, "find", lambda: {"nodejs22.x": str(found)})
    assert str(found) == _ensure()[0]["nodejs22.x"] == _ensure("nodejs22.x")[0]["nodejs22.x"]
    made, _ = _ensure(f"nodejs22.x={other}")
    assert str(other) == made["nodejs22.x"]
    with pytest.raises(RuntimeUnavailableError, match=r"as the Node\.js of nodejs24\.x"):
        _ensure(f"nodejs24.x={other}")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("nodejs18.x", "of Node.js there are nodejs20.x"), ("nodejs20.x", "no Node.js for nodejs20")],
)
def test_a_node_that_is_not_to_be_had(home: Path, wanted: str, words: str) -> None:
    """It is said which there are, or how to name one."""
    assert home.exists()
    with pytest.raises(RuntimeUnavailableError, match=words):
        _ensure(wanted)
