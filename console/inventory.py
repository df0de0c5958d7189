"""What is provisioned, as the services themselves describe it, and the command for each thing."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from console.commands import Cli
from emulator import health
from pipeline import trace_call
from testbed import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.place import Found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Resource:
    """One thing.

    Attributes:
        title: what it is and its name.
        facts: names and values.
        documents: titles and texts of what defines it.
        definition: of a state machine, to be drawn.
        commands: how a terminal shows it.
        error: why it cannot be described, None if it can.
    """

    title: str
    facts: dict[str, str]
    documents: tuple[tuple[str, str], ...] = ()
    definition: str | None = None
    commands: tuple[str, ...] = ()
    error: str | None = None


def look(found: Found) -> list[Resource]:
    """Everything of the pipeline; what is missing is among it, with the reason."""
    wanted: list[tuple[str, Callable[[Found], Resource]]] = [
        ("Testbed", _testbed),
        (f"API {names.API}", _api),
        (f"Function {names.FUNCTION}", _function),
        (f"State machine {names.STATE_MACHINE}", _machine),
        (f"Log group {names.FUNCTION_LOG_GROUP}", _log_group),
        *((f"Bucket {name}", _bucket(name)) for name in _buckets(found)),
        *((f"Role {name}", _role(name)) for name in _ROLES),
    ]
    return [_described(found, title, describe) for title, describe in wanted]


_ROLES = (names.API_ROLE, names.STATE_MACHINE_ROLE, names.FUNCTION_ROLE)


def _buckets(found: Found) -> tuple[str, str]:
    return found.outputs.original_bucket, found.outputs.resized_bucket


def _described(found: Found, title: str, describe: Callable[[Found], Resource]) -> Resource:
    try:
        return describe(found)
    except ClientError as error:
        return Resource(title=title, facts={}, error=str(error))


def _testbed(found: Found) -> Resource:
    outputs = found.outputs
    endpoint = outputs.endpoint
    state = "AWS" if endpoint is None else health.check(endpoint).seen
    busy = None if endpoint is None else health.environments(endpoint)
    return Resource(
        title="Testbed",
        facts={
            "target": outputs.target,
            "state": state,
            **({} if busy is None else {"invocations": str(busy)}),
            "endpoint": endpoint or "AWS",
            "region": outputs.region,
            "API": outputs.api_url,
            "state folder": found.state_dir.name,
        },
        commands=("make status", "make outputs", 'eval "$(make env)"'),
    )


def _api(found: Found) -> Resource:
    integration = trace_call.integration(found.aws, found.outputs) or {}
    templates = integration.get("requestTemplates", {})
    responses = integration.get("integrationResponses", {})
    documents = [(f"Mapping template for {kind}", text) for kind, text in templates.items()]
    documents.append(("Integration responses", _json(responses)))
    return Resource(
        title=f"API {names.API}",
        facts={
            "address": found.outputs.api_url,
            "integration": str(integration.get("uri", "none")),
            "role": str(integration.get("credentials", "none")),
            "body without a template": str(integration.get("passthroughBehavior", "")),
        },
        documents=tuple(documents),
        commands=(
            Cli(found.outputs).post('{"key": "club2.png"}'),
            Cli(found.outputs).line("apigateway", "get-rest-apis"),
        ),
    )


def _machine(found: Found) -> Resource:
    arn = found.outputs.state_machine_arn
    machine = found.aws.stepfunctions.describe_state_machine(stateMachineArn=arn)
    return Resource(
        title=f"State machine {machine['name']}",
        facts={
            "ARN": arn,
            "status": machine.get("status", ""),
            "type": machine["type"],
            "role": machine["roleArn"],
        },
        documents=(("Definition (Amazon States Language)", machine["definition"]),),
        definition=machine["definition"],
        commands=(
            Cli(found.outputs).line(
                "stepfunctions", "describe-state-machine", "--state-machine-arn", arn
            ),
        ),
    )


def _function(found: Found) -> Resource:
    name = found.outputs.function_name
    seen: Any = found.aws.lambda_.get_function_configuration(FunctionName=name)
    variables = seen.get("Environment", {}).get("Variables", {})
    return Resource(
        title=f"Function {name}",
        facts={
            "ARN": seen["FunctionArn"],
            "state": seen.get("State", ""),
            "runtime": seen.get("Runtime", ""),
            "handler": seen.get("Handler", ""),
            "memory": f"{seen['MemorySize']} MB",
            "timeout": f"{seen['Timeout']} s",
            "code": f"{seen['CodeSize']:,} bytes, {', '.join(seen.get('Architectures', []))}",
            "role": seen["Role"],
        },
        documents=(("Environment variables", _json(variables)),),
        commands=(Cli(found.outputs).line("lambda", "get-function", "--function-name", name),),
    )


def _log_group(found: Found) -> Resource:
    name = f"/aws/lambda/{found.outputs.function_name}"
    answer = found.aws.logs.describe_log_groups(logGroupNamePrefix=name)
    groups = [group for group in answer["logGroups"] if group.get("logGroupName") == name]
    days = groups[0].get("retentionInDays") if groups else None
    return Resource(
        title=f"Log group {name}",
        facts={"there": "yes" if groups else "no", "kept for": f"{days} days" if days else "ever"},
        commands=(
            Cli(found.outputs).line("logs", "tail", name)
            if found.outputs.endpoint is None
            else Cli(found.outputs).line("logs", "filter-log-events", "--log-group-name", name),
        ),
    )


def _bucket(name: str) -> Callable[[Found], Resource]:
    def describe(found: Found) -> Resource:
        found.aws.s3.head_bucket(Bucket=name)
        return Resource(
            title=f"Bucket {name}",
            facts={"URI": f"s3://{name}"},
            commands=(Cli(found.outputs).list_objects(name),),
        )

    return describe


def _role(name: str) -> Callable[[Found], Resource]:
    def describe(found: Found) -> Resource:
        iam = found.aws.iam
        role: Any = iam.get_role(RoleName=name)["Role"]
        policies = [
            (
                f"Policy {policy}",
                _json(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]),
            )
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        ]
        return Resource(
            title=f"Role {name}",
            facts={"ARN": role["Arn"], "for": role.get("Description", "")},
            documents=(("Who may assume it", _json(role["AssumeRolePolicyDocument"])), *policies),
            commands=(Cli(found.outputs).line("iam", "get-role", "--role-name", name),),
        )

    return describe


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2)
