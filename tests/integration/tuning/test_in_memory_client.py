"""LocalStack's own client, tried in LocalStack's environment without an emulator."""

from __future__ import annotations

import subprocess

import pytest

from testbed import settings

PROGRAM = """
from localstack.aws import connect
from localstack.aws.client import _ResponseStream
from localstack.http import Response
from localstack_standalone.tuning.runtime import in_memory_client

in_memory_client.tune(connect)
closed = []

class Body:
    def __iter__(self):
        yield from (b"ab", b"cd")
    def close(self):
        closed.append(True)

stream = _ResponseStream(Response(Body()))
{use}
print(len(closed))
"""


@pytest.mark.parametrize(
    ("use", "closed"),
    [
        ("assert stream.read() == b'abcd'", 1),
        ("assert b''.join(stream.stream()) == b'abcd'", 1),
        ("assert [*stream] == [b'ab', b'cd']", 1),
        ("stream.read(); stream.close(); stream.close()", 1),
        ("stream.close()", 1),
        ("stream.read(1); del stream", 1),
        ("del stream", 1),
        ("stream.read(1)", 0),
    ],
)
def test_an_answer_is_closed_once(use: str, closed: int) -> None:
    """Read to the end, closed, closed again, given up: S3's lock is let go of, and not twice."""
    ended = subprocess.run(
        [settings.ENVS / "emulator" / "bin" / "python", "-c", PROGRAM.format(use=use)],
        env={"HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "" == ended.stderr
    assert f"{closed}\n" == ended.stdout
