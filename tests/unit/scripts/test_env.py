import dataclasses
import shlex
from pathlib import Path

import pytest

from scripts import env
from targets import choose
from targets.base import Running
from testbed import outputs as kept
from testbed.outputs import Outputs


def exported(
    known: Outputs,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> dict[str, str]:
    """What a shell would have after `eval "$(make env)"`."""
    monkeypatch.setenv("STATE_DIR", str(folder))
    running = Running("embedded" if known.endpoint else "aws", known.endpoint)
    monkeypatch.setattr(choose, "running", lambda _wanted: running)
    kept.write(folder, known)
    env.main()
    words = shlex.split(capsys.readouterr().out)
    return dict(word.split("=", 1) for word in words if "=" in word)


def test_a_shell_is_told_where_the_emulator_is(
    outputs: Outputs,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Addresses, and the credentials that any emulator takes; a quote in one breaks nothing."""
    odd = dataclasses.replace(outputs, original_bucket="it's")
    told = exported(odd, tmp_path / "new", monkeypatch, capsys)
    assert (outputs.endpoint, outputs.endpoint, "test", "it's") == (
        told["AWS_ENDPOINT_URL"],
        told["AWS_ENDPOINT_URL_S3"],
        told["AWS_ACCESS_KEY_ID"],
        told["ORIGINAL_BUCKET"],
    )
    assert outputs.region == told["AWS_REGION"] == told["AWS_DEFAULT_REGION"]


def test_on_aws_a_persons_own_credentials_stay(
    outputs: Outputs,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither an endpoint nor keys are set."""
    known = dataclasses.replace(outputs, endpoint=None, target="aws")
    told = exported(known, tmp_path / "new", monkeypatch, capsys)
    emulators = {"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_DISABLE_HOST_PREFIX_INJECTION"}
    assert not emulators & told.keys()
