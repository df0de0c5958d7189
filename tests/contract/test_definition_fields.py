"""The fields of states that the plugin knows, held against cfn-lint's schema of the language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cfnlint
import pytest

from localstack_standalone.definitions import fields

SCHEMA: dict[str, Any] = json.loads(
    Path(cfnlint.__file__)
    .with_name("data")
    .joinpath("schemas/other/step_functions/statemachine.json")
    .read_text(encoding="utf-8")
)
# AWS refuses the first of each, and takes the second (measured and published by cdk-preflight).
THEIRS_ALONE = {
    "Choice": {"Arguments", "End", "Next"},
    "Fail": {"Arguments", "InputPath", "Output", "OutputPath"},
    "Map": {"Arguments"},
    "Pass": {"Arguments"},
    "Wait": {"Arguments"},
}
OURS_ALONE = {"Parallel": {"Parameters"}, "Succeed": {"InputPath", "OutputPath", "QueryLanguage"}}


@pytest.mark.parametrize("kind", fields.TYPES)
def test_a_state_has_the_fields_that_cfn_lint_knows(kind: str) -> None:
    """But for those where AWS was asked, and says otherwise."""
    known = set(SCHEMA["definitions"][kind.lower()]["properties"])
    assert THEIRS_ALONE.get(kind, set()) == known - fields.ALLOWED[kind]
    assert OURS_ALONE.get(kind, set()) == fields.ALLOWED[kind] - known


def test_a_machine_has_the_fields_that_cfn_lint_knows() -> None:
    """All of them."""
    assert fields.MACHINE == set(SCHEMA["properties"])
