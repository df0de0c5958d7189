from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import runner
from conformance.check import Check
from conformance.report import CheckResult, Findings, Verdict
from dev import engines
from dev.engines import Contender
from testbed import settings
from testbed.errors import TestbedError


def report(verdict: Verdict) -> Findings:
    check = Check("S3", "a thing", "does it", "https://aws.example", lambda _: None)
    return Findings(
        "http://127.0.0.1:1", "2026-02-03T00:00:00+00:00", (CheckResult(check, verdict, "so", 1),)
    )


@contextlib.contextmanager
def starts(folder: Path) -> Iterator[str]:
    assert not folder.exists()
    yield "http://127.0.0.1:1"


def does_not(folder: Path) -> contextlib.nullcontext[str]:
    raise TestbedError(f"no Docker engine answers\n{folder}")


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    page = tmp_path / "engines.md"
    monkeypatch.setattr(engines, "PAGE", page)
    monkeypatch.setattr(engines, "version", lambda _environment, name: f"9.9 of {name}")
    monkeypatch.setattr(runner, "run", lambda _checks, _endpoint: report(Verdict.DIFFERS))
    return page


def test_each_engine_is_asked_and_the_page_says_when(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With versions; one that does not start is named, with its reason."""
    one = Contender("one", "the first", starts, ("a", "tea"))
    two = Contender("two", "the second", does_not, ("a", "tea"))
    monkeypatch.setattr(engines, "ENGINES", (one, two))
    engines.main()
    text = written.read_text(encoding="utf-8")
    assert "On 2026-02-03, on " in text
    assert "| one | tea 9.9 of tea | the first |" in text
    assert "Not asked: two, which did not start: no Docker engine answers\n" in text
    assert "- **S3: a thing** (differs): `so`" in text


def test_without_any_nothing_is_written(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ENGINES", (Contender("two", "", does_not, ("a", "tea")),))
    with pytest.raises(TestbedError, match="nothing is written"):
        engines.main()
    assert not written.exists()


def test_versions_are_those_of_the_environment() -> None:
    """Not of what runs this."""
    assert engines.version("tools", "boto3").count(".") == 2
    with pytest.raises(TestbedError, match="has no such-a-thing"):
        engines.version("tools", "such-a-thing")


def test_every_engine_has_an_environment_that_is_made() -> None:
    """Each is in a hashed lock."""
    for each in engines.ENGINES:
        assert (settings.ROOT / "requirements" / f"{each.packages[0]}.lock").exists()
