"""Some checks, asked of the real emulator, and all of a server that answers wrongly."""

from __future__ import annotations

from conformance import runner
from conformance.features import ALL
from conformance.report import Verdict
from tests.conftest import Emulator
from tests.support import liar

# Of each feature what takes a moment.
CHEAP = {
    *("S3: conditions", "S3: presigned URL of another key", "Step Functions: history"),
    *("Step Functions: JSONata", "API Gateway: StartExecution", "IAM: policies of a role"),
    "Logs: events in order",
}
CHECKS = [check for check in ALL if f"{check.feature}: {check.name}" in CHEAP]


def test_the_emulator_does_what_aws_does(emulator: Emulator) -> None:
    """And nothing of the checks stays in it."""
    assert len(CHEAP) == len(CHECKS)
    found = runner.run(CHECKS, emulator.endpoint)
    assert [] == [(e.check.name, e.why) for e in found.results if e.verdict is not Verdict.PASSES]
    aws = emulator.aws
    assert "conformance" not in str(aws.s3.list_buckets()["Buckets"])
    assert "conformance" not in str(aws.iam.list_roles()["Roles"])
    assert "conformance" not in str(aws.apigateway.get_rest_apis()["items"])


def test_who_says_yes_to_everything_passes_nothing() -> None:
    """Not one of all checks; those that wait for something wait in vain."""
    with liar.saying(b"{}") as endpoint:
        found = runner.run(ALL, endpoint, workers=16, limit_s=1.0)
    assert [] == [e.check.name for e in found.results if e.verdict is Verdict.PASSES]
