"""What an emulator is started with, where the plugin was installed by somebody."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import pytest

from localstack_standalone import installation, runtimes
from localstack_standalone.installation import LocalStackMissingError, MalformedSettingError


def _here() -> object:
    return installation.here(
        runtimes_wanted=(), services=("s3",), settings={"DEBUG": "1"}, progress=print
    )


def test_without_localstack_the_message_names_the_extra() -> None:
    """Who installed the plugin alone is told what is missing, as it is in these tests' own."""
    with pytest.raises(LocalStackMissingError, match="with its extra `localstack`"):
        _here()


def test_it_is_this_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    """LocalStack runs under the Python that runs us; functions never do."""
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: "4.14.0")
    monkeypatch.setattr(runtimes, "ensure", lambda *_: {"python3.13": "/cache/python"})
    made = installation.here(runtimes_wanted=(), services=(), settings={}, progress=print)
    assert Path(sys.executable) == made.python
    assert {"python3.13": "/cache/python"} == made.runtimes


def test_settings_are_read_as_they_are_written() -> None:
    """A value may have an equals sign, or be empty; whoever names one twice means the last."""
    lines = ["DEBUG=1", "LOG_LEVEL_OVERRIDES=a=DEBUG", "TUNING=", "DEBUG=0"]
    assert {"DEBUG": "0", "LOG_LEVEL_OVERRIDES": "a=DEBUG", "TUNING": ""} == (
        installation.settings_of(lines)
    )


@pytest.mark.parametrize("line", ["DEBUG", "=1", "not a name=1"])
def test_what_is_no_setting_is_named(line: str) -> None:
    """And nothing is started with it left out."""
    with pytest.raises(MalformedSettingError, match="must be NAME=value"):
        installation.settings_of([line])
