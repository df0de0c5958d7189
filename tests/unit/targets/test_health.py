from __future__ import annotations

import pytest

from localstack_standalone.launcher.health import EXECUTOR, Health
from targets import health
from targets.health import EnvironmentCounts
from tests.support import fake_emulator

UP = {
    "health": {"services": {"s3": "available", "sqs": "disabled"}},
    "standalone": {"executor": EXECUTOR},
}
COUNTS = {"waiting": 2, "running": 3, "starting": 1, "idle": 4, "longest_wait_s": 0.5}


FAILED = {"completed": True, "scripts": [{"name": "p.sh", "state": "ERROR"}]}


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        ({"completed": True, "scripts": []}, Health(ready=True, seen="ready")),
        (
            {"completed": False, "scripts": []},
            Health(ready=False, seen="the pipeline is being provisioned"),
        ),
        (
            FAILED,
            Health(
                ready=False,
                seen="the pipeline could not be provisioned: p.sh failed",
                hopeless=True,
            ),
        ),
    ],
)
def test_a_container_is_ready_with_the_pipeline(init: dict[str, object], expected: Health) -> None:
    """One that could not be provisioned never will be."""
    with fake_emulator.saying({**UP, "init/ready": init}) as endpoint:
        assert expected == health.check_provisioned(endpoint)


def test_sandboxes_are_told_in_words() -> None:
    """That there are some, or why there are none and what would allow them."""
    for sandbox, words in (
        ({"sandboxed": True, "why": "", "advice": ""}, "each environment of a function has one"),
        (
            {"sandboxed": False, "why": "unshare: no", "advice": "ask root"},
            "none: functions are ordinary processes (unshare: no; ask root)",
        ),
    ):
        with fake_emulator.saying({"standalone": {"sandbox": sandbox}}) as endpoint:
            assert words == health.sandbox(endpoint)
    with fake_emulator.saying({"standalone": {}}) as endpoint:
        assert health.sandbox(endpoint) is None


def test_invocations_are_told_in_words() -> None:
    """How many wait, work and idle; nothing where the emulator does not tell."""
    told = {"environments": {**COUNTS, "bounds": {"at_work": 8}}}
    with fake_emulator.saying({"standalone": told}) as endpoint:
        counts = health.environments(endpoint)
    assert EnvironmentCounts(**COUNTS, at_work=8) == counts  # type: ignore[arg-type]  # of numbers
    assert "2 wait, 4 at work, 4 idle: this machine bears 8 at work" == str(counts)
    with fake_emulator.saying({}) as endpoint:
        assert health.environments(endpoint) is None


def test_the_runtimes_are_named() -> None:
    """In order; none where the emulator does not tell."""
    told = {"runtimes": {"python3.13": "/bin/python", "nodejs22.x": "/bin/node"}}
    with fake_emulator.saying({"standalone": told}) as endpoint:
        assert ["nodejs22.x", "python3.13"] == health.runtimes(endpoint)
    with fake_emulator.saying({}) as endpoint:
        assert [] == health.runtimes(endpoint)
