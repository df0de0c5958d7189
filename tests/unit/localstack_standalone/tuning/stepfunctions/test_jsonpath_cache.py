from __future__ import annotations

import subprocess
from types import ModuleType

import pytest

from localstack_standalone.tuning.stepfunctions import jsonpath_cache
from testbed import settings

# Where LocalStack is: the library that is tuned is the one that it uses.
PARSERS = """
import types
from localstack_standalone.tuning.stepfunctions import jsonpath_cache
from jsonpath_ng.ext.parser import ExtentedJsonPathParser  # as the library spells it
from jsonpath_ng.parser import JsonPathParser

jsonpath_cache.tune(types.SimpleNamespace(parse=str))
jsonpath_cache.tune(types.SimpleNamespace(parse=str))
"""
ONCE = """
for grammar in (JsonPathParser, ExtentedJsonPathParser):
    first, second = grammar(), grammar()
    assert first.parser.action is second.parser.action, grammar
    assert first.parser is not second.parser, grammar
    assert first.parse("$.a[*].b") == second.parse("$.a[*].b"), grammar
"""
EACH_ITS_OWN = """
for _ in range(2):
    path = ExtentedJsonPathParser().parse("$.a[?b > 1].b")
    assert [2] == [match.value for match in path.find({"a": [{"b": 1}, {"b": 2}]})]
    try:
        JsonPathParser().parse("$.a[?b > 1].b")
    except Exception as error:
        assert "Error on line 1" in str(error), error
    else:
        raise AssertionError("the plain grammar has no filters")
"""


def test_a_path_is_parsed_once_and_an_error_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsing is remembered by its text, a failure is not."""
    target = ModuleType("target")
    parsed: list[str] = []

    def parse(path: str) -> str:
        parsed.append(path)
        if path == "bad":
            raise ValueError(path)
        return path.upper()

    target.parse = parse  # type: ignore[attr-defined]
    monkeypatch.setattr(jsonpath_cache, "_build_tables_once", lambda: None)  # needs jsonpath_ng
    jsonpath_cache.tune(target)
    assert ["$.A", "$.A"] == [target.parse("$.a"), target.parse("$.a")]
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            target.parse("bad")
    assert ["$.a", "bad", "bad"] == parsed


@pytest.mark.parametrize("program", [ONCE, EACH_ITS_OWN], ids=["once", "each its own"])
def test_a_grammar_s_tables_are_built_once(program: str) -> None:
    """Each has its own; the stacks that parsing keeps are each parser's."""
    done = subprocess.run(
        [settings.ENVS / "emulator" / "bin" / "python", "-c", PARSERS + program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
