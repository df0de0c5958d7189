"""Functions that others wrote, or their like: each does here what it does on AWS.

Which those are, and what else was tried, is the table *Functions that others wrote* in
plugin/README.md. Those of this file are invoked; the others have a trigger, or an API before them.
"""

from __future__ import annotations

import base64
import io
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageOps

from testbed.settings import ROOT
from tests.samples import packing
from tests.samples.conftest import Cloud

pytestmark = pytest.mark.timeout(600)  # packages are fetched the first time

MPLCONFIGDIR = "/tmp/matplotlib"  # noqa: S108 - the function's
LayerOf = Callable[[str], str]
ON_AWS = {
    *("_HANDLER", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "LANG", "TZ", "PATH"),
    *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "LD_LIBRARY_PATH"),
    *("AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE"),
    *("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "MINE"),
}


def test_environment(cloud: Cloud) -> None:
    """What a function reads from variables that AWS sets, and one of its own."""
    told = cloud.answer(cloud.deploy("environment", variables={"MINE": "1"}))
    assert "us-east-1" == told["region"]
    assert set() == ON_AWS - set(told["variables"])
    assert "EDGE_PORT" not in told["variables"]


def test_numpy_from_a_layer(cloud: Cloud) -> None:
    """Where AWS's tutorial puts packages: `python/lib/python3.13/site-packages` of the layer."""
    content = packing.layer("numpy-layer", "python/lib/python3.13/site-packages")
    name = cloud.deploy("numpy-layer", layers=(cloud.layer("numpy", content),))
    told = cloud.answer(name, {"rows": 3, "columns": 5})
    assert 1015 == told["trace"]
    assert told["from"].endswith("/python/lib/python3.13/site-packages/numpy/__init__.py")


def test_requests_from_a_layer(cloud: Cloud, layer_of: LayerOf) -> None:
    """A library from a layer asks another host."""
    address = f"{cloud.endpoint}/_localstack/health"
    layers = (layer_of("requests-layer"),)
    told = cloud.answer(
        cloud.deploy("requests-layer", layers=layers, variables={"ADDRESS": address})
    )
    assert 200 == told["statusCode"]
    assert "services" in json.loads(told["body"])


def test_opencv_from_a_layer(cloud: Cloud, layer_of: LayerOf) -> None:
    """C libraries of a layer, a file in /tmp, a bucket."""
    bucket = cloud.bucket()
    photo = (ROOT / "samples" / "lighthouse.jpg").read_bytes()
    cloud.aws.s3.put_object(Bucket=bucket, Key="a b.jpg", Body=photo)
    name = cloud.deploy(
        "opencv-gray",
        layers=(layer_of("opencv-gray"),),
        variables={"BUCKET_NAME": bucket, "S3_KEY": "a b.jpg"},
    )
    told = cloud.answer(name)
    assert "opencv" in json.loads(told["body"])
    with Image.open(io.BytesIO(cloud.object(bucket, "my_image-gray.jpg"))) as gray:
        assert "L" == gray.mode
        with Image.open(io.BytesIO(photo)) as original:  # which a camera held upright
            assert ImageOps.exif_transpose(original).size == gray.size


def test_parameters_and_secrets(cloud: Cloud) -> None:
    """Powertools reads both and keeps them: a change is not seen while the environment is warm."""
    cloud.aws.client("ssm").put_parameter(Name="/app/limit", Value='{"n": 3}', Type="String")
    cloud.aws.client("secretsmanager").create_secret(Name="app/key", SecretString="12345")
    name = cloud.deploy("powertools-parameters")
    for value in ('{"n": 4}', '{"n": 5}'):
        told = cloud.answer(name, {"parameter": "/app/limit", "secret": "app/key"})
        assert {"setting": {"n": 3}, "secret": 5} == told
        cloud.aws.client("ssm").put_parameter(Name="/app/limit", Value=value, Overwrite=True)


def test_idempotency_in_dynamodb(cloud: Cloud) -> None:
    """It does not run: DynamoDB is a Java program here, which is not served; it is said by name."""
    given = cloud.invoke(
        cloud.deploy("powertools-idempotency", variables={"IDEMPOTENCY_TABLE": "t"}), {"id": 1}
    )
    assert "Unhandled" == given.error
    assert "dynamodb" in given.payload["errorMessage"]


def test_processes_and_pipes(cloud: Cloud) -> None:
    """Children of the function work and answer, cold and warm; a Pool needs what Lambda lacks."""
    name = cloud.deploy("pipes")
    for _ in range(2):
        assert [1, 4, 9, 16] == cloud.answer(name, {"numbers": [1, 2, 3, 4]})
    pooled = cloud.invoke(cloud.deploy("pipes", "app.pooled"), {"numbers": [1]})
    # ENOSYS, or ENOENT: the C library's word for it.
    assert pooled.payload["errorType"] in ("OSError", "FileNotFoundError")


def test_signed_xml(cloud: Cloud) -> None:
    """Two wheels that each bring a libxml2 agree."""
    signed = cloud.answer(cloud.deploy("xml-signature"), {"xml": "<order><n>3</n></order>"})
    assert 32 == len(base64.b64decode(signed))


SIGNS = """
import json, time
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwk, jwt
private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
public = {**jwk.construct(private, "RS256").public_key().to_dict(), "kid": "one"}
claims = {"sub": "ann", "exp": int(time.time()) + 300}
token = jwt.encode(claims, jwk.construct(private, "RS256").to_dict(), "RS256", {"kid": "one"})
print(json.dumps([public, claims, token]))
"""


def test_keys_that_are_fetched_at_the_start(cloud: Cloud) -> None:
    """A pool's keys come by HTTP before the first event; a token is checked against them."""
    public, claims, token = json.loads(packing.run("cognito-jwt", SIGNS))
    place: Any = {"Bucket": cloud.bucket(), "Key": "jwks.json"}
    cloud.aws.s3.put_object(**place, Body=json.dumps({"keys": [public]}).encode())
    url = cloud.aws.s3.generate_presigned_url("get_object", Params=place)
    name = cloud.deploy("cognito-jwt", variables={"KEYS_URL": url})
    assert claims == cloud.answer(name, {"token": token})
    assert cloud.answer(name, {"token": f"{token[:-8]}AAAAAAAA"}) is False


def test_a_database_that_is_not_there(cloud: Cloud) -> None:
    """Leaving while it loads is `Runtime.ExitError`, with what it logged before."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = str(nobody.getsockname()[1])
        secret = {"DB_HOST": "127.0.0.1", "DB_PORT": port, "DB_PASSWORD": "x"}
        given = cloud.invoke(cloud.deploy("postgres-init", variables=secret))
    assert "Runtime.ExitError" == given.payload["errorType"]
    assert "exit status 1" in given.payload["errorMessage"]
    assert "no database: " in given.log


def test_a_model_in_tmp_and_in_memory(cloud: Cloud, layer_of: LayerOf) -> None:
    """Fetched once for an environment; the layer has scikit-learn, SciPy and NumPy."""
    bucket = cloud.bucket()
    common: dict[str, Any] = {
        "layers": (layer_of("model-cache"),),
        "variables": {"BUCKET": bucket},
    }
    cloud.answer(cloud.deploy("model-cache", "app.train", **common))
    name = cloud.deploy("model-cache", **common)
    for found in ("s3", "memory"):
        told = cloud.answer(name, {"data": [[1, 1], [2, 0]]})
        assert found == told["from"]
        assert pytest.approx([3, 2]) == told["prediction"]


def test_a_loop_that_is_kept(cloud: Cloud) -> None:
    """A loop of the module's, with aiohttp, cold and warm; the trace's variable is set."""
    name = cloud.deploy(
        "aiohttp-fetch", variables={"ADDRESS": f"{cloud.endpoint}/_localstack/health"}
    )
    for _ in range(2):
        told = json.loads(cloud.answer(name, {"times": 5})["body"])
        assert {"seen": [200] * 5, "traced": True} == told


def test_a_database_in_a_file(cloud: Cloud) -> None:
    """SQLite in /tmp: what one environment put into the bucket is what the next one finds."""
    bucket = cloud.bucket()
    first, second = (cloud.deploy("sqlite-store", variables={"BUCKET": bucket}) for _ in range(2))
    ann, bob = {"name": "Ann", "age": 41}, {"name": "Bob", "age": 7}
    assert [["Ann", 41]] == cloud.answer(first, {"insert": [ann]})
    assert [["Bob", 7], ["Ann", 41]] == cloud.answer(second, {"insert": [bob]})


def test_files_beside_the_code(cloud: Cloud) -> None:
    """Relative paths begin at the code, as on AWS."""
    told = cloud.answer(cloud.deploy("jinja-page", variables={"POOL": "<us>"}))
    assert "<h1>&lt;us&gt;</h1><p>to</p><p>be</p><p>or</p><p>not</p>" == told["body"]


def test_threads_that_share_a_client(cloud: Cloud) -> None:
    """Twelve threads read an object sixty times."""
    bucket = cloud.bucket()
    cloud.aws.s3.put_object(Bucket=bucket, Key="a.json", Body=b"[1, 2, 3]")
    variables = {"BUCKET": bucket, "MAX_WORKERS": "12"}
    name = cloud.deploy("parallel-download", variables=variables)
    told = cloud.answer(name, {"objectKey": "a.json", "repeat": 60})
    assert {"read": 60, "records": 180, "took": True} == told


def test_a_plot(cloud: Cloud, layer_of: LayerOf) -> None:
    """It draws without screen and home, with fonts of its own, and keeps a cache in /tmp."""
    bucket = cloud.bucket()
    name = cloud.deploy(
        "plot",
        layers=(layer_of("plot"),),
        variables={"BUCKET": bucket, "MPLCONFIGDIR": MPLCONFIGDIR},
    )
    told = cloud.answer(name, {"x": [1, 2, 3], "y": [1, 4, 9]})
    assert "agg" == json.loads(told["body"])["backend"].lower()
    with Image.open(io.BytesIO(cloud.object(bucket, "sample.png"))) as drawn:
        assert (400, 300) == drawn.size
        assert len(drawn.convert("RGB").getcolors(maxcolors=1 << 20) or ()) > 10


def test_a_custom_resource(cloud: Cloud) -> None:
    """A stack's bucket is emptied, and the answer is put to a presigned address, as on AWS."""
    bucket, answers = cloud.bucket(), cloud.bucket()
    for key in ("a", "b/c"):
        cloud.aws.s3.put_object(Bucket=bucket, Key=key)
    name = cloud.deploy("custom-resource")
    told: list[str] = []
    for asked in (bucket, "no-such-bucket"):
        place = {"Bucket": answers, "Key": asked}
        event = {
            "RequestType": "Delete",
            "ResponseURL": cloud.aws.s3.generate_presigned_url("put_object", Params=place),
            "StackId": "arn:aws:cloudformation:us-east-1:000000000000:stack/s/1",
            "RequestId": "1",
            "LogicalResourceId": "Cleaner",
            "ResourceType": "Custom::Cleaner",
            "ResourceProperties": {"BucketName": asked},
        }
        cloud.answer(name, event)
        told.append(json.loads(cloud.object(answers, asked))["Status"])
    assert ["SUCCESS", "FAILED"] == told
    assert 0 == cloud.aws.s3.list_objects_v2(Bucket=bucket)["KeyCount"]
