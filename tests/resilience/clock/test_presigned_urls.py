"""A presigned URL is good by the clock of S3, as on AWS."""

from __future__ import annotations

import re

import pytest
import requests

from tests.integration.parity.conftest import Machines
from tests.resilience.clock.test_executions import HOUR
from tests.support.altered import WallClock


@pytest.mark.parametrize(
    ("offset_s", "status", "message"),
    [
        (0, 200, None),
        (10 * 60, 200, None),
        (-10 * 60, 200, None),
        (HOUR, 403, "Request has expired"),
        (-HOUR, 403, "Request is not yet valid"),
    ],
)
def test_a_url_is_good_from_its_signing_to_its_end(
    jumping: Machines, clock: WallClock, offset_s: int, status: int, message: str | None
) -> None:
    """Half an hour; a clock may be some minutes behind the signer's."""
    s3, bucket = jumping.aws.s3, "presigned"
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )
    try:
        s3.put_object(Bucket=bucket, Key="a", Body=b"tea")
        url = s3.generate_presigned_url(
            "get_object", Params={"Bucket": bucket, "Key": "a"}, ExpiresIn=HOUR // 2
        )
        clock.set(offset_s)
        answer = requests.get(url, timeout=20)
    finally:
        clock.set(0)
        s3.delete_object(Bucket=bucket, Key="a")
        s3.delete_bucket(Bucket=bucket)
    said = re.search("<Message>(.*)</Message>", answer.text)
    assert (status, message) == (answer.status_code, said and said[1])
