r"""The mapping template, rendered as AWS does it.

AWS's $util.escapeJavaScript is that of Apache Commons Lang 2: it escapes quotes of both kinds,
backslashes, slashes and all that is not printable ASCII, UTF-16 unit by UTF-16 unit. Its `\'` is
not JSON, which is why the template turns it back (API Gateway Developer Guide, "Variables for
data transformations", $util.escapeJavaScript).
"""

import json
import struct
from typing import Any

import airspeed
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.api_definition import TEMPLATES
from infra.substitution import substitute
from localstack_standalone.velocity import engine

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


def render(body: str, headers: dict[str, str]) -> str:
    """The template for *body* and *headers*."""
    engine.install()
    variables = {
        "input": {
            "body": body,
            "params": lambda: {"path": {}, "querystring": {}, "header": headers},
        },
        "util": {"escapeJavaScript": escape_java_script},
    }
    rendered: str = airspeed.Template(TEMPLATE).merge(variables)
    return rendered


def call(body: str = "{}", **headers: str) -> Any:
    """StartExecution's parameters for *body* and *headers*, in whose names ``_`` is ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    made = json.loads(render(body, {"Content-Type": "application/json", **named}))
    assert ARN == made["stateMachineArn"]
    assert made.keys() <= {"stateMachineArn", "name", "input"}
    return made


def started(body: str) -> Any:
    """The input that StartExecution gets for *body*."""
    made = call(body)
    assert "name" not in made
    return made["input"]


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


@pytest.mark.parametrize("key", ["a", "8e03978e-40d5-43e8-bc93-6894a57f9324", "A_z-9" * 16])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("header", ["Idempotency_Key", "idempotency_key", "IDEMPOTENCY_KEY"])
def test_an_idempotency_key_is_the_executions_name(key: str, quote: str, header: str) -> None:
    """In any case of the header's name, and as a String of the draft, which has quotes."""
    assert key == call(**{header: f"{quote}{key}{quote}"})["name"]


@pytest.mark.parametrize(
    "key",
    [
        "",
        '""',
        " ",
        "a" * 81,
        "a b",
        'a"',
        '"a',
        '"a";p=1',
        "a.b",
        "é",
        "a\n",
        '", "stateMachineArn": "arn:x',
        "$input.body",
        "#end",
        "\\u0061",
        "a, b",
    ],
)
def test_a_bad_key_reaches_step_functions_as_no_name_at_all(key: str) -> None:
    """StartExecution refuses the empty name before it does anything; nothing of the key does."""
    assert "" == call(Idempotency_Key=key)["name"]


def test_a_key_and_a_body_do_not_meddle_with_each_other() -> None:
    """The body is as it is without a key."""
    body = json.dumps({"key": 'bob\'s "x".png', "name": "other"})
    assert {"stateMachineArn": ARN, "name": "k", "input": body} == call(body, Idempotency_Key="k")


def test_only_the_header_counts() -> None:
    """A header that is called nearly so is another one."""
    assert "name" not in call(X_Idempotency_Key="k", Idempotency_Keys="k")
