from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from client import fetch
from runs import collect
from runs.model import Call, ExecutionSpan, Source, Status, Trace
from scripts import trace
from targets import choose
from targets.base import Running
from testbed import outputs as kept
from testbed import settings
from testbed.errors import TestbedError
from testbed.outputs import Outputs
from tests.support.fake_step_functions import StepFunctions

MACHINE = {"StartAt": "Resize", "States": {"Resize": {"Type": "Pass", "End": True}}}
NAME = 'a b/"c" [red]'
Traced = Callable[..., str]


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def traced(
    state_dir: Path,
    outputs: Outputs,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Traced:
    """What `make trace` prints with some variables, of an execution that failed."""
    running = Running("embedded", outputs.endpoint)
    states = StepFunctions()
    states.definition = json.dumps(MACHINE)
    running.aws._made["stepfunctions"] = states  # noqa: SLF001 - in place of a client
    execution = ExecutionSpan(
        arn="arn:e",
        name=NAME,
        state_machine_arn=outputs.state_machine_arn,
        status=Status.FAILED,
        started_at=dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC),
    )
    call = Call(source=Source.INFERRED, url=outputs.api_url, body="{}")
    monkeypatch.setattr(settings, "DOTENV", state_dir / "none")
    monkeypatch.setattr(choose, "running", lambda _wanted: running)
    monkeypatch.setattr(collect, "collect", lambda *_: Trace(call=call, execution=execution))
    monkeypatch.setattr(sys, "argv", ["trace"])
    kept.write(state_dir, outputs)

    def run(**variables: str) -> str:
        given = {"STATE_DIR": str(state_dir), "ID": "arn:e", "JSON": "", "HTML": "", **variables}
        for name, text in given.items():
            monkeypatch.setenv(name, text)
        assert 0 == trace.main()
        return capsys.readouterr().out

    return run


def test_the_tree_is_shown_and_the_page_kept(traced: Traced, state_dir: Path) -> None:
    """0 whatever became of the request; a name with anything in it makes one file of ours."""
    said = traced()
    assert f"Request {NAME}" in said
    page = state_dir / "traces" / fetch.file_name(f"{NAME}.html")
    assert [page] == list((state_dir / "traces").iterdir())
    assert "Resize" in page.read_text(encoding="utf-8")
    assert said.endswith(f"as a page: {page}\n")


def test_json_is_all_that_a_program_reads(traced: Traced, state_dir: Path) -> None:
    """The page is made all the same."""
    assert "FAILED" == json.loads(traced(JSON="1"))["execution"]["status"]
    assert 1 == len(list((state_dir / "traces").iterdir()))


def test_the_page_goes_where_it_is_asked_for(
    traced: Traced, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into a folder that is made, or of one's home; over an older page."""
    monkeypatch.setenv("HOME", str(tmp_path))
    page = tmp_path / "new" / "a.html"
    for asked in (str(page), "~/new/a.html"):
        assert f"as a page: {page}" in traced(HTML=asked)
        assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
        page.write_text("older", encoding="utf-8")
    assert not (tmp_path / "state" / "traces").exists()


@pytest.mark.parametrize(
    ("arguments", "variables", "expected"),
    [
        ([], {}, (collect.LAST, False, None)),
        ([], {"ID": "", "JSON": "", "HTML": ""}, (collect.LAST, False, None)),
        ([], {"ID": "e", "JSON": "1", "HTML": "a.html"}, ("e", True, "a.html")),
        ([], {"JSON": "0"}, (collect.LAST, False, None)),
        (["f", "--html", "b.html"], {"ID": "e", "HTML": "a.html"}, ("f", False, "b.html")),
    ],
)
def test_what_is_asked_for(
    arguments: list[str], variables: dict[str, str], expected: tuple[str, bool, str | None]
) -> None:
    """The latest unless one is named; arguments go before variables, an empty one is unset."""
    given = trace.read_arguments(arguments, variables)
    assert expected == (given.id, given.json, given.html)


def test_a_page_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A folder stands there, or a file where its folder would be."""
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "a.html"):
        with pytest.raises(TestbedError, match=f"'{path}' cannot be written: "):
            trace.write(path, "page")


def test_a_home_that_is_nobodys_is_an_error(traced: Traced) -> None:
    """One message for a person, no traceback."""
    with pytest.raises(TestbedError, match=r"HTML='~nobody-of-that-name/a\.html' is not usable"):
        traced(HTML="~nobody-of-that-name/a.html")


def test_a_page_with_half_a_character_is_written(tmp_path: Path) -> None:
    """JSON carries it, no file can hold it: it is written as its number."""
    trace.write(tmp_path / "a.html", "a\ud800")
    assert "a\\ud800" == (tmp_path / "a.html").read_text(encoding="utf-8")
