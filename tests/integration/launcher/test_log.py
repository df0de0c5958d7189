"""The emulator's log has an end, and the emulator goes on writing to it."""

from __future__ import annotations

import requests

from localstack_standalone.launcher import emulator
from testbed import waiting
from tests.conftest import Emulator


def test_a_log_that_is_too_long_is_cut(private_emulator: Emulator) -> None:
    """What was in it is beside it, and what comes is at its beginning."""
    log = emulator.log_path(private_emulator.state_dir)
    with log.open("ab") as file:
        file.truncate(30_000_000)
    waiting.until(
        lambda: (log.stat().st_size < 1_000_000 or None, f"{log.stat().st_size} bytes"),
        "a short log",
        timeout_s=30,
        interval_s=0.1,
    )
    assert log.with_name("emulator.log.1").stat().st_size >= 30_000_000
    headers = {"Host": "not.ours.example"}
    assert 421 == requests.get(private_emulator.endpoint, headers=headers, timeout=10).status_code
    waiting.until(
        lambda: ("not.ours.example" in log.read_text()[:100_000] or None, "nothing"),
        "the refusal in the log",
        timeout_s=10,
    )
