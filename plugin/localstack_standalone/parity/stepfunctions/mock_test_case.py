"""A test case of a mock configuration file that cannot be run is told by name.

AWS: Step Functions Local has such files, and an execution asks for one of their test cases by
``<ARN>#<TestCase>`` (Developer Guide, "Using mocked service integrations"); the service has none.
LocalStack answers InternalError to a test case that the file does not have, or whose attempts are
not numbered from 0 on, and says of a file that is none only that its log has more.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pydantic
from localstack import config
from localstack.aws.api.stepfunctions import InvalidName
from localstack.services.stepfunctions.local_mocking.mock_config_file import RawMockConfig


def cure(module: ModuleType) -> None:
    """Patch how the provider finds a test case."""
    provider = module.StepFunctionsProvider
    original = provider._get_local_mock_test_case  # noqa: SLF001 - where all operations look

    def find(state_machine_arn: str, state_machine_name: str) -> Any:
        if "#" in state_machine_arn and (words := _fault(config.SFN_MOCK_CONFIG)):
            raise InvalidName(f"{state_machine_arn!r} asks for a test case, but {words}")
        try:
            return original(state_machine_arn, state_machine_name)
        except (RuntimeError, ValueError) as error:
            raise InvalidName(str(error)) from error

    provider._get_local_mock_test_case = staticmethod(find)  # noqa: SLF001


def _fault(path: str | None) -> str | None:
    if not path:
        return "SFN_MOCK_CONFIG names no mock configuration file"
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as it is given
            RawMockConfig.model_validate_json(file.read())
    except OSError as error:
        return f"SFN_MOCK_CONFIG cannot be read: {error}"
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"])) or "the file"
        return f"SFN_MOCK_CONFIG is not usable: {at}: {first['msg']}"
    return None
