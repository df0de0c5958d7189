"""Which resources a report takes for one."""

from __future__ import annotations


def folded(action: str, resource: str) -> str:
    """*resource* with what the next request has otherwise: a key, a stream, an execution."""
    service = action.partition(":")[0]
    if service == "s3" and "/" in resource:
        return f"{resource.partition('/')[0]}/*"
    if service == "logs" and ":log-stream:" in resource:
        return f"{resource.partition(':log-stream:')[0]}:*"
    if ":execution:" in resource:
        return f"{resource.rpartition(':')[0]}:*"
    return resource
