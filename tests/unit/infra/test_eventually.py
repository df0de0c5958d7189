from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from infra import eventually
from testbed.waiting import WaitTimeout


def failing(*codes: str) -> Callable[[], str]:
    """A call that fails with each of *codes* in turn, then succeeds."""
    left = list(codes)

    def call() -> str:
        if left:
            raise client_error(left.pop(0))
        return "done"

    return call


def client_error(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


def lagging(error: ClientError) -> bool:
    return eventually.code(error) == "NotYet"


def test_a_call_is_made_again_while_aws_is_behind() -> None:
    """Errors that only mean "not yet" do not reach the caller."""
    call = failing("NotYet", "NotYet")
    assert "done" == eventually.consistent(call, "it", lagging=lagging)


def test_any_other_error_is_raised_at_once() -> None:
    """A real error is neither hidden nor waited on."""
    with pytest.raises(ClientError, match="Denied"):
        eventually.consistent(failing("NotYet", "Denied"), "it", lagging=lagging)


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """When AWS stays behind, the error says what was waited for and what AWS said last."""
    monkeypatch.setattr(eventually, "CONSISTENT_WITHIN_S", 0.0)
    with pytest.raises(WaitTimeout, match=r"the role not reached .*NotYet"):
        eventually.consistent(failing("NotYet"), "the role", lagging=lagging)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "InvalidParameterValueException",
            "The role defined for the function cannot be assumed by Lambda.",
        ),
        (
            "AccessDeniedException",
            "Neither the global service principal nor the regional one is authorized to assume it",
        ),
    ],
)
def test_a_role_that_is_too_new_is_known_by_its_error(code: str, message: str) -> None:
    """Both services' ways to say that they cannot assume the role yet are understood."""
    assert eventually.role_not_known(client_error(code, message))


def test_another_invalid_parameter_is_no_lag() -> None:
    """A bad value does not become good by waiting."""
    error = client_error("InvalidParameterValueException", "Unzipped size must be smaller")
    assert not eventually.role_not_known(error)
