"""The command line: what it asks of the launcher, and how it tells what came of that."""

from __future__ import annotations

import contextlib
import io
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack_standalone import cli, installation
from localstack_standalone.launcher import emulator, errors, health
from localstack_standalone.launcher.emulator import Installation
from localstack_standalone.launcher.record import Record

KNOWN = Record("embedded", 4599, {"pid": 4711})


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """LocalStack and a runtime are there, and this process keeps its answers to signals."""
    made = emulator.Installation(Path("python"), {})
    monkeypatch.setattr(cli, "_installed", lambda _arguments: made)
    before = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _refuse(monkeypatch: pytest.MonkeyPatch, error: errors.LauncherError) -> None:
    def start(*_: object, **__: object) -> Record:
        raise error

    monkeypatch.setattr(emulator, "start", start)


def test_what_is_behind_the_dashes_is_the_command() -> None:
    """Its options are its own, a second pair of dashes too."""
    parsed = cli.parse(["exec", "--services", "s3,sqs", "--", "pytest", "-x", "--", "tests"])
    assert ["pytest", "-x", "--", "tests"] == parsed.words
    assert ("s3", "sqs") == parsed.services


@pytest.mark.parametrize("words", [["exec"], ["exec", "pytest"], ["up", "--", "pytest"], []])
def test_a_wrong_call_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With the status of a misuse, and what is right."""
    with pytest.raises(SystemExit) as refused:
        cli.parse(words)
    assert 2 == refused.value.code
    assert "usage: localstack-standalone" in capsys.readouterr().err


def test_the_state_is_in_the_folder_that_one_works_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named in full, since the emulator works elsewhere."""
    monkeypatch.chdir(tmp_path)
    assert tmp_path / ".localstack-standalone" == cli.parse(["up"]).state_dir
    assert tmp_path / "mine" == cli.parse(["up", "--state-dir", "mine"]).state_dir


@pytest.mark.parametrize(("words", "port"), [([], 4566), (["--port", "0"], None)])
def test_up_listens_where_localstack_does_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], port: int | None
) -> None:
    """On 4566, or on any free port; the folder is kept out of git."""
    asked: list[int | None] = []
    kept: list[bool] = []

    def start(_state_dir: Path, port: int | None, installed: Installation) -> Record:
        asked.append(port)
        kept.append(installed.persist)
        return KNOWN

    monkeypatch.setattr(emulator, "start", start)
    assert 0 == cli.main(["up", "--state-dir", str(tmp_path), *words])
    assert [port] == asked
    assert "*\n" == (tmp_path / ".gitignore").read_text()
    assert 0 == cli.main(["up", "--persist", "--state-dir", str(tmp_path), *words])
    assert [False, True] == kept  # a new emulator is what tests want


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (errors.PortTakenError(4566, "process 1 (x)"), "by process 1 (x); stop that, or choose"),
        (errors.OtherPortError(Path("there"), 4600), "`localstack-standalone down` first"),
        (errors.StateFolderError(Path("there"), "notes.txt"), "name another with --state-dir"),
        (installation.LocalStackMissingError(), "with its extra"),
    ],
)
def test_an_error_says_what_to_do(
    error: errors.LauncherError,
    hint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In the words of this command, and with no traceback."""
    _refuse(monkeypatch, error)
    assert 1 == cli.main(["up"])
    said = capsys.readouterr().err
    assert "error: " in said
    assert hint in said


def test_a_command_that_was_not_run_has_a_status_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No test run ends with 125."""
    _refuse(monkeypatch, errors.StartError("it did not come up"))
    assert 125 == cli.main(["exec", "--", "true"])


@pytest.mark.parametrize(
    ("known", "seen", "status", "says"),
    [
        (KNOWN, "ready", 0, "ready: http://127.0.0.1:4599 (process 4711)"),
        (KNOWN, "no answer", 3, "no answer: http://127.0.0.1:4599 (process 4711)"),
        (None, "", 3, "not up"),
    ],
)
def test_status_is_for_people_and_for_programs(
    known: Record | None,
    seen: str,
    status: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The exit status tells whether a request would succeed; --json has the rest."""
    checked = health.Health(ready=seen == "ready", seen=seen)
    monkeypatch.setattr(emulator, "status", lambda _state_dir: known)
    monkeypatch.setattr(health, "check", lambda _endpoint: checked)
    assert (status, f"{says}\n") == _said("status")
    assert status == _said("status", "--json")[0]
    told = json.loads(_said("status", "--json")[1])
    assert (seen == "ready") == told["ready"]
    assert (known.endpoint if known else None) == told.get("endpoint")


def _said(*words: str) -> tuple[int, str]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        return cli.main(words), out.getvalue()


def test_without_a_log_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first start there is none."""
    assert 1 == cli.main(["logs", "--state-dir", str(tmp_path)])
    assert "none was started here yet" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By what was typed, with what it may be."""
    with pytest.raises(SystemExit):
        cli.parse(["up", f"--port={port}"])
    assert f"{port!r} is no port: it must be 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "status"),
    [('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', 0), ('{"StartAt": "B"}', 1)],
)
def test_lint_looks_at_the_folder_that_one_works_in(
    content: str,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """1 where AWS would take it otherwise; in JSON a list."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.asl.json").write_text(content)
    assert status == cli.main(["lint", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert bool(status) == bool(found)
    assert {"m.asl.json"} >= {one["path"] for one in found}


def test_lint_says_what_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a status of its own."""
    assert 2 == cli.main(["lint", str(tmp_path / "none")])
    assert "none is not there" in capsys.readouterr().err


def test_lint_explains_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == cli.main(["lint", "--explain", "LS201"])
    assert "apostrophe" in capsys.readouterr().out
