"""The whole pipeline in its order: the only module that knows what needs what.

Buckets, log group and roles need nothing but names and come first, all at once; then the
function, the state machine that invokes it, and the API that starts that. Destroying goes the
other way round.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Final

from infra import api, buckets, function, log_group, policies, roles, state_machine
from infra.api_definition import api_definition
from infra.change import Change, Ensured, Row
from infra.place import Place
from testbed import names
from testbed.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mypy_boto3_lambda.literals import ArchitectureType

    from testbed.aws import Aws
    from testbed.settings import Target

type OnRow = Callable[[Row], None]
"""Called for each resource when it is done, one call at a time."""
type Work = Callable[[], Change | Ensured]
"""Ensures or destroys one resource."""

ORIGINAL_BUCKET: Final = f"bucket {names.ORIGINAL_BUCKET}"
RESIZED_BUCKET: Final = f"bucket {names.RESIZED_BUCKET}"
LOG_GROUP: Final = f"log group {names.FUNCTION_LOG_GROUP}"
FUNCTION_ROLE: Final = f"role {names.FUNCTION_ROLE}"
STATE_MACHINE_ROLE: Final = f"role {names.STATE_MACHINE_ROLE}"
API_ROLE: Final = f"role {names.API_ROLE}"
FUNCTION: Final = f"function {names.FUNCTION}"
STATE_MACHINE: Final = f"state machine {names.STATE_MACHINE}"
API: Final = f"API {names.API}"

RESOURCES: Final = (
    ORIGINAL_BUCKET,
    RESIZED_BUCKET,
    LOG_GROUP,
    FUNCTION_ROLE,
    STATE_MACHINE_ROLE,
    API_ROLE,
    FUNCTION,
    STATE_MACHINE,
    API,
)
"""Every resource of the stack, in the order in which they are made."""


def apply(
    aws: Aws,
    *,
    target: Target,
    code: Path,
    architecture: ArchitectureType,
    on_row: OnRow = lambda _: None,
) -> Outputs:
    """Bring the pipeline to what it should be; what is so already is left alone.

    Args:
        aws: clients for the account.
        target: where that is, for the outputs.
        code: the function's zip.
        architecture: what the zip was built for.
        on_row: told of each resource when it is done.

    Raises:
        ProvisioningError: a resource cannot be had as it should be. Running it again goes on
            where it stopped.
    """
    place = _place(aws)
    role_arns = together(_foundations(aws, place), on_row)
    wanted = _function(role_arns[FUNCTION_ROLE], code, architecture)
    _one(FUNCTION, lambda: function.ensure(aws.lambda_, wanted), on_row)
    role_arn = role_arns[STATE_MACHINE_ROLE]
    _one(STATE_MACHINE, lambda: _ensure_state_machine(aws, place, role_arn), on_row)
    api_id = _one(API, lambda: _ensure_api(aws, place, role_arns[API_ROLE]), on_row)
    return _outputs(aws, target, api_id=api_id, state_machine_arn=place.state_machine_arn)


def destroy(aws: Aws, *, on_row: OnRow = lambda _: None) -> None:
    """Delete all that `apply` made, with the images in the buckets, and nothing else.

    What is not there is passed over, so a destroy that was interrupted is completed by the next.

    Args:
        aws: clients for the account.
        on_row: told of each resource when it is done.
    """
    place = _place(aws)
    s3, iam = aws.s3, aws.iam
    _one(API, lambda: api.destroy(aws.apigateway, names.API), on_row)
    _one(
        STATE_MACHINE,
        lambda: state_machine.destroy(aws.stepfunctions, place.state_machine_arn),
        on_row,
    )
    _one(FUNCTION, lambda: function.destroy(aws.lambda_, names.FUNCTION), on_row)
    _one(
        LOG_GROUP,
        lambda: log_group.destroy(aws.logs, names.FUNCTION_LOG_GROUP, arn=place.log_group_arn),
        on_row,
    )
    together(
        {
            API_ROLE: lambda: roles.destroy(iam, names.API_ROLE),
            STATE_MACHINE_ROLE: lambda: roles.destroy(iam, names.STATE_MACHINE_ROLE),
            FUNCTION_ROLE: lambda: roles.destroy(iam, names.FUNCTION_ROLE),
            RESIZED_BUCKET: lambda: buckets.destroy(s3, names.RESIZED_BUCKET, place=place),
            ORIGINAL_BUCKET: lambda: buckets.destroy(s3, names.ORIGINAL_BUCKET, place=place),
        },
        on_row,
    )


def api_url(*, endpoint: str | None, region: str, api_id: str) -> str:
    """The address of POST /process; the emulator's needs no DNS."""
    path = f"{names.STAGE}/{names.RESOURCE_PATH}"
    if endpoint is None:
        return f"https://{api_id}.execute-api.{region}.amazonaws.com/{path}"
    return f"{endpoint}/_aws/execute-api/{api_id}/{path}"


def together(works: Mapping[str, Work], on_row: OnRow) -> dict[str, str]:
    """Do independent *works* at once, one a resource; the id of each that has one.

    Raises:
        Exception: that of the first work that failed, when all have ended.
    """
    ids: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        for future in as_completed([pool.submit(_timed, *item) for item in works.items()]):
            row, ids[row.resource] = future.result()
            on_row(row)
    return ids


def _foundations(aws: Aws, place: Place) -> dict[str, Work]:
    """What needs nothing but names."""
    s3, iam, logs = aws.s3, aws.iam, aws.logs  # made here: making clients is not thread-safe
    group = names.FUNCTION_LOG_GROUP
    return {
        ORIGINAL_BUCKET: lambda: buckets.ensure(s3, names.ORIGINAL_BUCKET, place=place),
        RESIZED_BUCKET: lambda: buckets.ensure(s3, names.RESIZED_BUCKET, place=place),
        LOG_GROUP: lambda: log_group.ensure(logs, group, arn=place.log_group_arn),
        FUNCTION_ROLE: lambda: roles.ensure(iam, policies.function_role(place)),
        STATE_MACHINE_ROLE: lambda: roles.ensure(iam, policies.state_machine_role(place)),
        API_ROLE: lambda: roles.ensure(iam, policies.api_role(place)),
    }


def _function(role_arn: str, code: Path, architecture: ArchitectureType) -> function.Function:
    return function.Function(
        name=names.FUNCTION,
        role_arn=role_arn,
        code=code,
        architecture=architecture,
        environment={
            "ORIGINAL_BUCKET": names.ORIGINAL_BUCKET,
            "RESIZED_BUCKET": names.RESIZED_BUCKET,
        },
    )


def _ensure_state_machine(aws: Aws, place: Place, role_arn: str) -> Ensured:
    return state_machine.ensure(
        aws.stepfunctions,
        names.STATE_MACHINE,
        arn=place.state_machine_arn,
        role_arn=role_arn,
        definition=state_machine.definition(function_arn=place.function_arn),
    )


def _ensure_api(aws: Aws, place: Place, role_arn: str) -> Ensured:
    return api.ensure(
        aws.apigateway,
        names.API,
        stage=names.STAGE,
        path=names.RESOURCE_PATH,
        definition=api_definition(
            integration_uri=place.start_execution_uri,
            role_arn=role_arn,
            state_machine_arn=place.state_machine_arn,
        ),
    )


def _outputs(aws: Aws, target: Target, *, api_id: str, state_machine_arn: str) -> Outputs:
    return Outputs(
        target=target,
        endpoint=aws.endpoint,
        region=aws.region,
        api_url=api_url(endpoint=aws.endpoint, region=aws.region, api_id=api_id),
        state_machine_arn=state_machine_arn,
        function_name=names.FUNCTION,
        original_bucket=names.ORIGINAL_BUCKET,
        resized_bucket=names.RESIZED_BUCKET,
    )


def _place(aws: Aws) -> Place:
    return Place(account=aws.sts.get_caller_identity()["Account"], region=aws.region)


def _one(resource: str, work: Work, on_row: OnRow) -> str:
    return together({resource: work}, on_row)[resource]


def _timed(resource: str, work: Work) -> tuple[Row, str]:
    started = time.monotonic()
    done = work()
    change, found = (done.change, done.id) if isinstance(done, Ensured) else (done, "")
    return Row(resource, change, time.monotonic() - started), found
