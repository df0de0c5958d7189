"""Addresses of a pipeline where nobody listens: in an emulator, and on AWS."""

from __future__ import annotations

import dataclasses
from typing import Final

from testbed.outputs import Outputs

EMULATED: Final = Outputs(
    target="embedded",
    endpoint="http://127.0.0.1:9",
    region="ca-central-1",
    api_url="http://127.0.0.1:9/prod/process",
    state_machine_arn="arn:aws:states:ca-central-1:000000000000:stateMachine:M",
    function_name="F",
    original_bucket="originals",
    resized_bucket="thumbnails",
)
ON_AWS: Final = dataclasses.replace(
    EMULATED,
    target="aws",
    endpoint=None,
    api_url="https://api.example/prod/process",
    state_machine_arn="arn:m",
)
