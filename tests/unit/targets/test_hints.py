from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.launcher import errors
from localstack_standalone.launcher.record import Record
from targets import hints
from targets.hints import worded
from testbed import settings
from testbed.errors import EmulatorError, SettingError

HERE = Path("/a/b")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errors.StateFolderError(HERE, "thesis.txt"), "in it is thesis.txt.*STATE_DIR"),
        (errors.PortTakenError(4600, "process 7 (x)"), r"by process 7 \(x\); .*PORT=4601.*auto"),
        (errors.OtherPortError(HERE, 4600), "on port 4600 already; `make down` first"),
        (errors.OtherSettingsError(HERE, {"A": "1", "B": "2"}), "A=1, B=2; `make reset A=1 B=2`"),
        (errors.UnwellError(7, "no answer"), r"(?s)not well: no answer\n`make logs`"),
        (errors.StartError("it ended"), "it ended$"),
    ],
)
def test_an_error_comes_with_the_next_step(error: errors.LauncherError, told: str) -> None:
    """In make's words."""
    with pytest.raises(EmulatorError, match=told), worded():
        raise error


def test_a_setting_that_is_to_blame_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what was asked and what is not known of it."""
    monkeypatch.setenv("SERVICES", "sqs,sqss")
    with (
        pytest.raises(SettingError, match=r"SERVICES='sqs,sqss'.*, not sqss; it has s3, sqs$"),
        worded(),
    ):
        raise errors.UnknownServicesError(("sqss",), ("sqs", "s3"))


@pytest.mark.parametrize(
    ("asked", "before", "is_told"),
    [(None, 4700, True), (None, 4701, False), (None, None, False), (4701, 4700, False)],
)
def test_another_port_than_before_is_told(
    capsys: pytest.CaptureFixture[str],
    asked: int | None,
    before: int | None,
    is_told: bool,  # noqa: FBT001
) -> None:
    """Where nobody asked for one."""
    started = Record("embedded", 4701, {"pid": 1, "created": 0.0})
    hints.tell_other_port(settings.Settings(port=asked), before, started)
    assert is_told is ("port 4700" in capsys.readouterr().err)
