"""``/_localstack/standalone/faults``: rules come and go, and who may say so."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from testbed import faults
from tests.resilience.faults.conftest import Faulty
from tests.support.raw_http import send

RULE = {"operation": "s3:PutObject", "kind": "throttling", "rate": "5%"}


def post(faulty: Faulty, body: Any) -> requests.Response:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return requests.post(f"{faulty.endpoint}{faults.PATH}", data=text, timeout=10)


def test_rules_come_and_go(faulty: Faulty) -> None:
    """With a name of their own, a seed that was chosen, and their counts."""
    assert () == faulty.rules()
    told = post(faulty, {"rules": [RULE, {**RULE, "name": "two"}]}).json()["rules"]
    assert ["s3-PutObject-throttling", "two"] == [each["name"] for each in told]
    assert 1 == len({each["seed"] for each in told})
    assert told[0]["seed"] > 0
    assert told[0] == told[0] | {"rate": 0.05, "calls": 0, "hits": 0, "when": "before"}
    assert ["two"] == [
        each.name for each in faults.remove(faulty.endpoint, "s3-PutObject-throttling")
    ]
    assert () == faults.remove(faulty.endpoint)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "the body is no JSON like"),
        ("{", "the body is no JSON like"),
        ("[]", "the body is no JSON like"),
        ({"rules": []}, "the body is no JSON like"),
        ({"rules": [RULE], "sede": 1}, "there is no field 'sede'; allowed: rules, seed"),
        ({"rules": [RULE], "seed": -1}, "seed is -1; allowed: a whole number from 0"),
        ({"rules": [RULE], "seed": True}, "seed is True"),
        ({"rules": [RULE, {}]}, "rule 2: kind is missing; allowed: latency, throttling"),
        ({"rules": [{**RULE, "operation": "s3:Putobject"}]}, "did you mean PutObject?"),
        ({"rules": [{**RULE, "operation": "nope:Put"}]}, "a service that this emulator has"),
        ({"rules": [{**RULE, "rate": 2}]}, "rule 1: rate is 2; allowed: a share from 0 to 1"),
        ({"rules": [RULE] * 101}, "101 rules; at most 100 are on at once"),
        (b"\xff\xfe", "the body is no JSON like"),
    ],
)
def test_what_is_no_rule_is_400_with_what_to_do(faulty: Faulty, body: Any, words: str) -> None:
    """And nothing of it is on."""
    answer = post(faulty, body)
    assert (400, "text/plain") == (
        *(answer.status_code, answer.headers["Content-Type"].partition(";")[0]),
    )
    assert words in answer.text
    assert () == faulty.rules()


def test_a_rule_that_is_not_there_is_told(faulty: Faulty) -> None:
    post(faulty, {"rules": [RULE]})
    with pytest.raises(faults.FaultError, match="no rule 'x' is on; what is: s3-PutObject"):
        faults.remove(faulty.endpoint, "x")
    answer = requests.get(f"{faulty.endpoint}{faults.PATH}?since=x", timeout=10)
    assert (400, True) == (answer.status_code, "since is 'x'" in answer.text)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_web_page_may_not(faulty: Faulty, method: str) -> None:
    """A page that is open in a browser breaks nobody's testbed."""
    headers = [("Origin", "http://evil.example"), ("Content-Type", "text/plain")]
    answer = send(
        faulty.endpoint, method, faults.PATH, *headers, body=json.dumps({"rules": [RULE]})
    )
    assert 403 == answer.status
    assert () == faulty.rules()


def test_another_emulator_is_told_apart() -> None:
    """One that is not there is an error that says what next."""
    with pytest.raises(faults.FaultError, match="`make status` tells more"):
        faults.fetch("http://127.0.0.1:1")
    assert () == faults.known("http://127.0.0.1:1") == faults.known(None)
    assert () == faults.hits("http://127.0.0.1:1", 0)
