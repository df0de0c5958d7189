"""The context object of a state under test.

AWS (recorded): ``$$.State.Name`` is StateName whatever the state is called,
``$$.Execution.RoleArn`` is null without a role, there is no RedriveCount, and a mocked context is
all there is, also when it is empty.
LocalStack makes up a role, and fails where a mocked context has no Execution.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.services.stepfunctions.asl.eval.test_state.environment import TestStateEnvironment
from localstack.utils.patch import patch


def cure(module: ModuleType) -> None:
    """Patch the worker of TestState, and how its environment opens a frame."""

    @patch(module.TestStateExecutionWorker._get_evaluation_environment)  # noqa: SLF001 - the hook for it
    def evaluation_environment(original: Any, self: Any) -> Any:
        env = original(self)
        data = env.states.context_object.context_object_data
        if data["Execution"]["RoleArn"].endswith(f":role/RoleFor-{data['StateMachine']['Name']}"):
            data["Execution"]["RoleArn"] = None  # LocalStack's own, where none was given
        env.whole_context = data
        return env

    def as_frame_of(cls: Any, env: Any, event_history_frame_cache: Any = None) -> Any:
        context = env.states.context_object
        mocked = env.mock.get_context()
        if mocked is not None:
            context.context_object_data = env.whole_context  # a frame is made of it
        frame = cls.as_inner_frame_of(
            env=env,
            variable_store=env.variable_store,
            event_history_frame_cache=event_history_frame_cache,
        )
        frame.whole_context = env.whole_context
        if mocked is not None:
            context.context_object_data = mocked
            frame.states.context_object.context_object_data = mocked
        return frame

    TestStateEnvironment.as_frame_of = classmethod(as_frame_of)
