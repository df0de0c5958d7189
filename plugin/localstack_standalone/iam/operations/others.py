"""What the pipeline needs of EventBridge, CloudWatch and the Resource Groups Tagging API.

Source: Service Authorization Reference, the pages of these services.
"""

from __future__ import annotations

from typing import Final

from localstack_standalone.iam.operations.call import NeededAccess, Needs, OperationCall

_RULES: Final = frozenset(
    {
        *("PutRule", "DeleteRule", "DescribeRule", "EnableRule", "DisableRule"),
        *("PutTargets", "RemoveTargets", "ListTargetsByRule"),
    }
)
_METRICS: Final = frozenset(
    {"PutMetricData", "GetMetricData", "GetMetricStatistics", "ListMetrics"}
)
_TAGS: Final = frozenset({"GetResources", "GetTagKeys", "GetTagValues"})


def events(call: OperationCall) -> Needs:
    """EventBridge: buses take events, rules belong to a bus."""
    parameters, action = call.parameters, f"events:{call.operation}"
    if call.operation == "PutEvents":
        buses = dict.fromkeys(_bus(entry) for entry in parameters.get("Entries") or ())
        return tuple(NeededAccess(action, _bus_arn(call, bus)) for bus in buses)
    rule = parameters.get("Rule") or parameters.get("Name")
    if call.operation not in _RULES or not rule:
        return None
    bus = _bus(parameters)
    of_bus = "" if bus == "default" else f"{bus}/"
    return (NeededAccess(action, call.place.arn("events", f"rule/{of_bus}{rule}")),)


def cloudwatch(call: OperationCall) -> Needs:
    """CloudWatch: metrics have no ARN; a namespace is a condition key."""
    if call.operation not in _METRICS:
        return None
    namespace = call.parameters.get("Namespace")
    context = {"cloudwatch:namespace": namespace} if namespace else {}
    return (NeededAccess(f"cloudwatch:{call.operation}", "*", context),)


def tagging(call: OperationCall) -> Needs:
    """Resource Groups Tagging API: its prefix is ``tag``."""
    return (NeededAccess(f"tag:{call.operation}"),) if call.operation in _TAGS else None


def _bus(named: object) -> str:
    found = named.get("EventBusName") if isinstance(named, dict) else None
    return str(found or "default")


def _bus_arn(call: OperationCall, bus: str) -> str:
    return bus if bus.startswith("arn:") else call.place.arn("events", f"event-bus/{bus}")
