"""The pipeline passes its own linter, and the linter's page is what its codes say."""

from __future__ import annotations

from dev import lint_docs
from localstack_standalone.lint import check, report
from scripts import lint_pipeline
from testbed import settings


def test_nothing_but_notes_is_found_in_the_pipeline() -> None:
    """Its bucket names are the ones that were asked for, and shared by all accounts."""
    found = check.check([settings.ROOT / name for name in lint_pipeline.SOURCES])
    assert not report.fails(found), report.text(found, settings.ROOT)
    assert {"LS402"} == {each.code for each in found}


def test_the_page_is_up_to_date() -> None:
    """It is generated; `make lint-docs` writes it anew."""
    assert lint_docs.text() == lint_docs.PATH.read_text(encoding="utf-8")
