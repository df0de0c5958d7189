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

CORES: Final = os.process_cpu_count() or 1


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


AT_HOME: Final = ("settings", "transient", "corpus")

TIERS: Final = {
    # Emulators are waited for, so one more than there are cores; files with long tests come first.
    "test": Tier(
        (f"--numprocesses={min(4, CORES + 1)}", "--dist=loadfile", "--no-loadscope-reorder"),
        "reports/junit.xml",
    ),
    "test-docker": Tier(
        ("tests/docker", "tests/e2e", "tests/browser/test_attacks.py"),
        "reports/junit-docker.xml",
        {"TARGET": "docker", "RUNNING": "1"},
    ),
    # Without what has testbeds of its own, or is about this machine; the corpus would be a thousand
    # requests that are paid for.
    "test-aws": Tier(
        (
            "tests/e2e",
            *(f"--ignore=tests/e2e/test_{name}.py" for name in AT_HOME),
        ),
        "reports/junit-aws.xml",
        {"TARGET": "aws", "RUNNING": "1"},
    ),
    "test-browser": Tier(("tests/browser",)),
    "test-conformance": Tier(("tests/conformance",)),
    "test-resilience": Tier(
        ("tests/resilience", f"--numprocesses={CORES}", "--dist=loadfile"),
        "reports/junit-resilience.xml",
    ),
    # A grading waits more than it computes.
    "test-labs": Tier(("tests/labs", f"--numprocesses={2 * CORES}")),
    "test-deploy": Tier(("tests/deploy",), "reports/junit-deploy.xml"),
    # Each file makes environments of its own, and waits for packages.
    "test-install": Tier(("tests/installed", f"--numprocesses={CORES}", "--dist=loadfile")),
    # Each file has an emulator of its own; packages are fetched once and kept.
    "test-samples": Tier(("tests/samples", f"--numprocesses={CORES}", "--dist=loadfile")),
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
