from __future__ import annotations

import pytest

from localstack_standalone.definitions.intrinsics import is_path_or_call


@pytest.mark.parametrize(
    "value",
    [
        "$",
        "$.a[0]",
        "$$.Execution.Id",
        "$variable.a",
        "States.UUID()",
        "States.Array(1, -2.5e3, null, true, 'x')",
        r"States.Format('{}\'s \{braces\} and \\', $.name)",
        "States.ArrayContains($.list[?(@.a == 'x,)')], 1 )",
        "States.StringToJson( States.Format('{}', $['a b']['c']) )",
        "States.MathAdd($.a[0,1],2) ",
    ],
)
def test_paths_and_calls_are_taken(value: str) -> None:
    """Amazon States Language: intrinsic functions take literals, paths and calls."""
    assert is_path_or_call(value)


@pytest.mark.parametrize(
    "value",
    [
        "text",
        "",
        1,
        None,
        "States.Format",
        "States.Format('{}'",
        "States.Format('{}' $.a)",
        "States.Format('open)",
        "States.Format($.a[)",
        "States.Format('{}') and more",
        r"""States.StringToJson('{"text":"An \"escaped double quote\" here"}')""",
        r"""States.Format('He said, \"Hello, {}!\"', 'Test \"Name\" Here')""",
    ],
)
def test_anything_else_is_not(value: object) -> None:
    """The escapes of quotes in the last two are refused by AWS (recorded, February 2025)."""
    assert not is_path_or_call(value)
