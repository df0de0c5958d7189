"""One table of settings: what is none is found, and everybody reads the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator import embedded, health
from scripts import settings_help
from testbed import setting_table, settings
from testbed.errors import SettingError, SettingNameError

README = (settings.ROOT / "README.md").read_text(encoding="utf-8")
COMPOSE = (settings.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
MAKEFILE = (settings.ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PROT", "PORT"),
        ("size", "SIZE"),
        ("Target", "TARGET"),
        ("STATEDIR", "STATE_DIR"),
        ("TUNNING", "TUNING"),
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
    ],
)
def test_a_misspelt_setting_is_named_with_what_was_meant(name: str, meant: str) -> None:
    """By its letters, and whatever their case."""
    (words,) = setting_table.stray([name])
    assert f"no setting {name}; did you mean {meant}?" in words


def test_what_is_like_nothing_is_refused_all_the_same() -> None:
    """And every setting is known."""
    (words,) = setting_table.stray(["XYZZY", *setting_table.BY_NAME, "LAMBDA_OF_LOCALSTACKS"])
    assert "no setting XYZZY (" in words


@pytest.mark.parametrize("name", setting_table.REFUSED)
def test_what_would_undo_a_promise_is_refused_with_the_reason(name: str) -> None:
    """Rather than handed on."""
    (words,) = setting_table.stray([name])
    assert setting_table.REFUSED[name] in words
    assert name not in settings.for_emulator({name: "x"})


def test_every_default_that_is_a_value_is_allowed() -> None:
    """A table that refuses its own word is wrong."""
    for setting in setting_table.TABLE:
        if setting.default and " " not in setting.default:
            assert setting.check(setting.default), setting.name


def test_the_readme_and_compose_say_what_the_table_says() -> None:
    """`make settings-docs` writes the one; both targets are given the same."""
    assert README == settings_help.with_table(README)
    given = re.findall(r"^      ([A-Z_0-9]+):$", COMPOSE, re.MULTILINE)
    assert list(setting_table.passed_on()) == given
    assert setting_table.passed_on() == embedded.PASSED_ON


def test_make_help_prints_every_setting_before_anything_is_set_up() -> None:
    """Under a bare Python."""
    done = subprocess.run(
        [sys.executable, "-S", "-I", settings.ROOT / "scripts" / "settings_help.py"],
        capture_output=True,
        text=True,
        check=True,
        env={},
    )
    for setting in setting_table.TABLE:
        assert f"  {setting.name} " in done.stdout


def test_settings_of_the_makefile_are_in_the_table() -> None:
    """What its help lines and recipes name."""
    named = set(re.findall(r"[([ |]([A-Z][A-Z_]*)=", MAKEFILE)) - {"PYTHONDONTWRITEBYTECODE"}
    assert named <= set(setting_table.BY_NAME)


@pytest.fixture
def dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes a file `.env`, and has the environment as it was afterwards."""
    monkeypatch.setattr(os, "environ", dict(os.environ))

    def write(text: str) -> Path:
        file = tmp_path / ".env"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_dotenv_reaches_every_setting(dotenv: Callable[[str], Path]) -> None:
    """The environment goes before; an empty variable is none."""
    os.environ.update(CONSOLE_PORT="9001", ID="")
    os.environ.pop("DEBUG_PORT", None)
    settings.adopt(dotenv('CONSOLE_PORT=9999\nID="one"\nDEBUG_PORT=5000 \n# PORT=1\n'))
    assert ("9001", "one", "5000") == (
        os.environ["CONSOLE_PORT"],
        os.environ["ID"],
        os.environ["DEBUG_PORT"],
    )


def test_a_misspelt_name_in_dotenv_is_told_with_its_file(dotenv: Callable[[str], Path]) -> None:
    """As one on the command line is."""
    os.environ["TESTBED_GIVEN"] = "size PORT"
    with pytest.raises(SettingNameError) as caught:
        settings.adopt(dotenv("PROT=1\n"))
    assert ["no setting size; did you mean SIZE?", "no setting PROT; did you mean PORT?"] == [
        re.sub(r".*(no setting [^?]+\?).*", r"\1", line) for line in str(caught.value).splitlines()
    ]
    assert ".env: " in str(caught.value)


def test_an_emulator_is_given_what_is_set_for_it() -> None:
    """Its own variables, LocalStack's LAMBDA_*, and nothing else of the environment."""
    given = settings.for_emulator(
        {
            "TUNING": "off",
            "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS": "5",
            "LAMBDA_TRUNCATE_STDOUT": "9",
            "SFN_MOCK_CONFIG": "mocks.json",
            "PORT": "1",
            "AWS_SECRET_ACCESS_KEY": "x",
            "DEBUG": "",
        }
    )
    assert {
        "TUNING": "off",
        "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS": "5",
        "LAMBDA_TRUNCATE_STDOUT": "9",
        "SFN_MOCK_CONFIG": str(settings.ROOT / "mocks.json"),
    } == given
    with pytest.raises(SettingError, match="STANDALONE_ORIGIN_GUARD"):
        settings.for_emulator({"STANDALONE_ORIGIN_GUARD": "maybe"})


def test_services_are_added_to_the_pipelines() -> None:
    """Without its own the pipeline does not run."""
    assert (*health.SERVICES, "sqs") == tuple(health.with_services(" sqs, s3,").split(","))
