"""One table of settings: what is none is found, and everybody reads the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dev import settings_help
from testbed import setting_table, settings
from testbed.errors import SettingError, SettingNameError
from testbed.setting import A_SHARE

README = (settings.ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (settings.ROOT / ".env.example").read_text(encoding="utf-8")
COMPOSE = (settings.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
MAKEFILE = (settings.ROOT / "Makefile").read_text(encoding="utf-8")
# Prints LocalStack's own lists of its variables, where LocalStack is.
LISTED = """
from localstack import config, deprecations

deprecated = {one.env_var for one in deprecations.DEPRECATIONS}
print(*set(config.CONFIG_ENV_VARS) - deprecated)
"""


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
    (words,) = setting_table.stray(["XYZZY", *setting_table.BY_NAME])
    assert "no setting XYZZY (" in words


@pytest.mark.parametrize("name", setting_table.REFUSED)
def test_what_would_undo_a_promise_is_refused_with_the_reason(name: str) -> None:
    """Rather than handed on."""
    (words,) = setting_table.stray([name])
    assert setting_table.REFUSED[name] in words
    assert name not in settings.for_emulator({name: "x"})


@pytest.mark.parametrize(
    ("share", "allowed"),
    [("1/1", True), ("2/3", True), ("4/3", False), ("0/3", False), ("1", False), ("1/0", False)],
)
def test_a_share_is_one_of_as_many(share: str, *, allowed: bool) -> None:
    """The first number is one from 1 to the second."""
    assert allowed is A_SHARE.check(share)


def test_every_default_that_is_a_value_is_allowed() -> None:
    """A table that refuses its own word is wrong."""
    for setting in setting_table.TABLE:
        if setting.default and " " not in setting.default:
            assert setting.kind.check(setting.default), setting.name


def test_the_readme_and_compose_say_what_the_table_says() -> None:
    """`make settings-docs` writes the one; both targets are given the same."""
    assert README == settings_help.with_table(README)
    assert EXAMPLE == settings_help.example()
    given = re.findall(r"^      ([A-Z_0-9]+):$", COMPOSE, re.MULTILINE)
    assert list(setting_table.passed_on(container=True)) == given


def test_make_help_prints_every_setting_before_anything_is_set_up() -> None:
    """Under a bare Python."""
    done = subprocess.run(
        [sys.executable, "-S", "-I", settings.ROOT / "dev" / "settings_help.py"],
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
    assert ".env line 1: " in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n# x\nPORT=none\n", ".env line 3: PORT='none' is not usable: PORT must be a number"),
        ("GATEWAY_LISTEN=0.0.0.0\n", ".env line 1: GATEWAY_LISTEN cannot be set here: "),
        ("PORT\n", ".env line 1: 'PORT' is no NAME=value"),
        ("A=1\nLAMBDA_KEEPALIV_MS=5\n", ".env line 2: there is no setting LAMBDA_KEEPALIV_MS"),
    ],
)
def test_a_fault_in_dotenv_is_told_with_its_line(
    dotenv: Callable[[str], Path], text: str, words: str
) -> None:
    """Names, values, and what is no line of such a file."""
    with pytest.raises(SettingNameError) as caught:
        settings.adopt(dotenv(text))
    assert words in str(caught.value)


def test_the_example_can_be_taken_as_it_is(dotenv: Callable[[str], Path]) -> None:
    """With every line in force it says what holds anyway."""
    text = re.sub(r"^#(?=[A-Z])", "", EXAMPLE, flags=re.MULTILINE)
    settings.adopt(dotenv(text))
    assert set(setting_table.BY_NAME) == set(setting_table.read_dotenv(text))


def test_what_compose_reads_for_itself_is_left_alone(dotenv: Callable[[str], Path]) -> None:
    """`docker compose` reads the same file."""
    settings.adopt(dotenv("COMPOSE_PROJECT_NAME=x\nDOCKER_HOST=y\n"))


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("DEBUG", "yes", "1"),
        ("S3_SKIP_SIGNATURE_VALIDATION", "off", "0"),
        ("LAMBDA_KEEPALIVE_MS", "5", "5"),
    ],
)
def test_an_emulator_is_given_what_it_understands(name: str, written: str, read: str) -> None:
    """LocalStack knows 1 and 0 alone; to it, "off" is not false."""
    assert {name: read} == settings.for_emulator({name: written})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("LAMBDA_KEEPALIVE_MS", "soon"),
        ("LS_LOG", "loud"),
        ("SERVICES", "s3;sqs"),
        ("TUNING", "all;-x"),
        ("SFN_MOCK_CONFIG", "no/such.json"),
    ],
)
def test_an_emulator_is_not_started_with_what_it_cannot_read(name: str, value: str) -> None:
    """Else it ends while starting, or takes it for something else."""
    with pytest.raises(SettingError, match=f"{name}='{value}' is not usable"):
        settings.for_emulator({name: value})


@pytest.mark.parametrize("name", sorted(setting_table.REFUSED))
def test_a_start_does_not_ignore_what_is_asked_for(name: str) -> None:
    """Not from the environment either: it would not be what the person thinks."""
    with pytest.raises(SettingNameError, match=rf"in the environment: {name} cannot be set"):
        settings.refuse_undoing({name: "1"})
    settings.refuse_undoing({name: "", "PATH": "/bin"})


def test_every_variable_of_localstacks_lambda_is_handed_on_or_refused() -> None:
    """Those that LocalStack 4.14 lists and does not call deprecated: none is ignored."""
    done = subprocess.run(
        [settings.ENVS / "emulator" / "bin" / "python", "-c", LISTED],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    names = {name for name in done.stdout.split() if name.startswith("LAMBDA_")}
    assert len(names) > 30
    assert set() == names - setting_table.BY_NAME.keys() - setting_table.REFUSED.keys()


def test_every_setting_is_for_a_command_that_there_is() -> None:
    """A command that is renamed takes its settings along."""
    commands = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
    assert commands >= {name for one in setting_table.TABLE for name in one.commands}


def test_a_make_within_ours_has_a_command_line_of_its_own() -> None:
    """`make test REPORT=…` runs makes to which REPORT means nothing; they are not told of it."""
    around = {**os.environ, "TESTBED_GIVEN": "REPORT", "MAKEFLAGS": " -- REPORT=x"}
    script = 'include Makefile\ntold: ; @echo "$(TESTBED_GIVEN)"\n'
    done = subprocess.run(
        ["make", "--no-print-directory", "--file=-", "told", "PORT=auto"],
        cwd=settings.ROOT,
        env=around,
        input=script,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ["PORT"] == done.stdout.split()


def test_a_file_of_mocks_is_looked_into(tmp_path: Path) -> None:
    """Before anything is started: an emulator would say it at the first execution."""
    mocks = tmp_path / "mocks.json"
    mocks.write_text('{"StateMachines": {}}')
    with pytest.raises(SettingError, match="it has no object MockedResponses"):
        settings.for_emulator({"SFN_MOCK_CONFIG": str(mocks)})


def test_an_emulator_is_given_what_is_set_for_it(tmp_path: Path) -> None:
    """Its own variables, LocalStack's LAMBDA_*, and nothing else of the environment."""
    mocks = tmp_path / "mocks.json"
    mocks.write_text('{"StateMachines": {}, "MockedResponses": {}}')
    given = settings.for_emulator(
        {
            "TUNING": "off",
            "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS": "5",
            "LAMBDA_TRUNCATE_STDOUT": "9",
            "SFN_MOCK_CONFIG": str(mocks),
            "PORT": "1",
            "AWS_SECRET_ACCESS_KEY": "x",
            "DEBUG": "",
        }
    )
    assert {
        "TUNING": "off",
        "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS": "5",
        "LAMBDA_TRUNCATE_STDOUT": "9",
        "SFN_MOCK_CONFIG": str(mocks),
    } == given
    with pytest.raises(SettingError, match="STANDALONE_ORIGIN_GUARD"):
        settings.for_emulator({"STANDALONE_ORIGIN_GUARD": "maybe"})
