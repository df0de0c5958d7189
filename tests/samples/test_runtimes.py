"""Samples in other languages: Node.js as this machine has it, and Bash by a runtime in a layer."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from targets import embedded
from testbed.settings import ROOT
from tests.samples import packing
from tests.samples.conftest import Cloud
from tests.support import functions

pytestmark = pytest.mark.timeout(600)  # packages are fetched the first time

NODES = [name for name in embedded.runtimes() if name.startswith("nodejs")]


def test_bash_by_a_layer(cloud: Cloud) -> None:
    """The layer's `bootstrap` sources the function's file, and serves event after event."""
    runtime = cloud.layer("bash-runtime", packing.files_layer("bash-layer"))
    name = cloud.deploy(
        "bash-layer",
        "function.handler",
        layers=(runtime,),
        variables={"REGION_NOTE": "from a layer"},
        Runtime="provided.al2023",
    )
    for event in ({"é": [1, 2]}, "two"):
        assert {"echo": event, "upper": "FROM A LAYER"} == cloud.answer(name, event)


@pytest.mark.parametrize("runtime", NODES)
def test_node_and_its_sdk(cloud: Cloud, runtime: str) -> None:
    """CommonJS; the SDK and X-Ray's are in a layer, at `nodejs/node_modules`."""
    layer = cloud.layer("node", packing.node_layer("node-account"))
    name = cloud.deploy("node-account", "index.handler", layers=(layer,), Runtime=runtime)
    for body in ("one", "two"):
        given = cloud.invoke(name, {"Records": [{"body": body}]})
        assert given.error is None, given.payload
        assert {"limit": 1000, "id": given.request_id} == given.payload
        assert f"message {body}" in given.log


@pytest.mark.parametrize("runtime", NODES)
def test_a_thumbnail_by_sharp(cloud: Cloud, runtime: str) -> None:
    """An ES module, a file beside it, libvips in the package, a bucket's event."""
    bucket = cloud.bucket()
    name = cloud.deploy("node-thumbnail", "index.handler", modules=True, Runtime=runtime)
    cloud.notify(bucket, name, ".jpg")
    photo = (ROOT / "samples" / "lighthouse.jpg").read_bytes()
    cloud.aws.s3.put_object(Bucket=bucket, Key="my photo.jpg", Body=photo)
    with Image.open(io.BytesIO(cloud.object(bucket, "my photo.jpg.small"))) as small:
        assert ("JPEG", 100) == (small.format, small.width)


@pytest.mark.parametrize(("runtime", "named"), [("java21", "java21"), ("ruby3.4", "ruby3.4")])
def test_what_is_not_here_is_refused_by_name(cloud: Cloud, runtime: str, named: str) -> None:
    """Java's and Ruby's samples are not taken, rather than taken and never run."""
    refused = cloud.aws.lambda_.exceptions.InvalidParameterValueException
    with pytest.raises(refused, match=named):
        cloud.deploy("rest-greeting", Runtime=runtime)


def test_an_image_is_refused(cloud: Cloud) -> None:
    """Container images are for Docker: it is said when the function is made."""
    refused = cloud.aws.lambda_.exceptions.InvalidParameterValueException
    with pytest.raises(refused, match=r"container image.*PackageType Zip"):
        cloud.aws.lambda_.create_function(
            FunctionName="image",
            PackageType="Image",
            Role=functions.ROLE,
            Code={"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/a:latest"},
        )
