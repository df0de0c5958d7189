from __future__ import annotations

import pytest

from localstack_standalone.iam import mode
from localstack_standalone.iam.mode import Mode


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (None, Mode.WARN),
        ("", Mode.WARN),
        ("off", Mode.OFF),
        ("warn", Mode.WARN),
        ("enforce", Mode.ENFORCE),
    ],
)
def test_a_mode_is_read(setting: str | None, expected: Mode) -> None:
    """Nobody is refused who did not ask for it."""
    assert expected is mode.read(setting)


def test_what_is_no_mode_is_named() -> None:
    """With what would be one."""
    with pytest.raises(mode.ModeSettingError, match=r"IAM='soft'.*off, warn, enforce"):
        mode.read("soft")
