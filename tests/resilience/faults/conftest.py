from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from testbed import faults, names
from testbed.faults import FaultInForce
from tests.conftest import Emulator


@dataclasses.dataclass(frozen=True)
class Faulty:
    """An emulator whose faults are this test's."""

    emulator: Emulator

    @property
    def endpoint(self) -> str:
        return self.emulator.endpoint

    def have(self, operation: str, kind: str, seed: int = 7, **more: Any) -> None:
        """One more rule."""
        faults.put(self.endpoint, [{"operation": operation, "kind": kind, **more}], seed)

    def rules(self) -> tuple[FaultInForce, ...]:
        return faults.fetch(self.endpoint)

    def client(self, service: str, **more: Any) -> Any:
        """A client that tries once, so that a fault is seen."""
        return boto3.Session().client(
            service,  # type: ignore[call-overload]  # the stubs know constants only
            endpoint_url=self.endpoint,
            region_name=names.REGION,
            aws_access_key_id=more.get("AccessKeyId", "test"),
            aws_secret_access_key=more.get("SecretAccessKey", "test"),
            aws_session_token=more.get("SessionToken"),
            config=Config(
                s3={"addressing_style": "path"},
                proxies={},
                inject_host_prefix=False,
                retries={"total_max_attempts": 1},
            ),
        )


@pytest.fixture
def faulty(emulator: Emulator) -> Iterator[Faulty]:
    yield Faulty(emulator)
    faults.remove(emulator.endpoint)


@pytest.fixture
def bucket(emulator: Emulator) -> str:
    """With an object a in it."""
    name = f"tea-{uuid.uuid4().hex[:12]}"
    s3 = emulator.aws.s3
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"})
    s3.put_object(Bucket=name, Key="a", Body=b"a" * 100_000)
    return name
