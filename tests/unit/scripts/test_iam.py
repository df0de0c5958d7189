"""What `make iam` prints."""

from __future__ import annotations

import pytest

from scripts import iam
from targets import permissions
from testbed import settings
from testbed.errors import NotRunningError

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "a", "Resource": "b"}],
}
NOTHING = {"Version": "2012-10-17", "Statement": []}


def principal(name: str, least: object) -> dict[str, object]:
    return {"principal": name, "statements": [], "used": [], "missing": [], "least": least}


def test_the_least_policy_is_a_role_s_or_a_user_s() -> None:
    """A service has none, and who asked for nothing needs none."""
    told = {
        "mode": "warn",
        "unknown": [],
        "principals": [
            principal("arn:aws:iam::1:role/tea", POLICY),
            principal("arn:aws:iam::1:role/idle", NOTHING),
            principal("states.amazonaws.com", POLICY),
        ],
    }
    assert {"arn:aws:iam::1:role/tea": POLICY} == iam.least(permissions.read(told))


def test_arguments_come_from_make_s_variables() -> None:
    """POLICY and JSON."""
    assert ("least", True) == (
        (given := iam.read_arguments([], {"POLICY": "least", "JSON": "1"})).policy,
        given.json,
    )
    with pytest.raises(SystemExit):
        iam.read_arguments(["--policy", "most"], {})


def test_without_a_testbed_there_is_nothing_to_tell(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As every command says it."""
    monkeypatch.setattr(settings, "DOTENV", settings.ROOT / "none")
    monkeypatch.setenv("STATE_DIR", f"{tmp_path}/state")
    monkeypatch.setattr("sys.argv", ["iam"])
    with pytest.raises(NotRunningError):
        iam.main()
