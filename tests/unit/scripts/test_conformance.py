from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance import runner
from conformance.check import Check
from conformance.clients import EndpointError
from conformance.features import ALL
from conformance.report import CheckResult, Findings, Verdict
from scripts import conformance
from targets import choose
from targets.base import Running
from testbed.errors import SettingError

type Asked = Callable[..., int]
ENDPOINT = "http://127.0.0.1:4599"


@pytest.fixture
def ran() -> list[tuple[list[Check], str]]:
    return []


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, ran: list[tuple[list[Check], str]]) -> Asked:
    """Runs the command with some variables; every check comes out with a verdict that is given."""

    def ask(verdict: Verdict = Verdict.PASSES, **variables: str) -> int:
        def run(checks: list[Check], endpoint: str, told: Any = lambda _: None) -> Findings:
            ran.append((checks, endpoint))
            results = tuple(CheckResult(check, verdict, "", 0.1) for check in checks)
            for result in results:
                told(result)
            return Findings(endpoint, "2026-01-01T00:00:00+00:00", results)

        monkeypatch.setattr(runner, "run", run)
        monkeypatch.setattr(sys, "argv", ["conformance"])
        for name, text in variables.items():
            monkeypatch.setenv(name, text)
        return conformance.main()

    return ask


def test_all_is_asked_of_the_endpoint(asked: Asked, ran: list[Any]) -> None:
    """0 where all is as on AWS."""
    assert 0 == asked(ENDPOINT=ENDPOINT)
    assert [(list(ALL), ENDPOINT)] == ran


def test_what_differs_is_an_exit_status(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == asked(Verdict.DIFFERS, ENDPOINT=ENDPOINT, FEATURES="Logs")
    assert "0 of 6" in capsys.readouterr().out


def test_json_is_json_and_nothing_else(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    asked(ENDPOINT=ENDPOINT, JSON="1")
    assert ENDPOINT == json.loads(capsys.readouterr().out)["endpoint"]


def test_a_page_is_written(asked: Asked, tmp_path: Path) -> None:
    asked(ENDPOINT=ENDPOINT, HTML=str(tmp_path / "page.html"))
    assert "<h1>" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_features_are_chosen_by_name(asked: Asked, ran: list[Any]) -> None:
    """Whatever their letters."""
    asked(ENDPOINT=ENDPOINT, FEATURES="s3, step functions")
    assert {"S3", "Step Functions"} == {check.feature for check in ran[0][0]}


def test_a_feature_that_is_none_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(SettingError, match=r"FEATURES='SQS'.*S3, Lambda, Step Functions"):
        conformance.of_features("SQS")


def test_another_machine_is_refused(asked: Asked, ran: list[Any]) -> None:
    """Before anything is asked of it."""
    with pytest.raises(EndpointError):
        asked(ENDPOINT="http://aws.example")
    assert [] == ran


def test_another_machine_may_be_allowed(asked: Asked, ran: list[Any]) -> None:
    asked(ENDPOINT="http://aws.example", ANY_HOST="1")
    assert ["http://aws.example"] == [endpoint for _, endpoint in ran]


def test_without_one_it_is_the_testbed_that_is_up(
    asked: Asked, ran: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choose, "running", lambda _: Running("embedded", ENDPOINT))
    asked()
    assert [ENDPOINT] == [endpoint for _, endpoint in ran]


def test_aws_itself_is_not_asked(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "running", lambda _: Running("aws"))
    with pytest.raises(SettingError, match="TARGET"):
        asked()


def test_every_check_has_a_name_of_its_own_and_a_source() -> None:
    """A reader can look up what AWS does."""
    names = [(check.feature, check.name) for check in ALL]
    assert len(set(names)) == len(names)
    assert all(check.source.startswith(("https://", "docs/")) for check in ALL)
    assert all(check.aws and check.timeout_s <= 180 for check in ALL)
