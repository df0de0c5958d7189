"""The hook that LocalStack runs when it starts: has policies asked, unless that is switched off."""

from __future__ import annotations

import functools
import logging
import os
from typing import Final

import wrapt
from localstack.aws import handlers
from localstack.runtime import get_current_runtime, hooks

from localstack_standalone.iam import mode, report
from localstack_standalone.iam.handler import AccessControl
from localstack_standalone.iam.services import apigateway, function_url, s3, simulation, states, sts
from localstack_standalone.patching import switch

LOG = logging.getLogger(__name__)

_TASK: Final = "localstack.services.stepfunctions.asl.component.state.state_execution.state_task"
_MAP: Final = f"{_TASK.rpartition('.')[0]}.state_map"
# What a service must tell, and the module of LocalStack whose import that waits for.
SERVICES: Final = (
    (sts.remember, "localstack.services.sts.provider"),
    (simulation.simulate, "localstack.services.iam.provider"),
    (s3.delete_what_is_allowed, "localstack.services.s3.provider"),
    (states.name_machine, f"{_TASK}.state_task"),
    *(
        (states.name_machine_of_map, f"{_MAP}.{each}.resource_eval.resource_eval_s3")
        for each in ("item_reader", "result_writer")
    ),
    (states.assume_for_machine, "localstack.services.stepfunctions.asl.utils.boto_client"),
    (states.name_refusal, f"{_TASK}.service.state_task_service_lambda"),
    (function_url.ask, "localstack.services.lambda_.urlrouter"),
    (
        apigateway.assume_anew,
        "localstack.services.apigateway.next_gen.execute_api.integrations.aws",
    ),
)


@hooks.on_infra_start(name="standalone_iam")
def ask_policies() -> None:
    """Put the check into the gateway's chain of handlers, and offer its report.

    Raises:
        ModeSettingError: IAM is neither off, warn nor enforce.
        WrongLocalStackError: this LocalStack is not the one that this was written for.
    """
    try:
        chosen = mode.read(os.environ.get(mode.SETTING))
        if chosen is mode.Mode.OFF:
            return
        switch.require(mode.SETTING)
    except (mode.ModeSettingError, switch.WrongLocalStackError) as error:
        LOG.error("%s", error)  # noqa: TRY400 - the message says all, and the error goes on
        raise
    control = AccessControl(chosen)
    gateway = get_current_runtime().components.gateway
    read = gateway.request_handlers.index(handlers.parse_service_request)
    gateway.request_handlers.insert(read + 1, control)
    gateway.response_handlers.insert(0, control.hide_missing)
    for tell, module in SERVICES:
        wrapt.register_post_import_hook(functools.partial(tell, control), module)
    report.offer(control)
