"""What the client writes is what the execution gets, and what cannot be used starts nothing."""

from __future__ import annotations

import json

import pytest
import requests

from tests.e2e.client import Client, RunningTestbed, png

BODIES = {
    "pretty-printed": '{\n  "key" : "MARK a.png"\n}\n',
    "windows line ends": '{\r\n\t"key": "MARK a.png"\r\n}',
    "escaped letters": r'{"key": "MARK\u0020\u0061.png"}',
    "surrogate pair": r'{"key": "MARK \ud83c\udf41.png"}',
    "raw emoji": '{"key": "MARK 🍁.png"}',
    "escaped quotes and backslashes": r'{"key": "MARK \"a\" \\ \/ \b\f.png"}',
    "apostrophes": """{"key": "MARK bob's 'a'.png", "note": "\\\\'"}""",
    "escaped apostrophe": r'{"key": "MARK bob\u0027s.png"}',
    "extra fields": '{"key": "MARK a.png", "user": {"name": "x", "tags": [1, 2.50, null, true]}}',
    "numbers": '{"key": "MARK a.png", "n": [1e3, 0.1, -0, 12345678901234567890]}',
    "escaped newline in a value": r'{"key": "MARK a\nb.png"}',
    "velocity": '{"key": "MARK $util $input.json(\'$\') #if(true)x#end.png"}',
    "template's own quoting": r'{"key": "MARK a.png", "note": "\\\" \\\\ \\n"}',
}


@pytest.mark.parametrize("pattern", [pytest.param(body, id=name) for name, body in BODIES.items()])
def test_a_json_text_goes_through_unchanged(client: Client, pattern: str) -> None:
    """The execution's input has the same JSON value, to the last escaped character."""
    body = pattern.replace("MARK", client.mark)
    client.upload(json.loads(body)["key"], png())
    report = client.follow(client.start(body))
    assert json.loads(body) == json.loads(report.input)
    assert ("SUCCEEDED", None) == (report.status, report.cause)


UNUSABLE = {
    "not JSON": "key=MARK",
    "cut off": '{"key": "MARK',
    "single quotes": "{'key': 'MARK'}",
    "no key": '{"name": "MARK"}',
    "empty object": "{}",
    "empty body": "",
    "key in another case": '{"Key": "MARK"}',
    "number as key": '{"key": 5, "mark": "MARK"}',
    "null as key": '{"key": null, "mark": "MARK"}',
    "list as key": '{"key": ["MARK"]}',
    "object as key": '{"key": {"name": "MARK"}}',
    "empty key": '{"key": "", "mark": "MARK"}',
    "array": '["MARK"]',
    "string": '"MARK"',
    "null": "null",
}


@pytest.mark.parametrize(
    "pattern", [pytest.param(body, id=name) for name, body in UNUSABLE.items()]
)
def test_a_body_without_a_usable_key_is_refused(client: Client, pattern: str) -> None:
    """Status 400 and a JSON error from the API itself; no execution is started with it."""
    body = pattern.replace("MARK", client.mark)
    before = client.executions()
    answer = client.post(body)
    assert 400 == answer.status, answer.body
    assert answer.headers["Content-Type"].startswith("application/json")
    assert json.loads(answer.body)["message"]
    # Others may use the testbed meanwhile: only an execution with this input would be ours.
    new = client.executions() - before
    describe = client.aws.stepfunctions.describe_execution
    assert [] == [arn for arn in new if describe(executionArn=arn).get("input") in (body, "{}")]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/more"), ("POST", "x")],
)
def test_another_path_or_method_is_refused(testbed: RunningTestbed, method: str, path: str) -> None:
    """AWS answers 403 "Missing Authentication Token" to what the API does not have."""
    url = testbed.outputs.api_url + path
    response = requests.request(method, url, data='{"key": "a"}', timeout=30)
    assert (403, {"message": "Missing Authentication Token"}) == (
        response.status_code,
        response.json(),
    )
