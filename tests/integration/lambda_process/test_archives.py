"""Function zips and layers from strangers, at the API."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import ROLE, invoke

WORDS = "Could not unzip uploaded file. Please check your file, then try to upload again."


def with_link(target: str, **files: str) -> bytes:
    """An archive with the link ``link`` to *target*, and files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, target)
        for name, text in files.items():
            opened.writestr(name.replace("__", "/").replace("_py", ".py"), text)
    return buffer.getvalue()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the machine's that is nobody else's business."""
    made = tmp_path / "secret"
    made.write_text("mine")
    made.chmod(0o600)
    return made


def refused(error: ClientError) -> tuple[str, str]:
    return error.response["Error"]["Code"], error.response["Error"]["Message"]


@pytest.mark.parametrize("through", [False, True], ids=["a link out", "a file through a link"])
def test_an_unsafe_archive_is_refused(
    emulator: Emulator, make_function: MakeFunction, secret: Path, *, through: bool
) -> None:
    """By each call that takes one, in AWS's words; and the machine's files stay as they were."""
    unsafe = (
        with_link(str(secret.parent), link__new="written")
        if through
        else with_link(str(secret), app_py="x = 1")
    )
    lambda_, s3 = emulator.aws.lambda_, emulator.aws.s3
    name = make_function("def handler(event, context):\n    return 1\n")
    with pytest.raises(ClientError) as created:
        lambda_.create_function(
            FunctionName="unsafe",
            Runtime="python3.13",
            Role=ROLE,
            Handler="app.handler",
            Code={"ZipFile": unsafe},
        )
    with pytest.raises(ClientError) as updated:
        lambda_.update_function_code(FunctionName=name, ZipFile=unsafe)
    with pytest.raises(ClientError) as layered:
        lambda_.publish_layer_version(LayerName="unsafe", Content={"ZipFile": unsafe})
    bucket = f"archives-{int(through)}"
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )
    s3.put_object(Bucket=bucket, Key="unsafe.zip", Body=unsafe)
    with pytest.raises(ClientError) as from_s3:
        lambda_.update_function_code(FunctionName=name, S3Bucket=bucket, S3Key="unsafe.zip")
    for error in (created, updated, layered, from_s3):
        assert ("InvalidParameterValueException", WORDS) == refused(error.value)
    assert (0o600, "mine") == (secret.stat().st_mode & 0o777, secret.read_text())
    assert [secret] == list(secret.parent.iterdir())
    assert 1 == invoke(emulator.aws, name).payload


def test_a_link_inside_is_followed(emulator: Emulator, make_function: MakeFunction) -> None:
    """As on AWS."""
    archive = with_link("real.txt", real__txt="")
    with zipfile.ZipFile(buffer := io.BytesIO(archive), "a") as opened:
        opened.writestr("real.txt", "inside")
        opened.writestr("app.py", "def handler(event, context):\n    return open('link').read()\n")
    name = make_function("def handler(event, context):\n    return 1\n")
    emulator.aws.lambda_.update_function_code(FunctionName=name, ZipFile=buffer.getvalue())
    emulator.aws.lambda_.get_waiter("function_updated_v2").wait(
        FunctionName=name, WaiterConfig={"Delay": 1}
    )
    assert "inside" == invoke(emulator.aws, name).payload
