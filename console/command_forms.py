"""One call of an AWS API as three people write it: for the AWS CLI, for boto3, for curl.

The words of the AWS CLI say which operation it is and with which parameters; what the others need
follows from botocore's models of the services. `s3 ls` and `s3 cp` are the CLI's own words for
operations of S3.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import shlex
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import botocore.serialize
import botocore.session
from botocore import xform_name

from client import fetch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from botocore.model import OperationModel, Shape

    from testbed.outputs import Outputs

_S3: Final = "s3://"
_KEYS: Final = '"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"'
# One for the whole world (IAM User Guide, "IAM endpoints").
_GLOBAL: Final = {"iam": ("https://iam.amazonaws.com", "us-east-1")}


@dataclasses.dataclass(frozen=True)
class ShownCommand:
    """What a page did, for whoever wants to do it without the page.

    Attributes:
        ways: each with its name, such as ``boto3``; the first is a shell's.
    """

    ways: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return self.ways[0][1]


@dataclasses.dataclass(frozen=True)
class ApiCall:
    """An operation and its parameters.

    Attributes:
        service: as boto3 calls it.
        operation: as the service calls it.
        parameters: by the service's names.
        saved_as: the file that the answer's body goes to; empty for none.
    """

    service: str
    operation: str
    parameters: dict[str, Any]
    saved_as: str = ""


def aws(outputs: Outputs, *words: str) -> ShownCommand:
    """The command of the AWS CLI that *words* are, and the same for boto3 and curl."""
    name = "aws" if outputs.endpoint is None else "awslocal"
    ways = [(name, shell(outputs, *words))]
    if (call := read(words)) is not None:
        ways += [("boto3", python(outputs, call)), ("curl", curl(outputs, call))]
    return ShownCommand(tuple(ways))


def shell(outputs: Outputs, *words: str) -> str:
    """``aws`` and *words*, quoted for a shell."""
    if outputs.endpoint is not None:
        return shlex.join(["awslocal", *words])
    return shlex.join(["aws", "--region", outputs.region, *words])


def read(words: Sequence[str]) -> ApiCall | None:
    """The call that *words* of the AWS CLI make; None where they are no single one."""
    match words:
        case ["s3", "ls", address] if address.startswith(_S3):
            bucket, _, prefix = address.removeprefix(_S3).partition("/")
            prefixed = {"Prefix": prefix} if prefix else {}
            return ApiCall("s3", "ListObjectsV2", {"Bucket": bucket, **prefixed})
        case ["s3", "cp", address, "."] if address.startswith(_S3):
            bucket, _, key = address.removeprefix(_S3).partition("/")
            return ApiCall("s3", "GetObject", {"Bucket": bucket, "Key": key}, fetch.file_name(key))
        case [service, operation, *options] if service in _session().get_available_services():
            return _read(service, operation, options)
    return None


def _read(service: str, operation: str, options: Sequence[str]) -> ApiCall | None:
    model = _session().get_service_model(service)
    by_word = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in by_word or len(options) % 2:
        return None
    found = model.operation_model(by_word[operation])
    members = found.input_shape.members if found.input_shape else {}
    by_option = {f"--{xform_name(name, '-')}": name for name in members}
    parameters = {}
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option not in by_option:
            return None
        name = by_option[option]
        parameters[name] = _value(members[name], value)
    return ApiCall(service, by_word[operation], parameters)


def _value(shape: Shape, text: str) -> Any:
    return text if shape.type_name in ("string", "blob") else json.loads(text)


def python(outputs: Outputs, call: ApiCall) -> str:
    """A program that makes *call* by boto3, which finds the rest in the shell's variables."""
    region = {} if outputs.endpoint is not None else {"region_name": outputs.region}
    client = f"boto3.client({_arguments([call.service], region)})"
    if call.saved_as:
        place = call.parameters["Bucket"], call.parameters["Key"], call.saved_as
        return f"import boto3\n\n{client}.download_file({_arguments(place, {})})"
    name = xform_name(call.operation)
    return f"import boto3\n\nprint({client}.{name}({_arguments((), call.parameters)}))"


def _arguments(values: Sequence[str], named: dict[str, Any]) -> str:
    return ", ".join([*map(repr, values), *(f"{name}={value!r}" for name, value in named.items())])


def curl(outputs: Outputs, call: ApiCall) -> str:
    """A command that makes *call* by curl 7.75 or newer, which signs it."""
    model = _session().get_service_model(call.service)
    request = _request(model.operation_model(call.operation), call.parameters)
    url, region = _place(outputs, call.service, model.endpoint_prefix)
    words = ["curl", "-sS", "--aws-sigv4", f"aws:amz:{region}:{model.signing_name}"]
    quoted = [shlex.join(words), "--user", _KEYS]
    if outputs.endpoint is None:
        quoted += ["-H", '"X-Amz-Security-Token: $AWS_SESSION_TOKEN"']
    if request["method"] not in ("GET", "POST"):
        quoted += ["-X", request["method"]]
    for name, value in request["headers"].items():
        quoted += ["-H", shlex.quote(f"{name}: {value}")]
    if body := _body(request["body"]):
        quoted += ["-d", shlex.quote(body)]
    elif request["method"] == "POST":
        quoted += ["-X", "POST"]
    query = urlencode(request["query_string"] or {})
    address = f"{url}{request['url_path']}"
    if query:
        address += f"{'&' if '?' in address else '?'}{query}"
    quoted.append(shlex.quote(address))
    if call.saved_as:
        quoted += ["-o", shlex.quote(call.saved_as)]
    return " ".join(quoted)


def _request(operation: OperationModel, parameters: dict[str, Any]) -> dict[str, Any]:
    protocol = operation.service_model.resolved_protocol
    serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
    request: dict[str, Any] = serializer.serialize_to_request(parameters, operation)
    return request


def _body(body: Any) -> str:
    if isinstance(body, dict):
        return urlencode(body)
    return body.decode() if isinstance(body, bytes) else str(body or "")


def _place(outputs: Outputs, service: str, prefix: str) -> tuple[str, str]:
    """The URL of the service, and the region of its signatures."""
    if outputs.endpoint is not None:
        return outputs.endpoint.rstrip("/"), outputs.region
    return _GLOBAL.get(
        service, (f"https://{prefix}.{outputs.region}.amazonaws.com", outputs.region)
    )


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()
