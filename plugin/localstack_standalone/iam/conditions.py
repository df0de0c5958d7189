"""The condition keys that every request has.

Source: IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from typing import Any

from localstack_standalone.iam.callers import Caller
from localstack_standalone.iam.operations.call import NeededAccess


def of_request(
    request: Any, *, region: str, caller: Caller, needed: NeededAccess, owner: str | None
) -> Mapping[str, str | Sequence[str]]:
    """All of them.

    Args:
        request: of HTTP.
        region: that it is for.
        caller: who sends it.
        needed: what it needs; that has keys of its own.
        owner: the account of what it is for, where that is known.
    """
    now = time.time()
    moment = dt.datetime.fromtimestamp(now, dt.UTC)
    found: dict[str, str | Sequence[str]] = {
        "aws:RequestedRegion": region,
        "aws:SecureTransport": "true" if request.scheme == "https" else "false",
        "aws:CurrentTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(now)),
        **caller.conditions,
        **needed.context,
    }
    if request.remote_addr:  # nobody else's but an emulator's own calls have none
        found["aws:SourceIp"] = request.remote_addr
    for header, key in (("User-Agent", "aws:UserAgent"), ("Referer", "aws:Referer")):
        if request.headers.get(header):
            found[key] = request.headers[header]
    if owner:
        found["aws:ResourceAccount"] = owner
    return found
