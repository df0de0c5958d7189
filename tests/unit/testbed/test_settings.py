from pathlib import Path

import pytest

from testbed import settings
from testbed.errors import SettingError
from testbed.settings import DEFAULT_PORT, DEFAULT_STATE_DIR, ROOT, Settings


def test_defaults_need_no_variables() -> None:
    """Without any variable set, the testbed has its customary port and folder."""
    assert Settings("auto", DEFAULT_PORT, DEFAULT_STATE_DIR) == settings.load({})


def test_an_empty_variable_counts_as_unset() -> None:
    """`make up PORT=` is `make up`."""
    assert Settings() == settings.load({"TARGET": "", "PORT": "", "STATE_DIR": ""})


@pytest.mark.parametrize("target", ["auto", "embedded", "docker", "aws"])
def test_every_target_can_be_chosen(target: str) -> None:
    """TARGET is taken as it is written."""
    assert target == settings.load({"TARGET": target}).target


def test_port_auto_means_any_free_port() -> None:
    """PORT=auto leaves the choice to the system."""
    assert settings.load({"PORT": "auto"}).port is None


@pytest.mark.parametrize("port", ["1024", "4620", "65535"])
def test_an_unprivileged_port_is_taken(port: str) -> None:
    """Both ends of the allowed range belong to it."""
    assert int(port) == settings.load({"PORT": port}).port


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TARGET", "Docker"),
        ("TARGET", "cloud"),
        ("PORT", "1023"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "4566 "),
        ("PORT", "٤٥٦٦"),
        ("PORT", "http"),
        ("STATE_DIR", "."),
        ("STATE_DIR", "/"),
        ("STATE_DIR", "README.md/.."),
        ("STATE_DIR", "~nobody-of-that-name/a"),
        ("MEMORY", "4"),
        ("MEMORY", "0g"),
        ("MEMORY", "4 GB"),
        ("IMAGE_TAG", "-x"),
        ("IMAGE_TAG", "a:b"),
    ],
)
def test_a_bad_value_is_named_with_its_variable_and_what_is_allowed(
    variable: str, value: str
) -> None:
    """A person can mend the value from the message alone."""
    with pytest.raises(SettingError) as caught:
        settings.load({variable: value})
    assert variable == caught.value.name
    assert f"{variable}={value!r} is not usable: {variable} must be" in str(caught.value)


def test_a_relative_state_folder_is_below_the_checkout() -> None:
    """STATE_DIR means the same folder wherever the command is started."""
    assert ROOT / ".testbed-2" == settings.load({"STATE_DIR": ".testbed-2"}).state_dir


def test_a_home_folder_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`STATE_DIR=~/state` works where no shell has expanded it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path / "state" == settings.load({"STATE_DIR": "~/state"}).state_dir


def test_a_file_is_no_state_folder(tmp_path: Path) -> None:
    """A file in the way is found when settings are read, not when something is written."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SettingError, match="a folder"):
        settings.load({"STATE_DIR": str(file)})


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are set by what make exports."""
    monkeypatch.setenv("PORT", "4999")
    assert 4999 == settings.load().port


def test_the_dotenv_file_stands_behind_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As for Docker Compose: .env sets what nobody else has set, and comments in it count not."""
    file = tmp_path / ".env"
    file.write_text('PORT=4600\n#TARGET=aws\n\nMEMORY = "2g"\nIMAGE_TAG=a\n', encoding="utf-8")
    monkeypatch.setattr(settings, "DOTENV", file)
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("IMAGE_TAG", "b")
    monkeypatch.delenv("TARGET", raising=False)
    found = settings.load()
    assert ("auto", 4600, "2g", "b") == (found.target, found.port, found.memory, found.image_tag)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "ca-central-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "sa-east-1"}, "sa-east-1"),
    ],
)
def test_the_region_of_aws_is_that_of_its_own_variables(
    environ: dict[str, str], expected: str
) -> None:
    """AWS_REGION goes before, as in AWS's SDKs; an emulator's is the assignment's all the same."""
    assert expected == settings.load({"TARGET": "aws", **environ}).region
    assert "ca-central-1" == settings.load(environ).region


def test_a_region_that_is_none_is_refused() -> None:
    """In the words of the table."""
    with pytest.raises(SettingError, match="AWS_REGION must be a region's name"):
        settings.load({"TARGET": "aws", "AWS_REGION": "Canada"})


def test_aws_has_a_state_folder_of_its_own() -> None:
    """An emulator that is up beside it keeps its addresses."""
    assert settings.ROOT / ".testbed-aws" == settings.load({"TARGET": "aws"}).state_dir
    named = settings.load({"TARGET": "aws", "STATE_DIR": ".testbed-two"}).state_dir
    assert settings.ROOT / ".testbed-two" == named


def test_the_prefix_of_buckets_is_for_aws() -> None:
    """As a person wrote it; without one the account's id will be taken."""
    assert "mine" == settings.load({"TARGET": "aws", "BUCKET_PREFIX": "mine"}).bucket_prefix
    assert "" == settings.load({"TARGET": "aws"}).bucket_prefix
