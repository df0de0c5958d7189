"""Lambda.

Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Lambda";
Lambda Developer Guide, "Identity-based IAM policies for Lambda" (a qualifier is part of the ARN).
"""

from __future__ import annotations

from typing import Final

from localstack_standalone.iam.operations.call import (
    NeededAccess,
    Needs,
    OperationCall,
    passing,
    request_tags,
)

SERVICE: Final = "lambda.amazonaws.com"
# Where the action has another name than the operation.
_ACTIONS: Final = {
    "Invoke": "InvokeFunction",
    "InvokeAsync": "InvokeFunction",
    "InvokeWithResponseStream": "InvokeFunction",
}
_FOR_ALL: Final = frozenset(
    {
        *("ListFunctions", "ListEventSourceMappings", "ListLayers", "ListLayerVersions"),
        *("ListCodeSigningConfigs", "GetAccountSettings"),
    }
)
_ARN_PARTS: Final = 6


def needed(call: OperationCall) -> Needs:
    """What *call* needs; None where nothing is known of it."""
    parameters = call.parameters
    action = f"lambda:{_ACTIONS.get(call.operation, call.operation)}"
    if call.operation in _FOR_ALL:
        return (NeededAccess(action),)
    if call.operation in ("TagResource", "UntagResource", "ListTags"):
        tags = request_tags(parameters.get("Tags"))
        return (NeededAccess(action, parameters.get("Resource", "*"), tags),)
    if "EventSourceMapping" in call.operation:
        return (_mapping(call, action),)
    if not parameters.get("FunctionName"):
        return None
    arn = function_arn(call)
    more = passing(parameters.get("Role"), SERVICE)
    if call.operation == "CreateFunction":
        tags = request_tags(parameters.get("Tags"))
        tagging = (NeededAccess("lambda:TagResource", arn, tags),) if tags else ()
        return (NeededAccess(action, arn, tags), *tagging, *more)
    return (NeededAccess(action, arn), *more)


def function_arn(call: OperationCall) -> str:
    """The function's ARN: it may be named by that, by a part of it, or by its name alone."""
    named = str(call.parameters["FunctionName"])
    qualifier = str(call.parameters.get("Qualifier") or "")
    if named.startswith("arn:"):
        account, region = named.split(":")[4], named.split(":")[3]
        rest = named.split(":", _ARN_PARTS)[_ARN_PARTS]
    else:
        account, region = call.place.account, call.place.region
        before, function, after = named.rpartition("function:")
        account = before.strip(":") or account
        rest = after if function else named
    name, _, own = rest.partition(":")
    suffix = own or qualifier
    end = f":{suffix}" if suffix else ""
    return f"arn:{call.place.partition}:lambda:{region}:{account}:function:{name}{end}"


def _mapping(call: OperationCall, action: str) -> NeededAccess:
    uuid = call.parameters.get("UUID")
    arn = call.place.arn("lambda", f"event-source-mapping:{uuid}") if uuid else "*"
    named = call.parameters.get("FunctionName")
    return NeededAccess(action, arn, {"lambda:FunctionArn": function_arn(call)} if named else {})
