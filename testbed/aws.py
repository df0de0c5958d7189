"""The one factory of boto3 clients: the same code for the emulator and for AWS."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from testbed import names

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_sts import STSClient

# The emulator's account 000000000000 answers to any credentials; these are its customary ones.
EMULATOR_ACCESS_KEY = "test"
EMULATOR_SECRET_KEY = "test"  # noqa: S105 - not a secret, LocalStack takes any


@dataclasses.dataclass(frozen=True)
class Aws:
    """Clients for one place: the emulator at *endpoint*, or AWS itself where it is None.

    Clients are made when first asked for, since each costs tens of milliseconds, and are
    thread-safe as boto3's clients are.
    """

    endpoint: str | None
    region: str = names.REGION

    @cached_property
    def _session(self) -> boto3.Session:
        if self.endpoint is None:
            return boto3.Session(region_name=self.region)
        return boto3.Session(
            aws_access_key_id=EMULATOR_ACCESS_KEY,
            aws_secret_access_key=EMULATOR_SECRET_KEY,
            region_name=self.region,
        )

    @cached_property
    def _config(self) -> Config:
        config = Config(
            connect_timeout=5, read_timeout=60, retries={"mode": "standard", "max_attempts": 4}
        )
        if self.endpoint is not None:
            # Bucket names in the path: no DNS is needed. And no proxy stands before loopback.
            local = Config(s3={"addressing_style": "path"}, proxies={})
            config = config.merge(local)
        return config

    @cached_property
    def s3(self) -> S3Client:
        """S3."""
        return self._session.client("s3", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def iam(self) -> IAMClient:
        """IAM."""
        return self._session.client("iam", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def sts(self) -> STSClient:
        """STS."""
        return self._session.client("sts", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def lambda_(self) -> LambdaClient:
        """Lambda."""
        return self._session.client("lambda", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def patient_lambda(self) -> LambdaClient:
        """Lambda, for one long invocation: it waits for hours, and never invokes twice."""
        patient = Config(read_timeout=12 * 3600, retries={"total_max_attempts": 1})
        return self._session.client(
            "lambda", endpoint_url=self.endpoint, config=self._config.merge(patient)
        )

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """CloudWatch Logs."""
        return self._session.client("logs", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def stepfunctions(self) -> SFNClient:
        """Step Functions."""
        return self._session.client(
            "stepfunctions", endpoint_url=self.endpoint, config=self._config
        )

    @cached_property
    def apigateway(self) -> APIGatewayClient:
        """API Gateway (REST APIs)."""
        return self._session.client("apigateway", endpoint_url=self.endpoint, config=self._config)
