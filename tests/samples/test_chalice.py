"""A chalice application, which chalice itself packs and deploys: to the emulator, as to AWS."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.samples import packing
from tests.samples.conftest import REGION, Cloud
from tests.samples.test_apis import ask

pytestmark = pytest.mark.timeout(600)  # packages are fetched the first time


@pytest.fixture(scope="session")
def deployed(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What `chalice deploy` made, by its own record: a resource's name, then its facts."""
    project = tmp_path_factory.mktemp("chalice") / "todo"
    source = packing.HERE / "chalice-todo"
    shutil.copytree(source, project, ignore=shutil.ignore_patterns("*.in", "*.lock"))
    shutil.copy(source / "requirements.lock", project / "requirements.txt")
    for bucket in ("chalice-uploads", "chalice-seen"):
        cloud.bucket(bucket)
    programs = packing.environment(source / "chalice.lock")
    given = {
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": "/dev/null",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        [programs / "chalice", "deploy"],
        cwd=project,
        env={**os.environ, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=500,
        check=False,
    )
    assert 0 == done.returncode, done.stdout
    return recorded(project)


def recorded(project: Path) -> dict[str, dict[str, str]]:
    """The resources of *project*, as chalice remembers them."""
    text = (project / ".chalice" / "deployed" / "dev.json").read_text(encoding="utf-8")
    return {each["name"]: each for each in json.loads(text)["resources"]}


def test_its_api(cloud: Cloud, deployed: dict[str, dict[str, str]]) -> None:
    """Routes, JSON, and errors in chalice's shape; a password gets a token."""
    api = deployed["rest_api"]["rest_api_id"]
    address = f"{cloud.endpoint}/_aws/execute-api/{api}/api"
    refused = ask("POST", f"{address}/login", json={"username": "ann", "password": "x"})
    assert (401, "UnauthorizedError") == (refused.status_code, refused.json()["Code"])
    given = ask("POST", f"{address}/login", json={"username": "ann", "password": "hunter2"})
    assert 3 == len(given.json()["token"].split("."))


def test_its_bucket(cloud: Cloud, deployed: dict[str, dict[str, str]]) -> None:
    """An upload reaches the function that chalice has subscribed."""
    assert "arrived" in deployed
    cloud.aws.s3.put_object(Bucket="chalice-uploads", Key="my file", Body=b"content")
    assert b"content" == cloud.object("chalice-seen", "my file.seen")


def test_its_schedule(cloud: Cloud, deployed: dict[str, dict[str, str]]) -> None:
    """The rule is there; its event reaches the function in the shape that chalice reads."""
    arn = deployed["hourly"]["lambda_arn"]
    rule = cloud.aws.client("events").describe_rule(Name=deployed["hourly-event"]["rule_name"])
    assert "rate(1 hour)" == rule["ScheduleExpression"]
    event = {
        "id": "1",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2026-01-01T00:00:00Z",
        "region": REGION,
        "resources": [rule["Arn"]],
        "detail-type": "Scheduled Event",
        "detail": {},
        "version": "0",
    }
    assert {"source": "aws.events", "id": "1"} == cloud.answer(arn, event)
