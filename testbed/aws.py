"""The one factory of boto3 clients: the same code for the emulator and for AWS."""

from __future__ import annotations

import dataclasses
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

import boto3
import botocore.session
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
AWS_HOSTS: Final = ".amazonaws.com"
# AWS throttles by the second: eight attempts, with pauses that grow to 20 s, outlast that.
AWS_ATTEMPTS: Final = 8
EMULATOR_ATTEMPTS: Final = 5

_MAKING: Final = threading.Lock()


def led_here(endpoint: str, region: str) -> dict[str, str]:
    """The environment variables that lead SDKs and tools to the emulator at *endpoint*."""
    regions = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    return {
        "AWS_ENDPOINT_URL": endpoint,
        # cdklocal wants it named: it takes no address that it cannot know to be S3's too.
        "AWS_ENDPOINT_URL_S3": endpoint,
        # Else SDKs send StartSyncExecution to `sync-` and the host (feature-host-prefix of the
        # AWS SDKs and Tools Reference Guide).
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_ACCESS_KEY_ID": EMULATOR_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": EMULATOR_SECRET_KEY,
        **regions,
        # cdklocal's: what of AWS_* it lets through; else it is in us-east-1.
        "AWS_ENVAR_ALLOWLIST": ",".join(regions),
    }


def _client(service: str) -> Any:
    """An attribute of `Aws`: its client for *service*."""
    return property(lambda aws: aws.client(service))


@dataclasses.dataclass(frozen=True)
class Aws:
    """Clients for one place: the emulator at *endpoint*, or AWS itself where it is None.

    *config* has what shall be otherwise than for all. Clients are made when first asked for, since
    each costs tens of milliseconds, and are thread-safe as boto3's clients are.
    """

    endpoint: str | None
    region: str = names.REGION
    config: Config | None = dataclasses.field(default=None, compare=False)

    s3: ClassVar[S3Client] = _client("s3")
    iam: ClassVar[IAMClient] = _client("iam")
    sts: ClassVar[STSClient] = _client("sts")
    lambda_: ClassVar[LambdaClient] = _client("lambda")
    logs: ClassVar[CloudWatchLogsClient] = _client("logs")
    stepfunctions: ClassVar[SFNClient] = _client("stepfunctions")
    apigateway: ClassVar[APIGatewayClient] = _client("apigateway")

    @cached_property
    def _session(self) -> boto3.Session:
        if self.endpoint is None:
            return boto3.Session(region_name=self.region)
        # No profile: AWS_PROFILE is for AWS, and may name one that this machine does not have.
        without_profile = {"profile": (None, None, None, None)}
        return boto3.Session(
            botocore_session=botocore.session.get_session(without_profile),
            aws_access_key_id=EMULATOR_ACCESS_KEY,
            aws_secret_access_key=EMULATOR_SECRET_KEY,
            region_name=self.region,
        )

    @property
    def redirected_to(self) -> str | None:
        """Where the person's own settings have what is for AWS go, as AWS_ENDPOINT_URL does.

        None where it goes to AWS, or to the emulator that was asked for.
        """
        address: str = self.apigateway.meta.endpoint_url
        ours = self.endpoint is not None or address.endswith(AWS_HOSTS)
        return None if ours else address

    @cached_property
    def _config(self) -> Config:
        attempts = AWS_ATTEMPTS if self.endpoint is None else EMULATOR_ATTEMPTS
        config = Config(
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": attempts},
        )
        if self.endpoint is not None:
            # Bucket names in the path and nothing before the host (StartSyncExecution is for
            # `sync-…` on AWS): no DNS is needed. And no proxy stands before loopback.
            local = Config(s3={"addressing_style": "path"}, inject_host_prefix=False, proxies={})
            config = config.merge(local)
        return config if self.config is None else config.merge(self.config)

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    def client(self, service: str) -> Any:
        """The client for *service*, as boto3 calls it; made once, by whichever thread is first."""
        with _MAKING:  # making them is not thread-safe, using them is
            if service not in self._made:
                self._made[service] = self._session.client(
                    service,  # type: ignore[call-overload]  # the stubs know constants only
                    endpoint_url=self.endpoint,
                    config=self._config,
                )
            return self._made[service]

    @cached_property
    def patient_lambda(self) -> LambdaClient:
        """Lambda, for one long invocation: it waits for hours, and never invokes twice."""
        patient = Config(read_timeout=12 * 3600, retries={"total_max_attempts": 1})
        return self._session.client(
            "lambda", endpoint_url=self.endpoint, config=self._config.merge(patient)
        )
