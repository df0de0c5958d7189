"""One emulator for all samples, and what puts a sample into it."""

from __future__ import annotations

import dataclasses
import functools
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
import requests

from targets import embedded
from testbed import waiting
from testbed.aws import Aws
from tests.samples import packing
from tests.support import functions
from tests.support.functions import Answer

SERVICES: Final = "sns,sqs,ssm,secretsmanager"
# Without a sandbox /opt, /tmp and /dev/shm are the machine's, and LD_LIBRARY_PATH is.
NEED_A_SANDBOX: Final = (
    *("test_environment", "test_opencv_from_a_layer", "test_a_model_in_tmp_and_in_memory"),
    *("test_processes_and_pipes", "test_a_database_in_a_file"),
)
# Where buckets need no configuration, and most samples are.
REGION: Final = "us-east-1"
WAIT_S: Final = 120


@dataclasses.dataclass(frozen=True)
class Cloud:
    """An emulator with functions that others wrote.

    Attributes:
        aws: clients of it.
        endpoint: its base URL.
    """

    aws: Aws
    endpoint: str

    def deploy(
        self,
        sample: str,
        handler: str = "app.handler",
        *,
        layers: tuple[str, ...] = (),
        variables: dict[str, str] | None = None,
        modules: bool = False,
        **settings: Any,
    ) -> str:
        """Create a function of *sample* and wait until it is active; its name."""
        name = f"{sample}-{uuid.uuid4().hex[:8]}"
        given = {"Runtime": "python3.13", "Timeout": 60, "MemorySize": 1024, **settings}
        self.aws.lambda_.create_function(
            FunctionName=name,
            Role=functions.ROLE,
            Handler=handler,
            Code=self._uploaded(f"{name}.zip", packing.function(sample, modules=modules)),
            Layers=list(layers),
            Environment={"Variables": variables or {}},
            **given,
        )
        assert "Active" == functions.until_settled(self.aws, name, WAIT_S)
        return name

    def layer(self, name: str, content: bytes) -> str:
        """Publish a layer; its version's ARN."""
        place = self._uploaded(f"layer-{name}.zip", content)
        made = self.aws.lambda_.publish_layer_version(LayerName=name, Content=place)
        return made["LayerVersionArn"]

    def invoke(self, name: str, event: Any = None) -> Answer:
        """Invoke *name* and wait for its answer."""
        return functions.invoke(self.aws, name, event)

    def answer(self, name: str, event: Any = None) -> Any:
        """What *name* answers, which is no error."""
        given = self.invoke(name, event)
        assert given.error is None, f"{given.payload}\n{given.log}"
        return given.payload

    def bucket(self, name: str | None = None) -> str:
        """Make a bucket; its name."""
        name = name or f"b-{uuid.uuid4().hex[:12]}"
        self.aws.s3.create_bucket(Bucket=name)
        return name

    def notify(self, bucket: str, name: str, suffix: str) -> None:
        """Have *bucket* tell function *name* of objects that end with *suffix*."""
        rule = {"FilterRules": [{"Name": "suffix", "Value": suffix}]}
        arn = self.aws.lambda_.get_function_configuration(FunctionName=name)["FunctionArn"]
        told: Any = {
            "LambdaFunctionArn": arn,
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": rule},
        }
        self.aws.lambda_.add_permission(
            FunctionName=name,
            StatementId="bucket",
            Action="lambda:InvokeFunction",
            Principal="s3.amazonaws.com",
            SourceArn=f"arn:aws:s3:::{bucket}",
        )
        self.aws.s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [told]}
        )

    def object(self, bucket: str, key: str) -> bytes:
        """The content of an object, as soon as it is there."""
        return waiting.until(
            lambda: (self.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read(), "there"),
            f"object {bucket}/{key}",
            timeout_s=WAIT_S,
            retry_on=(self.aws.s3.exceptions.NoSuchKey,),
        )

    def _uploaded(self, key: str, content: bytes) -> Any:
        """Where a zip is that was put into a bucket, as people do with large ones."""
        self.aws.s3.put_object(Bucket=self._artifacts, Key=key, Body=content)
        return {"S3Bucket": self._artifacts, "S3Key": key}

    @functools.cached_property
    def _artifacts(self) -> str:
        return self.bucket()


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Started once, with what samples ask for beside the pipeline's services."""
    folder = tmp_path_factory.mktemp("samples")
    with embedded.private(folder, SERVICES=SERVICES) as known:
        yield Cloud(Aws(endpoint=known.endpoint, region=REGION), known.endpoint)


@pytest.fixture(autouse=True)
def expected(request: pytest.FixtureRequest, cloud: Cloud) -> None:
    """What a process is not like AWS in is no failure where there are no sandboxes."""
    told = requests.get(f"{cloud.endpoint}/_localstack/standalone", timeout=WAIT_S).json()
    sandboxed = told.get("sandbox", {}).get("sandboxed", False)
    if request.function.__name__ in NEED_A_SANDBOX and not sandboxed:
        request.applymarker(pytest.mark.xfail(reason="a process; see plugin/README.md"))


@pytest.fixture(scope="session")
def layer_of(cloud: Cloud) -> Callable[[str], str]:
    """Gives the layer with what a sample's ``layer.lock`` names; each is published once."""
    return functools.cache(lambda sample: cloud.layer(sample, packing.layer(sample)))
