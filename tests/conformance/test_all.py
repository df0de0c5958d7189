"""Every check, asked of our emulator, and of servers that answer wrongly."""

from __future__ import annotations

import pytest

from conformance import runner
from conformance.features import ALL
from conformance.report import Verdict
from tests.conftest import Emulator
from tests.support import liar

# What LocalStack 4.14 with our plugin does otherwise than AWS; docs/engines.md says how.
DIFFERS = {
    "IAM: policies are enforced",  # IAM=warn, the default, says it
    "Logs: filter by a word",
    "Logs: filter by JSON's fields",
    "Logs: retention",
}


@pytest.mark.timeout(300)
def test_the_emulator_does_what_aws_does_but_where_it_is_told(emulator: Emulator) -> None:
    """What differs is listed, and nothing is listed that does not."""
    found = runner.run(ALL, emulator.endpoint)
    differs = {
        f"{each.check.feature}: {each.check.name}": each.why
        for each in found.results
        if each.verdict is not Verdict.PASSES
    }
    assert set(differs) == DIFFERS, differs


@pytest.mark.parametrize("body", [b"<a/>", b"null", b"[]", b"\xff", b""], ids=repr)
def test_who_says_yes_to_everything_passes_nothing(body: bytes) -> None:
    """Whatever it says."""
    with liar.saying(body) as endpoint:
        found = runner.run(ALL, endpoint, workers=16, limit_s=1.0)
    assert [] == [each.check.name for each in found.results if each.verdict is Verdict.PASSES]
