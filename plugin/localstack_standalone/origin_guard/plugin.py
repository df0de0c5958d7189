"""The hook that LocalStack runs when it starts: puts the guard before everything else."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping

from localstack import config
from localstack.runtime import get_current_runtime, hooks

from localstack_standalone.origin_guard import guard
from localstack_standalone.origin_guard.hosts import HostPolicy, own_names

LOG = logging.getLogger(__name__)


class GuardSettingError(ValueError):
    """The guard's switch has a value that it does not know."""


@hooks.on_infra_start(name="standalone_origin_guard")
def stand() -> None:
    """Put the guard into the gateway's chain, unless it is switched off.

    Raises:
        GuardSettingError: STANDALONE_ORIGIN_GUARD is neither ``on`` nor ``off``.
    """
    if not is_wanted(os.environ):
        LOG.warning(
            "%s=off: any web page that a browser of this machine opens can use this emulator, and "
            "run code through it",
            guard.SETTING,
        )
        return
    gateway = get_current_runtime().components.gateway
    listen = [address.host for address in config.GATEWAY_LISTEN]
    names = own_names(listen, config.LOCALSTACK_HOST.host)
    hosts = HostPolicy((*names, *_listed(os.environ.get(guard.HOSTS_SETTING))))
    trusted = frozenset(_listed(config.EXTRA_CORS_ALLOWED_ORIGINS))
    gateway.request_handlers.insert(0, guard.OriginGuard(gateway, hosts, trusted))
    gateway.response_handlers.append(guard.sandbox_objects)


def is_wanted(environ: Mapping[str, str]) -> bool:
    """Whether the guard stands; it does unless someone says ``off``.

    Raises:
        GuardSettingError: the setting is neither ``on`` nor ``off``.
    """
    value = environ.get(guard.SETTING) or "on"
    if value not in ("on", "off"):
        raise GuardSettingError(f"{guard.SETTING}={value}: it is on or off")
    return value == "on"


def _listed(value: str | None) -> Iterable[str]:
    return filter(None, (part.strip() for part in (value or "").split(",")))
