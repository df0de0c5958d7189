"""Puts the faults of calls where all calls pass; without a rule nothing comes of it."""

from __future__ import annotations

import functools
import os
from typing import Final

import wrapt
from localstack.aws import handlers
from localstack.runtime import get_current_runtime
from localstack.runtime.shutdown import SHUTDOWN_HANDLERS

from localstack_standalone.faults import front_door, report
from localstack_standalone.faults.injector import FaultInjector
from localstack_standalone.faults.rules import FaultRules
from localstack_standalone.iam.callers import Callers
from localstack_standalone.iam.directory import Directory
from localstack_standalone.iam.documents import Documents
from localstack_standalone.iam.resources import ResourcePolicies
from localstack_standalone.iam.senders import Senders
from localstack_standalone.iam.sessions import Sessions
from localstack_standalone.tuning import plugin as tuning
from localstack_standalone.tuning.registry import Option

_SERVER: Final = "GATEWAY_SERVER"


def stand_by(rules: FaultRules) -> None:
    """Have calls ask *rules*, and offer the endpoint where those come and go."""
    rules.loses_connections = (
        os.environ.get(_SERVER) == "loopback" and Option.THREADED_GATEWAY in tuning.wanted()
    )
    documents = Documents()
    directory = Directory(documents, Sessions())
    senders = Senders(Callers(directory), ResourcePolicies(documents, directory))
    chain = get_current_runtime().components.gateway.request_handlers
    read = chain.index(handlers.parse_service_request)
    chain.insert(read + 1, FaultInjector(rules, senders))
    wrapt.register_post_import_hook(
        functools.partial(front_door.stand_at, rules), front_door.TARGET
    )
    SHUTDOWN_HANDLERS.register(rules.remove)  # nobody waits for a fault's sake any more
    report.offer(rules)
