"""`make test` and its sisters: pytest for one tier, with what is set for it.

Pytest takes the place of this process, so that Ctrl-C and the exit code are its own.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Mapping
from typing import Final

from testbed import settings, terminal


@dataclasses.dataclass(frozen=True)
class Tier:
    """Which tests, and how.

    Attributes:
        arguments: pytest's.
        report: where its JUnit XML goes unless REPORT says so; none where it is empty.
        variables: what the tests need in their environment.
    """

    arguments: tuple[str, ...]
    report: str = ""
    variables: Mapping[str, str] = dataclasses.field(default_factory=dict)


TIERS: Final = {
    "test": Tier(
        ("--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile"), "reports/junit.xml"
    ),
    "test-docker": Tier(
        (
            *("tests/docker", "tests/e2e", "tests/browser/test_attacks.py"),
            "--ignore=tests/e2e/test_newcomer.py",
        ),
        "reports/junit-docker.xml",
        {"TARGET": "docker"},
    ),
    "test-browser": Tier(("tests/browser",)),
    "soak": Tier(("tests/soak",)),
}


def main() -> None:
    """Run the tier that is named."""
    tier = TIERS[sys.argv[1]]
    report = settings.value(os.environ, "REPORT", tier.report)
    arguments = [*tier.arguments, *([f"--junitxml={report}"] if report else [])]
    os.chdir(settings.ROOT)
    os.execve(  # noqa: S606 - no shell is wanted
        sys.executable,
        [sys.executable, "-m", "pytest", *arguments],
        {**os.environ, **tier.variables},
    )


if __name__ == "__main__":
    terminal.run(main)
