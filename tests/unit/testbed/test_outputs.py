import json
from pathlib import Path

import pytest

from testbed import outputs
from testbed.errors import NotRunningError, TestbedError
from testbed.outputs import Outputs
from tests.support.addresses import EMULATED, ON_AWS


@pytest.mark.parametrize("some", [EMULATED, ON_AWS])
def test_what_is_written_is_read(tmp_path: Path, some: Outputs) -> None:
    """Outputs come back as they were, from a folder that did not exist; AWS has no endpoint."""
    outputs.write(tmp_path / "state", some)
    assert some == outputs.read(tmp_path / "state")


def test_nothing_but_the_file_is_left_behind(tmp_path: Path) -> None:
    """Writing twice leaves one file: the scratch file has become it."""
    outputs.write(tmp_path, EMULATED)
    outputs.write(tmp_path, EMULATED)
    assert ["outputs.json"] == [path.name for path in tmp_path.iterdir()]


def test_json_holds_every_address_under_its_name() -> None:
    """`make outputs` is for other programs: names are part of the interface."""
    assert [
        "target",
        "endpoint",
        "region",
        "api_url",
        "state_machine_arn",
        "function_name",
        "original_bucket",
        "resized_bucket",
    ] == list(json.loads(EMULATED.to_json()))


def test_no_file_means_that_no_testbed_is_up(tmp_path: Path) -> None:
    """The message says how to start one."""
    with pytest.raises(NotRunningError, match="make up"):
        outputs.read(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"target": "embedded"}', "null"])
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    """A file that is not one of ours is an error with its path, not a traceback."""
    (tmp_path / "outputs.json").write_text(content)
    with pytest.raises(TestbedError, match=r"outputs\.json cannot be read .*make up"):
        outputs.read(tmp_path)


def test_forgetting_is_repeatable(tmp_path: Path) -> None:
    """After `down`, commands say that nothing is up; a second `down` is no error."""
    outputs.write(tmp_path, EMULATED)
    outputs.forget(tmp_path)
    outputs.forget(tmp_path)
    with pytest.raises(NotRunningError):
        outputs.read(tmp_path)
