"""Which tests a tier runs, and what they are told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence

import pytest

from dev import run_tests
from testbed import settings

type Tier = Callable[..., tuple[Sequence[str], Mapping[str, str]]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Tier:
    """Gives the command line and the environment of the pytest that a tier becomes."""
    monkeypatch.chdir(settings.ROOT)
    became: list[tuple[Sequence[str], Mapping[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda _file, words, environ: became.append((words, environ)))

    def tier(name: str, **variables: str) -> tuple[Sequence[str], Mapping[str, str]]:
        monkeypatch.setattr(os, "environ", variables)
        monkeypatch.setattr(sys, "argv", ["run_tests", name])
        run_tests.main()
        return became.pop()

    return tier


@pytest.mark.parametrize("tier", ["test", "test-browser", "soak"])
def test_nobody_is_told_to_test_the_testbed_that_is_up(run: Tier, tier: str) -> None:
    """Unless the person does."""
    assert "RUNNING" not in run(tier)[1]
    assert "1" == run(tier, RUNNING="1")[1]["RUNNING"]


def test_the_docker_tier_tests_the_container_that_is_up(run: Tier) -> None:
    """Whatever target is set."""
    _, environ = run("test-docker", TARGET="embedded")
    assert ("docker", "1") == (environ["TARGET"], environ["RUNNING"])


@pytest.mark.parametrize(
    ("tier", "report"),
    [
        ("test", "reports/junit.xml"),
        ("test-docker", "reports/junit-docker.xml"),
        ("test-aws", "reports/junit-aws.xml"),
    ],
)
def test_a_report_goes_where_it_is_wanted(run: Tier, tier: str, report: str) -> None:
    """Else to the tier's own file."""
    assert f"--junitxml={report}" in run(tier)[0]
    assert "--junitxml=mine.xml" in run(tier, REPORT="mine.xml")[0]


def test_a_tier_without_a_report_writes_none(run: Tier) -> None:
    """Somebody at a terminal reads it."""
    assert not [word for word in run("soak")[0] if word.startswith("--junitxml")]
