"""What a failure says to a reader."""

from __future__ import annotations

import json

import pytest

from views import failure

RAISED = {
    "errorMessage": "'key'",
    "errorType": "KeyError",
    "requestId": "a",
    "stackTrace": [
        '  File "/var/task/image_resize/handler.py", line 31, in handler\n    run(event)\n',
        '  File "/var/task/image_resize/request.py", line 7, in read\n    event["key"]\n',
    ],
}
NOT_COMPILED = {
    "errorMessage": "Syntax error in module 'handler': invalid syntax (handler.py, line 23)",
    "errorType": "Runtime.UserCodeSyntaxError",
    "requestId": "",
    "stackTrace": ['  File "/var/task/handler.py" Line 23\n    def handler((event):\n'],
}


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (json.dumps(RAISED), "'key' (request.py, line 7, in read)"),
        (
            json.dumps(NOT_COMPILED),
            "Syntax error in module 'handler': invalid syntax (handler.py, line 23)",
        ),
        (json.dumps({"errorMessage": "killed", "errorType": "Runtime.ExitError"}), "killed"),
        (json.dumps({"errorMessage": "odd", "stackTrace": [7]}), "odd"),
        (json.dumps({"errorMessage": 7}), '{"errorMessage": 7}'),
        ("[1]", "[1]"),
        ("the bucket is gone", "the bucket is gone"),
        ("{not JSON", "{not JSON"),
        ("", ""),
        (None, ""),
    ],
    ids=str,
)
def test_words(cause: str | None, expected: str) -> None:
    assert failure.words(cause) == expected
