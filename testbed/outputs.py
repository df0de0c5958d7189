"""The addresses of a provisioned pipeline, written by `up` and read by everyone else."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from testbed.errors import NotRunningError, TestbedError

FILE_NAME = "outputs.json"


@dataclasses.dataclass(frozen=True)
class Outputs:
    """Where the pipeline is.

    Attributes:
        target: ``embedded``, ``docker`` or ``aws``.
        endpoint: base URL of the emulator, None on AWS.
        region: AWS region.
        api_url: address to POST ``{"key": …}`` to.
        state_machine_arn: ARN of ImageProcessingStateMachine.
        function_name: name of the Lambda function.
        original_bucket: where images are uploaded.
        resized_bucket: where thumbnails appear.
    """

    target: str
    endpoint: str | None
    region: str
    api_url: str
    state_machine_arn: str
    function_name: str
    original_bucket: str
    resized_bucket: str

    def to_json(self) -> str:
        """The outputs as an indented JSON object."""
        return json.dumps(dataclasses.asdict(self), indent=2)


def write(state_dir: Path, outputs: Outputs) -> None:
    """Keep *outputs* in *state_dir*, a testbed's, whole or not at all."""
    state_dir.mkdir(parents=True, exist_ok=True)
    scratch = state_dir / "outputs.new"
    scratch.write_text(outputs.to_json() + "\n", encoding="utf-8")
    scratch.replace(state_dir / FILE_NAME)


def read(state_dir: Path) -> Outputs:
    """The outputs kept in *state_dir*.

    Raises:
        NotRunningError: nothing was provisioned from this state folder.
        TestbedError: the file is not one of ours.
    """
    path = state_dir / FILE_NAME
    try:
        return Outputs(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise NotRunningError(f"{path} is not there") from None
    except (ValueError, TypeError) as error:
        raise TestbedError(f"{path} cannot be read ({error}); run `make up` again") from error


def forget(state_dir: Path) -> None:
    """Remove the outputs: the pipeline they describe is gone."""
    (state_dir / FILE_NAME).unlink(missing_ok=True)
