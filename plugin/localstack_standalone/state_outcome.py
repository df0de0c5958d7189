"""One state of a definition, run alone by TestState: what a test asserts of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

ROLE = "arn:aws:iam::000000000000:role/states"  # the emulator takes any


@dataclasses.dataclass(frozen=True)
class StateOutcome:
    """What became of a state.

    Attributes:
        status: SUCCEEDED, FAILED, RETRIABLE or CAUGHT_ERROR.
        output: its output; None where it has none.
        next_state: where it leads to; None where it ends.
        error: the error's name.
        cause: its cause.
        data: the data after each of its fields, as InspectionData of the API reference calls them.
        retry_index: the retrier that matched.
        retry_after_s: the seconds until it is tried again, before jitter.
        catch_index: the catcher that matched.
    """

    status: str
    output: Any
    next_state: str | None
    error: str | None
    cause: str | None
    data: Mapping[str, Any]
    retry_index: int | None
    retry_after_s: int | None
    catch_index: int | None


@dataclasses.dataclass(frozen=True)
class TestedMachine:
    """A definition whose states are run one at a time.

    Attributes:
        client: boto3's for Step Functions.
        definition: the machine's, as a text or an object.
    """

    __test__ = False  # no class of tests, whatever its name says to pytest

    client: Any
    definition: str | Mapping[str, Any]

    def run(
        self,
        state: str,
        given: Any = None,
        *,
        result: Any = dataclasses.MISSING,
        error: tuple[str, str] | str | None = None,
        retries: int = 0,
        **request: Any,
    ) -> StateOutcome:
        """Run *state* with the input *given*; with neither *result* nor *error* it is for real.

        Args:
            state: its name; it may be within a Map or Parallel state.
            given: its input, {} where there is none.
            result: what its task, Map or Parallel is to give; not checked against the service's
                model, unless *request* has a mock of its own.
            error: what that is to fail with, a name or a name and a cause.
            retries: how often the retrier that matches the error has tried already.
            request: further members of TestState's request, as boto3 has them.

        Raises:
            ClientError: TestState refuses.
        """
        whole = self.definition
        mock: dict[str, Any] = {}
        if result is not dataclasses.MISSING:
            mock = {"result": json.dumps(result), "fieldValidationMode": "NONE"}
        elif error is not None:
            name, cause = (error, "") if isinstance(error, str) else error
            mock = {"errorOutput": {"error": name, "cause": cause}}
        answer = self.client.test_state(
            **{
                "definition": whole if isinstance(whole, str) else json.dumps(whole),
                "stateName": state,
                "roleArn": ROLE,
                "input": json.dumps({} if given is None else given),
                "inspectionLevel": "DEBUG",
                **({"mock": mock} if mock else {}),
                **({"stateConfiguration": {"retrierRetryCount": retries}} if retries else {}),
                **request,
            }
        )
        return outcome(answer)


def outcome(answer: Mapping[str, Any]) -> StateOutcome:
    """The *answer* of TestState, with data in place of texts."""
    found = answer.get("inspectionData", {})
    details = found.get("errorDetails", {})
    return StateOutcome(
        status=answer["status"],
        output=json.loads(answer["output"]) if "output" in answer else None,
        next_state=answer.get("nextState"),
        error=answer.get("error"),
        cause=answer.get("cause"),
        data={
            name: json.loads(value) if isinstance(value, str) else value
            for name, value in found.items()
            if name != "errorDetails"
        },
        retry_index=details.get("retryIndex"),
        retry_after_s=details.get("retryBackoffIntervalSeconds"),
        catch_index=details.get("catchIndex"),
    )
