from __future__ import annotations

import pytest

from scripts import lint_pipeline
from testbed.errors import SettingError


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, []), ({"JSON": "1"}, ["--json"]), ({"SARIF": "on", "JSON": "0"}, ["--sarif"])],
)
def test_one_form_is_asked_for(environ: dict[str, str], expected: list[str]) -> None:
    assert expected == lint_pipeline.asked(environ)


def test_two_forms_are_refused() -> None:
    with pytest.raises(SettingError, match="SARIF"):
        lint_pipeline.asked({"JSON": "1", "SARIF": "1"})
