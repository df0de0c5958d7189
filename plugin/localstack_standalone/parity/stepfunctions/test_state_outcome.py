"""What TestState says of a state that failed.

AWS: *error* and *cause* of a mock may be left out (API reference, MockErrorOutput); a cause stands
alone, without where in an execution it occurred (recorded).
LocalStack answers a mock without a cause with InternalError, and puts "An error occurred while
executing the state …" before causes.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any, Final

from localstack.services.stepfunctions.asl.eval.test_state.environment import TestStateEnvironment
from localstack.services.stepfunctions.backend.test_state import test_state_mock
from localstack.utils.patch import patch

_PREFIX: Final = re.compile(
    r"An error occurred while executing the state '.*?' \(.*?\)\. ", re.DOTALL
)


def cure(module: ModuleType) -> None:
    """Patch what the execution of a test answers, and the error that a mock throws."""

    @patch(module.TestStateExecution.to_test_state_output)
    def output(original: Any, self: Any, **given: Any) -> Any:
        found = original(self, **given)
        if cause := found.pop("cause", ""):
            found["cause"] = _PREFIX.sub("", cause, count=1)
        return found

    def set_error(self: Any, error: Any) -> None:
        # What ends the test reads the cause; `output` leaves an empty one out.
        super(TestStateEnvironment, self).set_error({"cause": "", **error})

    TestStateEnvironment.set_error = set_error

    @patch(test_state_mock.TestStateResponseThrow.__init__)
    def throw(original: Any, self: Any, error: str = "", cause: str = "") -> None:
        original(self, error, cause)
