"""What `make test-state` is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import test_state
from testbed.errors import SettingError, TestbedError


def test_an_input_may_be_a_file(tmp_path: Path) -> None:
    """Or JSON as it stands; a mock likewise."""
    file = tmp_path / "input.json"
    file.write_text('{"key": "a.png"}')
    given = test_state.read_arguments(
        [], {"STATE": "Main", "INPUT": str(file), "MOCK": '{"Payload": {}}', "RETRIES": "2"}
    )
    assert ("Main", '{"key": "a.png"}', 2, "DEBUG") == (
        given.state,
        given.input,
        given.retries,
        given.level,
    )
    assert {"result": '{"Payload": {}}', "fieldValidationMode": "NONE"} == given.mock


def test_an_error_is_a_name_and_a_cause() -> None:
    """Without one it has none."""
    given = test_state.read_arguments(["Main", "--error", "Busy"], {})
    assert {"errorOutput": {"error": "Busy", "cause": ""}} == given.mock
    assert test_state.read_arguments(["Main"], {}).mock is None


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "which state"),
        ({"STATE": "Main", "MOCK": "{}", "ERROR": "Busy"}, "one of them"),
        ({"STATE": "Main", "INPUT": "{"}, "INPUT must be JSON, or a file with JSON: "),
        ({"STATE": "Main", "MOCK": "nowhere.json"}, "MOCK must be .* that is there"),
    ],
)
def test_what_cannot_be_is_refused(environ: dict[str, str], words: str) -> None:
    """Before anything is asked of a testbed."""
    with pytest.raises(TestbedError, match=words) as refused:
        test_state.read_arguments([], environ)
    assert isinstance(refused.value, SettingError) == ("must be" in words)
