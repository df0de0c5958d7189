"""What LocalEmu does otherwise than LocalStack 4.14 where this plugin relies on it."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

import wrapt

from localstack_standalone.parity import registry
from localstack_standalone.patching import switch
from localstack_standalone.patching.patch import Patch

WRITTEN_FOR: Final = "1.3.2"
HEALTH: Final = "/_localstack/health"
# Patches of what LocalEmu does itself: it serves HTTP APIs, or says that they are not enabled.
NOT_NEEDED: Final = ("http_apis",)


class WrongLocalEmuError(RuntimeError):
    """Another LocalEmu runs than the one that this was tried with."""


def settle() -> None:
    """Before LocalEmu is imported: have it serve this plugin as LocalStack does.

    Raises:
        WrongLocalEmuError: it is another release than WRITTEN_FOR.
    """
    from localemu.version import version

    if version != WRITTEN_FOR:
        raise WrongLocalEmuError(
            f"this is LocalEmu {version}, and the adapter was written for {WRITTEN_FOR}"
        )
    switch.WRITTEN_FOR = version  # type: ignore[misc]  # of LocalStack's releases it is 4.14.0
    vars(registry)["PATCHES"] = needed(registry.PATCHES)
    wrapt.register_post_import_hook(tell_health, "localemu.services.internal")
    wrapt.register_post_import_hook(log_no_health, "localemu.aws.handlers.logging")
    wrapt.register_post_import_hook(fail_with_hooks, "localemu.runtime.hooks")
    wrapt.register_post_import_hook(
        ask_for_jsonata, "localemu.services.stepfunctions.asl.jsonata.jsonata"
    )
    wrapt.register_post_import_hook(
        leave_out_timeout, "localstack_standalone.lambda_process.executor"
    )


def needed(patches: tuple[Patch, ...]) -> tuple[Patch, ...]:
    """Those of *patches* that are not NOT_NEEDED."""
    return tuple(each for each in patches if each.name not in NOT_NEEDED)


def tell_health(module: ModuleType) -> None:
    """LocalStack's address of its health, which launchers ask, beside LocalEmu's."""
    own = module.LocalemuResources.add_default_routes

    def with_health(self: Any) -> None:
        own(self)
        from localemu.services.plugins import SERVICE_PLUGINS

        self.add(module.Resource(HEALTH, module.HealthResource(SERVICE_PLUGINS)))

    module.LocalemuResources.add_default_routes = with_health


def log_no_health(module: ModuleType) -> None:
    """No line is written for each question for it, as for LocalEmu's own address."""
    log = module.ResponseLogger.__call__

    def wrapped(self: Any, chain: Any, context: Any, response: Any) -> None:
        if context.request.path != HEALTH:
            log(self, chain, context, response)

    module.ResponseLogger.__call__ = wrapped


def fail_with_hooks(module: ModuleType) -> None:
    """A hook that fails ends the start, as with LocalStack: LocalEmu goes on without it."""

    def run_in_order(self: Any, *args: Any, **kwargs: Any) -> None:
        for each in self.load_all_sorted():
            each(*args, **kwargs)

    module.HookManager.run_in_order = run_in_order
    for each in vars(module).values():  # those that were made already have the method as it was
        if isinstance(getattr(each, "manager", None), module.HookManager):
            each.run = each.manager.run_in_order


def ask_for_jsonata(module: ModuleType) -> None:
    """Expressions are evaluated where LocalStack has them evaluated: LocalEmu refuses them all."""
    refuse = module.eval_jsonata_expression

    def evaluate(expression: str) -> Any:
        return getattr(module, "_eval_jsonata", refuse)(expression)

    module.eval_jsonata_expression = evaluate  # type: ignore[attr-defined]


def leave_out_timeout(module: ModuleType) -> None:
    """LocalEmu tells an executor the function's timeout with each event; ours knows it."""
    invoke = module.ProcessRuntimeExecutor.invoke

    def without_timeout(self: Any, payload: dict[str, str], **_function_timeout: int) -> Any:
        return invoke(self, payload)

    module.ProcessRuntimeExecutor.invoke = without_timeout
