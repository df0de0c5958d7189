"""SAM and CloudFormation templates."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from localstack_standalone.lint import api, document, machine, policy
from localstack_standalone.lint.document import is_intrinsic, text_of
from localstack_standalone.lint.finding import At, Remark, mapping, sequence
from localstack_standalone.lint.policy import Allowed

_FUNCTIONS: Final = frozenset({"AWS::Lambda::Function", "AWS::Serverless::Function"})
_MACHINES: Final = frozenset({"AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"})
_BUCKET: Final = "AWS::S3::Bucket"
_ROLE: Final = "AWS::IAM::Role"
# Characters that a name may have (API references of the services).
_NAMES: Final = {
    "AWS::Lambda::Function": ("FunctionName", 64),
    "AWS::Serverless::Function": ("FunctionName", 64),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", 80),
    "AWS::Serverless::StateMachine": ("Name", 80),
    "AWS::IAM::Role": ("RoleName", 64),
    "AWS::Logs::LogGroup": ("LogGroupName", 512),
    "AWS::SQS::Queue": ("QueueName", 80),
    "AWS::SNS::Topic": ("TopicName", 256),
    "AWS::Events::Rule": ("Name", 64),
}
# AWS Lambda quotas and CreateFunction.
_RANGES: Final = {"Timeout": (1, 900), "MemorySize": (128, 10_240)}
_STORAGE_MB: Final = (512, 10_240)
_VARIABLES_BYTES: Final = 4096
_RESERVED: Final = frozenset(
    {
        *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION"),
        *("AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        *("AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE"),
        *("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY"),
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"),
    }
)
_BUCKET_NAME: Final = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS: Final = re.compile(r"\d+\.\d+\.\d+\.\d+")
_ACCOUNT: Final = re.compile(r"(?<!\d)0{12}(?!\d)")
_PUT_IN: Final = "${"
_REGION: Final = re.compile(r"(?<=\w)\.(\$\{AWS::Region\}|[a-z]{2}(-[a-z]+)+-\d)(?=\.amazonaws\.)")
_INLINE_BYTES: Final = 10_240


@dataclasses.dataclass(frozen=True)
class DeclaredFunction:
    """What a template says of a function.

    Attributes:
        at: its properties.
        code: where its code is, empty where it is not on this machine.
        handler: such as "app.handler".
        architecture: such as "x86_64".
        runtime: such as "python3.13".
        tmp_mb: how much its ``/tmp`` holds.
        allowed: what its role allows; None where that is not known.
    """

    at: At
    code: str
    handler: str
    architecture: str
    runtime: str
    tmp_mb: int
    allowed: Allowed | None


def is_template(data: Any) -> bool:
    """Whether *data* is a template."""
    resources = mapping(data).get("Resources")
    return isinstance(resources, dict) and any(
        "::" in text_of(mapping(one).get("Type")) for one in resources.values()
    )


def functions(data: dict[str, Any]) -> Iterator[DeclaredFunction]:
    """The functions of a template."""
    roles, defaults = _roles(data), mapping(mapping(data.get("Globals")).get("Function"))
    for at, kind, properties in _resources(data):
        if kind in _FUNCTIONS:
            given = defaults | properties
            code = given.get("CodeUri", given.get("Code"))
            storage = mapping(given.get("EphemeralStorage")).get("Size", _STORAGE_MB[0])
            yield DeclaredFunction(
                at,
                code if isinstance(code, str) and "://" not in code else "",
                text_of(given.get("Handler")),
                next(iter(map(text_of, sequence(given.get("Architectures")))), "x86_64"),
                text_of(given.get("Runtime")),
                storage if isinstance(storage, int) else _STORAGE_MB[0],
                _allowed(given, roles),
            )


def remarks(data: dict[str, Any], folder: Path) -> Iterator[Remark]:
    """What AWS refuses in a template, and what it runs otherwise.

    Args:
        data: the template.
        folder: where it is, for the definitions that it names.
    """
    roles = _roles(data)
    yield from _same_buckets(data)
    for at, kind, properties in _resources(data):
        yield from _name(kind, properties, at)
        if kind in _FUNCTIONS:
            yield from _function(properties, at)
            yield from _trust(_allowed(properties, roles), "lambda.amazonaws.com", at)
        elif kind in _MACHINES:
            yield from _machine(properties, at, folder, _allowed(properties, roles))
        elif kind == _BUCKET:
            yield from _bucket(properties, at)
        elif kind == _ROLE:
            yield from _role(properties, at)
        elif kind == "AWS::ApiGateway::Method":
            yield from api.method(properties, at)
        elif kind in ("AWS::Serverless::Api", "AWS::ApiGateway::RestApi"):
            field = "DefinitionBody" if kind.endswith("Serverless::Api") else "Body"
            yield from api.remarks(properties.get(field), (*at, field))
    yield from accounts(data, ())


def lacking(allowed: Allowed, service: str, method: str) -> list[str]:
    """The actions that a call of boto3 needs and that a role does not allow."""
    return [one for one in policy.of_call(service, method) if not allowed.allows(one)]


def definition_files(data: dict[str, Any], folder: Path) -> Iterator[tuple[Path, bool]]:
    """Definitions that a template names, and whether each is an Express machine's."""
    for _, kind, properties in _resources(data):
        if kind in _MACHINES and (path := _definition_file(properties, folder)):
            yield path, properties.get("Type") == "EXPRESS"


def _resources(data: dict[str, Any]) -> Iterator[tuple[At, str, dict[str, Any]]]:
    for name, resource in mapping(data.get("Resources")).items():
        kind = text_of(mapping(resource).get("Type"))
        at = ("Resources", name, "Properties")
        yield at, kind, mapping(mapping(resource).get("Properties"))


def _roles(data: dict[str, Any]) -> dict[str, Allowed | None]:
    """What each role allows, by its logical name and by its own."""
    found: dict[str, Allowed | None] = {}
    attached: set[str] = set()
    for at, kind, properties in _resources(data):
        if kind == _ROLE:
            allowed = policy.of_role(properties)
            found[str(at[1])] = found[text_of(properties.get("RoleName"))] = allowed
        elif kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
            names = sequence(properties.get("Roles")) or [properties.get("RoleName")]
            attached |= {_role_name(name) for name in names}
    return {name: None if name in attached else allowed for name, allowed in found.items()}


def _role_name(role: Any) -> str:
    """The name in a role's ARN, or that of a resource of the template."""
    written = text_of(role)
    if written.startswith(_PUT_IN):
        return written[2:].partition(".")[0].rstrip("}")
    return written.rpartition("/")[2]


def _allowed(properties: dict[str, Any], roles: dict[str, Allowed | None]) -> Allowed | None:
    if role := properties.get("Role") or properties.get("RoleArn"):
        return roles.get(_role_name(role))
    if "Policies" in properties:
        return policy.of_sam(properties["Policies"])
    return None


def _name(kind: str, properties: dict[str, Any], at: At) -> Iterator[Remark]:
    field, most = _NAMES.get(kind, ("", 0))
    name = properties.get(field)
    if isinstance(name, str) and _PUT_IN not in name and len(name) > most:
        yield Remark("LS404", (*at, field), f"{len(name)} characters, {most} may be")


def _function(properties: dict[str, Any], at: At) -> Iterator[Remark]:
    for field, (least, most) in _RANGES.items():
        yield from _range(properties.get(field), least, most, (*at, field), field)
    storage = mapping(properties.get("EphemeralStorage")).get("Size")
    where = (*at, "EphemeralStorage", "Size")
    yield from _range(storage, *_STORAGE_MB, where, "EphemeralStorage")
    at = (*at, "Environment", "Variables")
    variables = mapping(mapping(properties.get("Environment")).get("Variables"))
    used = sum(len(name.encode()) + len(text_of(text).encode()) for name, text in variables.items())
    if used > _VARIABLES_BYTES:
        yield Remark("LS405", at, f"{used:,} bytes of variables, {_VARIABLES_BYTES:,} may be")
    buckets: dict[str, str] = {}
    for name, value in variables.items():
        if name in _RESERVED:
            yield Remark("LS406", (*at, name), f"{name} is set by Lambda")
        written = text_of(value)
        if re.search(r"https?://(localhost|127\.0\.0\.1|[\w.-]*localstack)", written):
            yield Remark("LS301", (*at, name), f"{written} is this machine, or an emulator's name")
        if name.endswith(("BUCKET", "BUCKET_NAME")) and written:
            if first := buckets.get(written):
                yield Remark("LS401", (*at, name), f"{first} and {name} are the same bucket")
            buckets.setdefault(written, name)


def _range(value: Any, least: int, most: int, at: At, what: str) -> Iterator[Remark]:
    if isinstance(value, int) and not least <= value <= most:
        yield Remark("LS405", at, f"{what} {value:,}, {least:,} to {most:,} may be")


def _trust(allowed: Allowed | None, service: str, at: At) -> Iterator[Remark]:
    if allowed and allowed.services and service not in _everywhere(allowed.services):
        trusted = ", ".join(sorted(allowed.services))
        yield Remark("LS408", at, f"its role is for {trusted}, not for {service}")


def _everywhere(services: frozenset[str]) -> set[str]:
    """Principals without a region: ``states.eu-west-1.amazonaws.com`` is Step Functions too."""
    return {
        _REGION.sub("", service.replace("${AWS::URLSuffix}", "amazonaws.com"))
        for service in services
    }


def _machine(
    properties: dict[str, Any], at: At, folder: Path, allowed: Allowed | None
) -> Iterator[Remark]:
    yield from _trust(allowed, "states.amazonaws.com", at)
    express = "EXPRESS" in (properties.get("Type"), properties.get("StateMachineType"))
    found: Any = None
    for field in ("Definition", "DefinitionString"):
        if field in properties:
            definition, text = _written(properties[field])
            if definition is not None or text:
                yield from machine.remarks(definition, (*at, field), text=text, express=express)
            found = definition
    if path := _definition_file(properties, folder):
        if not path.is_file():
            yield Remark("LS407", (*at, "DefinitionUri"), f"{path.name} is not there")
        else:
            found = _definition(path)
    if allowed is None or not isinstance(found, dict):
        return
    for resource, state in machine.tasks(found):
        for action in policy.of_task(resource):
            if not allowed.allows(action):
                yield Remark("LS306", at, f"{state} needs {action}, which its role does not allow")


def _definition_file(properties: dict[str, Any], folder: Path) -> Path | None:
    name = properties.get("DefinitionUri")
    return (folder / name).resolve() if isinstance(name, str) and "://" not in name else None


def _definition(path: Path) -> Any:
    try:
        return document.read(path).data
    except document.UnreadableError:  # it is told where it is read as a definition
        return None


def _written(value: Any) -> tuple[Any, str]:
    """A definition in a template: its value, and its text where it is written as one."""
    if isinstance(value, dict) and not is_intrinsic(value):
        return value, ""
    text = text_of(value)
    if not text.lstrip().startswith("{"):
        return None, ""
    return machine.read(text), text


def _bucket(properties: dict[str, Any], at: At) -> Iterator[Remark]:
    name, where = properties.get("BucketName"), (*at, "BucketName")
    if not isinstance(name, str) or _PUT_IN in name:
        return
    if not _BUCKET_NAME.fullmatch(name) or ".." in name or _ADDRESS.fullmatch(name):
        yield Remark("LS403", where, f"{name!r} is no name for a bucket")
    else:
        yield Remark("LS402", where, f"{name} may be somebody else's")


def _same_buckets(data: dict[str, Any]) -> Iterator[Remark]:
    seen: dict[str, str] = {}
    for at, kind, properties in _resources(data):
        name = text_of(properties.get("BucketName")) if kind == _BUCKET else ""
        if name and name in seen:
            yield Remark("LS401", (*at, "BucketName"), f"{seen[name]} and {at[1]} are one bucket")
        seen.setdefault(name, str(at[1]))


def _role(properties: dict[str, Any], at: At) -> Iterator[Remark]:
    policies = [mapping(one).get("PolicyDocument") for one in sequence(properties.get("Policies"))]
    used = sum(len("".join(_plain(one).split())) for one in policies)
    if used > _INLINE_BYTES:
        yield Remark("LS404", (*at, "Policies"), f"{used:,} characters, {_INLINE_BYTES:,} may be")


def _plain(value: Any) -> str:
    if is_intrinsic(value) or not isinstance(value, dict | list):
        return f'"{text_of(value)}",'
    if isinstance(value, list):
        return f"[{''.join(map(_plain, value))}]"
    members = "".join(f'"{name}":{_plain(inner)}' for name, inner in value.items())
    return f"{{{members}}}"


def accounts(value: Any, at: At) -> Iterator[Remark]:
    """Texts of a document that name an emulator's account."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from accounts(inner, (*at, name))
        case list():
            for index, inner in enumerate(value):
                yield from accounts(inner, (*at, index))
        case str() if _ACCOUNT.search(value):
            yield Remark("LS305", at, "000000000000 is an emulator's account")
