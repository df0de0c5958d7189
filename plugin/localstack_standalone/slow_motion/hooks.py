"""Where an execution can be held, and why no timeout strikes meanwhile.

Each place lies outside of what is timed: before API Gateway calls its integration (29 s), before a
task's own TimeoutSeconds begin and Lambda is called, and behind the answer of both. What is around
all of them, the machine's TimeoutSeconds, does not count for an execution in slow motion. S3 is not
held inside the function, whose timeout runs and cannot be stopped for it: it is held when its
answer is there, with the objects that it has read and written.
"""

from __future__ import annotations

import copy
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

from localstack_standalone.slow_motion.holds import SlowMotion

API: Final = "localstack.services.apigateway.next_gen.execute_api.gateway"
PROGRAM: Final = "localstack.services.stepfunctions.asl.component.program.program"
STATE: Final = "localstack.services.stepfunctions.asl.component.state.state"
TASK: Final = "localstack.services.stepfunctions.asl.component.state.state_execution.execute_state"
_KEY: Final = "idempotency-key"


def at_the_api(motion: SlowMotion, module: ModuleType) -> None:
    """Hold a request whose Idempotency-Key names a watched execution, once it is routed."""
    routed = module.handlers.route_request

    def hold(_chain: Any, context: Any, _response: Any) -> None:
        if motion.is_on:
            motion.hold(_named(context.invocation_request["headers"]), "api")

    @patch(module.RestApiGateway.__init__)
    def init(original: Any, self: Any) -> None:
        original(self)
        self.request_handlers.insert(self.request_handlers.index(routed) + 1, hold)


def _named(headers: Any) -> str:
    found = {name.lower(): value for name, value in headers.items()}
    return str(found.get(_KEY, "")).strip('"')


def in_a_machine(motion: SlowMotion, module: ModuleType) -> None:
    """Have the machine's own timeout not count while its execution is watched."""

    @patch(module.Program.eval)
    def run(original: Any, self: Any, env: Any) -> None:
        if motion.is_on and motion.is_watched(_execution(env)):
            self = copy.copy(self)
            self.timeout_seconds = None
        original(self, env)


def in_a_state(motion: SlowMotion, module: ModuleType) -> None:
    """Hold an execution in each state, before that does anything."""

    @patch(module.CommonStateField._eval_state_input)  # noqa: SLF001 - once it was entered
    def take(original: Any, self: Any, env: Any) -> None:
        if motion.is_on:
            motion.hold(_execution(env), "entered", self.name, _type(self))
        original(self, env)


def behind_a_task(motion: SlowMotion, module: ModuleType) -> None:
    """Hold an execution behind a task's call, before its result goes on."""

    @patch(module.ExecutionState._eval_state_output)  # noqa: SLF001 - once the service has answered
    def give(original: Any, self: Any, env: Any) -> None:
        if motion.is_on:
            motion.hold(_execution(env), "answered", self.name, _type(self))
        original(self, env)


def _execution(env: Any) -> str:
    return str(env.states.context_object.context_object_data["Execution"]["Name"])


def _type(state: Any) -> str:
    kind = getattr(state, "state_type", None)
    return str(getattr(kind, "name", kind) or type(state).__name__)
