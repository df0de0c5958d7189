"""What the pipeline costs on AWS, so that a person knows before agreeing to it.

List prices of us-east-1, before taxes, as AWS's pricing pages had them when they were read: on
2026-11-27, in stored copies. Step Functions' are the same in ca-central-1; other prices differ from
region to region by some percent.
"""

from __future__ import annotations

import dataclasses
from typing import Final

READ_ON: Final = "2026-11-27"

# What one image takes, rounded up.
TRANSITIONS: Final = 4  # the start and three states; a retry is one more each
FUNCTION_GB: Final = 1.0
FUNCTION_S: Final = 1.0
S3_WRITES: Final = 2  # the original, the thumbnail
S3_READS: Final = 3  # the function's, and what `make process` looks at
LOG_KB: Final = 2

_PER_THOUSAND: Final = 1_000
_PER_MILLION: Final = 1_000_000
_KB_PER_GB: Final = 1_000_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Charge:
    """What one service takes.

    Attributes:
        service: its name.
        thousand_images_usd: for a thousand images, without a free tier.
        at_rest: while nobody sends any.
        free: what of it is free, and for whom.
        source: AWS's page.
    """

    service: str
    thousand_images_usd: float
    at_rest: str
    free: str
    source: str


CHARGES: Final = (
    Charge(
        service="API Gateway",
        thousand_images_usd=3.50 / _PER_MILLION * _PER_THOUSAND,
        at_rest="nothing",
        free="1,000,000 calls a month in the first 12 months",
        source="https://aws.amazon.com/api-gateway/pricing/",
    ),
    Charge(
        service="Step Functions",
        thousand_images_usd=TRANSITIONS * 0.025 / _PER_THOUSAND * _PER_THOUSAND,
        at_rest="nothing",
        free="4,000 transitions a month, always",
        source="https://aws.amazon.com/step-functions/pricing/",
    ),
    Charge(
        service="Lambda",
        thousand_images_usd=(0.20 / _PER_MILLION + FUNCTION_GB * FUNCTION_S * 0.0000166667)
        * _PER_THOUSAND,
        at_rest="nothing",
        free="1,000,000 requests and 400,000 GB-seconds a month, always",
        source="https://aws.amazon.com/lambda/pricing/",
    ),
    Charge(
        service="S3",
        thousand_images_usd=(S3_WRITES * 0.005 + S3_READS * 0.0004) / _PER_THOUSAND * _PER_THOUSAND,
        at_rest="$0.023 per GB and month of images",
        free="5 GB, 20,000 reads and 2,000 writes a month in the first 12 months",
        source="https://aws.amazon.com/s3/pricing/",
    ),
    Charge(
        service="CloudWatch Logs",
        thousand_images_usd=LOG_KB / _KB_PER_GB * 0.50 * _PER_THOUSAND,
        at_rest="$0.03 per GB and month; kept for 14 days",
        free="5 GB a month, always",
        source="https://aws.amazon.com/cloudwatch/pricing/",
    ),
)
"""One a service. (Accounts made since July 2025 have credits in place of the first 12 months.)"""


def thousand_images_usd() -> float:
    """All of it for a thousand images, without a free tier."""
    return sum(each.thousand_images_usd for each in CHARGES)
