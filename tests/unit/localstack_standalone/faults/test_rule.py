from __future__ import annotations

from typing import Any

import pytest

from localstack_standalone.faults import rule
from localstack_standalone.faults.kind import FaultKind, When
from localstack_standalone.faults.rule import FaultRule, FaultRuleError
from testbed import settings

OPERATIONS = {
    "s3": ("GetObject", "PutObject", "ListBuckets"),
    "lambda": ("Invoke", "ListFunctions"),
    "stepfunctions": ("StartExecution",),
}


def read(**told: Any) -> FaultRule:
    asked = {"operation": "s3:GetObject", "kind": "throttling", **told}
    return rule.read(asked, OPERATIONS.get)


def test_a_rule_has_defaults_and_a_name() -> None:
    """All of the calls, from the first on, before they are done."""
    assert read() == FaultRule(
        name="s3-GetObject-throttling", operation="s3:GetObject", kind=FaultKind.THROTTLING
    )
    assert "all-unavailable" == read(operation="*", kind="unavailable").name


def test_every_field_is_read() -> None:
    told = {"name": "a.b", "resource": "cups/*", "rate": "5%", "first": "3", "after": 2}
    found = read(kind="lost-connection", when="after", **told)
    assert ("a.b", "cups/*", 0.05, 3, 2, When.AFTER) == (
        *(found.name, found.resource, found.rate, found.first, found.after, found.when),
    )
    slow = read(kind="latency", latency="uniform:1..2")
    assert "uniform:1..2" == slow.described()["latency"]
    assert set(rule.FIELDS) == set(slow.described())


@pytest.mark.parametrize(("given", "share"), [("5%", 0.05), (0.3, 0.3), ("1", 1.0), (0, 0), (1, 1)])
def test_a_rate_is_a_share_or_percent(given: Any, share: float) -> None:
    assert share == read(rate=given).rate


@pytest.mark.parametrize(
    ("operation", "called", "fits"),
    [
        ("s3:GetObject", "s3:GetObject", True),
        ("s3:GetObject", "s3:PutObject", False),
        ("s3:*", "s3:PutObject", True),
        ("s3:*Object", "s3:ListBuckets", False),
        ("*", "lambda:Invoke", True),
        ("states:*", "states:StartExecution", True),
        ("stepfunctions:StartExecution", "states:StartExecution", True),
        ("execute-api:Invoke", "execute-api:Invoke", True),
    ],
)
def test_an_operation_is_a_pattern(operation: str, called: str, *, fits: bool) -> None:
    assert fits == read(operation=operation).fits(called, ())


@pytest.mark.parametrize(
    ("resource", "of_call", "fits"),
    [
        (None, [], True),
        ("cups", [], False),
        ("cups", ["cups"], True),
        ("cups", ["cups/a/b.png"], True),
        ("cups", ["saucers/cups"], False),
        ("cups/*", ["cups/a/b.png"], True),
        ("*/thumb-*", ["cups/thumb-a.png"], True),
        ("*/thumb-*", ["cups/a.png"], False),
        ("Image*", ["ImageResizeFunction"], True),
        ("cups", ["saucers/a", "cups/a"], True),
    ],
)
def test_a_resource_is_a_bucket_or_a_pattern_of_keys(
    resource: str | None, of_call: list[str], *, fits: bool
) -> None:
    """Without a slash it is the bucket, the function or the machine; with one the whole."""
    assert fits == read(resource=resource).fits("s3:GetObject", of_call)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"operation": None}, "operation is missing; allowed: service:Operation"),
        ({"operation": "s3"}, "operation is 's3'; allowed: service:Operation"),
        ({"operation": "s4:GetObject"}, "a service that this emulator has"),
        ({"operation": "s3:GetObjekt"}, "did you mean GetObject?"),
        ({"operation": "../../x:Y"}, "operation is"),
        ({"operation": 5}, "operation is 5"),
        ({"kind": "trottling"}, "did you mean throttling?"),
        ({"kind": None}, "kind is missing"),
        ({"kind": ["latency"]}, "kind is"),
        ({"name": "a b"}, "name is 'a b'; allowed: up to 64 letters"),
        ({"name": "x" * 65}, "name is"),
        ({"rate": 1.5}, "rate is 1.5; allowed: a share from 0 to 1"),
        ({"rate": "101%"}, "rate is"),
        ({"rate": "-1"}, "rate is"),
        ({"rate": True}, "rate is True"),
        ({"rate": float("nan")}, "rate is nan"),
        ({"latency": 5}, "nothing for the kind throttling"),
        ({"kind": "latency"}, "latency is missing; allowed: for the kind latency"),
        ({"kind": "latency", "latency": "soon"}, "latency is 'soon'; allowed: milliseconds"),
        ({"when": "after"}, "nothing for the kind throttling"),
        ({"kind": "lost-connection", "when": "soon"}, "when is 'soon'; allowed: before or after"),
        ({"first": 0}, "first is 0; allowed: a whole number of calls from 1"),
        ({"after": -1}, "after is -1"),
        ({"first": 1.0}, "first is 1.0"),
        ({"resource": "a\nb"}, "resource is"),
        ({"resource": ["a"]}, "resource is"),
        ({"kind": "crash"}, "operation is 's3:GetObject'; allowed: lambda:Invoke for the kind"),
        ({"kind": "no-such-bucket", "operation": "lambda:Invoke"}, "one of S3's"),
        ({"sead": 5}, "there is no field 'sead'"),
        ({"oppration": 5}, "did you mean operation?"),
    ],
)
def test_what_is_no_rule_is_told_which_field_and_what_it_may_have(
    told: dict[str, Any], words: str
) -> None:
    with pytest.raises(FaultRuleError) as raised:
        read(**told)
    assert words in str(raised.value)


def test_a_rule_is_an_object() -> None:
    with pytest.raises(FaultRuleError, match="a rule is an object with name, operation"):
        rule.read("s3:*", OPERATIONS.get)


def test_the_page_tells_of_every_kind_and_field() -> None:
    """docs/reliability.md."""
    page = (settings.ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert [] == [kind for kind in FaultKind if f"| `{kind}` | " not in page]
    assert [] == [field for field in rule.FIELDS if f"`{field}`" not in page]
