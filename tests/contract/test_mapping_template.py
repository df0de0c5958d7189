r"""The mapping template, rendered as AWS does it.

AWS's $util.escapeJavaScript is that of Apache Commons Lang 2: it escapes quotes of both kinds,
backslashes, slashes and all that is not printable ASCII, UTF-16 unit by UTF-16 unit. Its `\'` is
not JSON, which is why the template turns it back (API Gateway Developer Guide, "Variables for
data transformations", $util.escapeJavaScript).
"""

import json
import re
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.api_definition import TEMPLATES
from infra.substitution import substitute

ARN = "arn:aws:states:ca-central-1:123456789012:stateMachine:ImageProcessingStateMachine"
TEMPLATE = substitute(
    (TEMPLATES / "start_execution.vtl").read_text(encoding="utf-8"),
    {"StateMachineArn": ARN},
    where="test",
)
NAMED_ESCAPES = {"\b": r"\b", "\n": r"\n", "\t": r"\t", "\f": r"\f", "\r": r"\r"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
bodies = st.builds(
    json.dumps,
    st.builds(
        lambda key, rest: {**rest, "key": key}, st.text(), st.dictionaries(st.text(), json_values)
    ),
    ensure_ascii=st.booleans(),
    indent=st.sampled_from([None, 2, "\t"]),
)


def escape_java_script(text: str) -> str:
    """What AWS's $util.escapeJavaScript makes of *text*."""
    raw = text.encode("utf-16-be", "surrogatepass")
    return "".join(_escape(chr(unit)) for (unit,) in struct.iter_unpack(">H", raw))


def _escape(unit: str) -> str:
    if unit in NAMED_ESCAPES:
        return NAMED_ESCAPES[unit]
    if unit in "'\"\\/":
        return "\\" + unit
    return unit if " " <= unit <= "~" else f"\\u{ord(unit):04X}"


def render(body: str) -> str:
    """The template for *body*: it is one expression within literal text."""
    found = re.fullmatch(
        r"(?s)(.*)\$util\.escapeJavaScript\(\$input\.body\)\.replaceAll\(\"(.*)\",\"(.*)\"\)(.*)",
        TEMPLATE,
    )
    assert found, "the template is another one than this test can render"
    before, pattern, replacement, after = found.groups()
    assert "$" not in before + after
    return before + re.sub(pattern, replacement, escape_java_script(body)) + after


def started(body: str) -> Any:
    """The input that StartExecution gets for *body*."""
    call = json.loads(render(body))
    assert {"stateMachineArn", "input"} == set(call)
    assert ARN == call["stateMachineArn"]
    return call["input"]


@given(bodies)
def test_any_json_body_reaches_the_execution_unchanged(body: str) -> None:
    """Character by character: quotes, backslashes, newlines, emoji, apostrophes and all."""
    assert body == started(body)


@pytest.mark.parametrize(
    "key",
    [
        "bob's.png",
        'say "cheese".png',
        "back\\slash.png",
        "both\\'of them.png",
        "\\\\'",
        "new\nline\tand\r",
        "🏏 ünïcödé ☃.png",
        "line\u2028separator\u2029",
        "$input.body ${x} #set($a = 1) $util.escapeJavaScript('x')",
        "a/b/c%20d+e f.png",
        "\u0000\u001f\u007f",
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_awkward_names_reach_the_execution_unchanged(
    key: str,
    ascii_only: bool,  # noqa: FBT001 - a table of cases
) -> None:
    """Names that break naive templates go through as they are."""
    body = json.dumps({"key": key}, ensure_ascii=ascii_only)
    assert body == started(body)
