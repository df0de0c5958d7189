"""The account and region that the stack is in, and the ARNs that follow from them.

IAM policies name resources that do not exist yet, so these ARNs are built from names here, once.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Account:
    """An account of AWS, or the emulator's, in one region."""

    id: str
    region: str

    def bucket_arn(self, name: str) -> str:
        """The bucket *name*; such an ARN names no account, since names of buckets are global."""
        return f"arn:aws:s3:::{name}"

    def function_arn(self, name: str) -> str:
        """The function *name*, unqualified."""
        return f"arn:aws:lambda:{self.region}:{self.id}:function:{name}"

    def log_group_arn(self, name: str) -> str:
        """The log group *name*, without the ``:*`` that stands for its streams."""
        return f"arn:aws:logs:{self.region}:{self.id}:log-group:{name}"

    def role_arn(self, name: str) -> str:
        """The role *name*."""
        return f"arn:aws:iam::{self.id}:role/{name}"

    def state_machine_arn(self, name: str) -> str:
        """The state machine *name*."""
        return f"arn:aws:states:{self.region}:{self.id}:stateMachine:{name}"

    @property
    def start_execution_uri(self) -> str:
        """What an ``AWS`` integration calls to start an execution."""
        return f"arn:aws:apigateway:{self.region}:states:action/StartExecution"
