"""Where the stack stands: account and region, and the ARNs that follow from them.

IAM policies name resources that do not exist yet, so these ARNs are built from names here, once.
"""

from __future__ import annotations

import dataclasses

from testbed import names


@dataclasses.dataclass(frozen=True)
class Place:
    """An account and a region of AWS, or the emulator's."""

    account: str
    region: str

    @property
    def original_bucket_arn(self) -> str:
        """The bucket that images are uploaded to."""
        return f"arn:aws:s3:::{names.ORIGINAL_BUCKET}"

    @property
    def resized_bucket_arn(self) -> str:
        """The bucket that thumbnails are written to."""
        return f"arn:aws:s3:::{names.RESIZED_BUCKET}"

    @property
    def function_arn(self) -> str:
        """The function, unqualified."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{names.FUNCTION}"

    @property
    def log_group_arn(self) -> str:
        """The function's log group, without the ``:*`` that stands for its streams."""
        return f"arn:aws:logs:{self.region}:{self.account}:log-group:{names.FUNCTION_LOG_GROUP}"

    @property
    def state_machine_arn(self) -> str:
        """The state machine."""
        return f"arn:aws:states:{self.region}:{self.account}:stateMachine:{names.STATE_MACHINE}"

    @property
    def start_execution_uri(self) -> str:
        """What an ``AWS`` integration calls to start an execution."""
        return f"arn:aws:apigateway:{self.region}:states:action/StartExecution"
