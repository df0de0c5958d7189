"""The hook that LocalStack runs when it starts: puts the guard first in the gateway's chain."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from typing import Any, Final

import wrapt
from localstack import config
from localstack.aws.handlers import cors
from localstack.runtime import get_current_runtime, hooks

from localstack_standalone.origin_guard import hosts, own_calls, policy
from localstack_standalone.origin_guard.handler import OriginGuard, harden

LOG = logging.getLogger(__name__)

_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - recognized, not bound


class GuardSettingError(ValueError):
    """STANDALONE_ORIGIN_GUARD is neither on nor off."""


@hooks.on_infra_start(name="standalone_origin_guard")
def stand_guard() -> None:
    """Guard the gateway, unless that is switched off.

    Raises:
        GuardSettingError: STANDALONE_ORIGIN_GUARD is neither on nor off.
        AllowedHostsError: ALLOWED_HOSTS holds something that is no host name.
    """
    try:
        if not is_on(os.environ.get(policy.SWITCH)):
            LOG.warning("%s=off: any web page can use this emulator", policy.SWITCH)
            return
        known = hosts.read(
            os.environ.get(hosts.SETTING),
            given_out=config.LOCALSTACK_HOST.host,
            listen=_own_names(),
        )
    except (GuardSettingError, hosts.AllowedHostsError) as error:
        LOG.error("%s", error)  # noqa: TRY400 - the message says all, and the error goes on
        raise
    gateway = get_current_runtime().components.gateway
    gateway.request_handlers.insert(0, OriginGuard(known))
    gateway.finalizers.append(harden)
    _leave_pages_to_us()
    wrapt.register_post_import_hook(own_calls.rename, own_calls.TARGET)


def is_on(setting: str | None) -> bool:
    """Whether the guard is wanted; it is if nothing is said.

    Raises:
        GuardSettingError: *setting* is neither on nor off.
    """
    if setting not in (None, "", "on", "off"):
        raise GuardSettingError(f"{policy.SWITCH}={setting!r}: allowed are on and off")
    return setting != "off"


def _leave_pages_to_us() -> None:
    """Keep LocalStack from judging pages that were let in, and from adding its own CORS headers.

    It allows its own origin and app.localstack.cloud everything, with credentials.
    """
    judge = cors.should_enforce_self_managed_service

    def should_enforce(context: Any) -> bool:
        return "Origin" not in context.request.headers and judge(context)

    cors.should_enforce_self_managed_service = should_enforce


def _own_names() -> Iterator[str]:
    """Names and addresses that others reach us by, where we listen for others (a container)."""
    for address in config.GATEWAY_LISTEN:
        yield address.host
        if address.host in _EVERYWHERE:
            yield socket.gethostname()
            yield from _interfaces()


def _interfaces() -> Iterator[str]:
    import psutil

    for addresses in psutil.net_if_addrs().values():
        for address in addresses:
            if address.family in (socket.AF_INET, socket.AF_INET6):
                yield address.address.partition("%")[0]
