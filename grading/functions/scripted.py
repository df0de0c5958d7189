"""In the place of the pipeline's function: does what a probe wrote down for the event's key.

The n-th call for a key does the n-th of its steps, and the last one ever after. It is deployed as
``image_resize/handler.py``, and leaves an object for each call. No boto3: that would be most of the
time that a cold start takes, and probes start many.
"""

import http.client
import json
import os
import time
import urllib.parse
import uuid
from typing import Any

HOST = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc
ORIGINALS, RESIZED = os.environ["ORIGINAL_BUCKET"], os.environ["RESIZED_BUCKET"]


def handler(event: Any, _context: object) -> Any:
    key = event.get("key") if isinstance(event, dict) else None
    if not isinstance(key, str):
        return {"success": False, "error": "INVALID_REQUEST", "message": "no key in the event"}
    steps = json.loads(asked("GET", f"/{ORIGINALS}/plans/{urllib.parse.quote(key)}"))
    prefix = urllib.parse.urlencode({"list-type": 2, "prefix": f"calls/{key}/"})
    before = asked("GET", f"/{RESIZED}?{prefix}").count(b"<Key>")
    note = json.dumps({"event": event, "at": time.monotonic()})
    asked("PUT", f"/{RESIZED}/calls/{urllib.parse.quote(key)}/{uuid.uuid4()}", note)
    step = steps[min(before, len(steps) - 1)]
    time.sleep(step.get("sleep", 0))
    if "raise" in step:
        raise type(step["raise"], (Exception,), {})(step.get("message", ""))
    return step["return"]


def asked(method: str, path: str, body: str | None = None) -> bytes:
    connection = http.client.HTTPConnection(HOST, timeout=10)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise LookupError(f"{method} {path}: {answer.status} {content[:200]!r}")
    return content
