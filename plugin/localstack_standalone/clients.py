"""How programs reach an emulator: by environment variables, or with a client of boto3's."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

REGION: Final = "us-east-1"
# LocalStack takes any; these are its customary ones.
CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
# Else SDKs send StartSyncExecution and TestState to `sync-` and the host: there is but one here.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-host-prefix.html
ONE_HOST: Final = {"AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}
# What would lead a program to another address, or to somebody's account.
_ELSEWHERE: Final = (
    "AWS_ENDPOINT_URL",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
)
_LOOPBACK: Final = "127.0.0.1,localhost"


@dataclasses.dataclass(frozen=True)
class RunningEmulator:
    """An emulator that is up.

    Attributes:
        endpoint: its base URL.
        state_dir: the folder with its files and its log.
    """

    endpoint: str
    state_dir: Path

    def environ(self, given: Mapping[str, str]) -> dict[str, str]:
        """The environment variables *given*, changed so that SDKs and the AWS CLI come here."""
        kept = {name: text for name, text in given.items() if not name.startswith(_ELSEWHERE)}
        region = given.get("AWS_REGION") or given.get("AWS_DEFAULT_REGION") or REGION
        direct = given.get("no_proxy") or given.get("NO_PROXY")
        without_proxy = f"{direct},{_LOOPBACK}" if direct else _LOOPBACK
        return {
            **kept,
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": self.endpoint,
            **ONE_HOST,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "NO_PROXY": without_proxy,
            "no_proxy": without_proxy,
        }

    def client(self, service: str, **options: Any) -> Any:
        """A client of boto3's for *service*, with *options* as boto3 takes them."""
        import boto3
        from botocore.config import Config

        session: Any = boto3.Session(  # its stubs know services by name alone
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            region_name=options.pop("region_name", REGION),
        )
        direct = Config(proxies={}, inject_host_prefix=False).merge(options.pop("config", Config()))
        return session.client(service, endpoint_url=self.endpoint, config=direct, **options)
