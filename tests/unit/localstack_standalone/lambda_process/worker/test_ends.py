from __future__ import annotations

import pytest

from localstack_standalone.lambda_process.worker import ends


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, ""), (3 << 8, "exit status 3"), (9, "signal: killed"), (11, "signal: segmentation fault")],
)
def test_an_end_is_worded_as_on_aws(status: int, words: str) -> None:
    """Of a wait status: an exit code, or a signal by Go's name for it."""
    assert words == ends.describe(status)
