import base64
import hashlib
from typing import Any

import pytest
from botocore.stub import Stubber

from infra import resource
from infra.account import Account
from infra.resource import Cloud, Outcome
from infra.resources.function import Function
from testbed.errors import ProvisioningError
from tests.unit.infra.conftest import Answers

ARN = "arn:aws:lambda:ca-central-1:123456789012:function:F"
CODE = b"zip"


FUNCTION = Function("F", role="R", environment={"A": "a"})
CONFIGURATION = FUNCTION.configuration(Account("123456789012", "ca-central-1"))


def as_wanted(**changed: Any) -> dict[str, Any]:
    """The function's configuration as Lambda describes it, with *changed* fields."""
    fields = {
        "FunctionName": "F",
        "FunctionArn": ARN,
        "CodeSha256": base64.b64encode(hashlib.sha256(CODE).digest()).decode(),
        "Architectures": ["x86_64"],
        "State": "Active",
        "LastUpdateStatus": "Successful",
        **CONFIGURATION,
    }
    return fields | changed


def is_there(lambda_: Stubber, *, ours: bool = True, **changed: Any) -> None:
    tags = {"made-by": "image-pipeline-testbed"} if ours else {}
    found = {"Configuration": as_wanted(**changed), "Tags": tags}
    lambda_.add_response("get_function", found, {"FunctionName": "F"})


def is_absent(lambda_: Stubber, operation: str = "get_function") -> None:
    lambda_.add_client_error(operation, "ResourceNotFoundException", http_status_code=404)


def is_seen(lambda_: Stubber, *configurations: dict[str, Any]) -> None:
    for configuration in configurations:
        lambda_.add_response("get_function_configuration", configuration)


def test_a_missing_function_is_made_and_waited_for(answers: Answers, cloud: Cloud) -> None:
    """It counts as made only when it can be invoked."""
    lambda_ = answers(cloud.aws.lambda_)
    is_absent(lambda_)
    asked = {
        "FunctionName": "F",
        "Description": "Makes the thumbnail of one image",
        "PackageType": "Zip",
        "Code": {"ZipFile": CODE},
        "Architectures": ["x86_64"],
        "Tags": {"made-by": "image-pipeline-testbed"},
        **CONFIGURATION,
    }
    lambda_.add_response("create_function", {}, asked)
    is_seen(lambda_, as_wanted(State="Pending"), as_wanted())
    assert Outcome.CREATED == resource.settle(FUNCTION, cloud)


def test_a_role_that_lambda_does_not_know_yet_is_waited_for(answers: Answers, cloud: Cloud) -> None:
    """IAM is eventually consistent: the refusal right after CreateRole passes."""
    lambda_ = answers(cloud.aws.lambda_)
    is_absent(lambda_)
    lambda_.add_client_error(
        "create_function",
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
    )
    lambda_.add_response("create_function", {})
    is_seen(lambda_, as_wanted())
    assert Outcome.CREATED == resource.settle(FUNCTION, cloud)


def test_a_function_as_wanted_is_only_read(answers: Answers, cloud: Cloud) -> None:
    """Fields that AWS adds by itself are no difference."""
    lambda_ = answers(cloud.aws.lambda_)
    is_there(lambda_, EphemeralStorage={"Size": 512})
    is_seen(lambda_, as_wanted())
    assert Outcome.UNCHANGED == resource.settle(FUNCTION, cloud)


@pytest.mark.parametrize("differing", [{"CodeSha256": "other"}, {"Architectures": ["arm64"]}])
def test_other_code_is_replaced_in_place(
    answers: Answers, cloud: Cloud, differing: dict[str, Any]
) -> None:
    """Only the code is sent when only the code, or what it was built for, differs."""
    lambda_ = answers(cloud.aws.lambda_)
    is_there(lambda_, **differing)
    is_seen(lambda_, as_wanted(**differing))
    asked = {"FunctionName": "F", "ZipFile": CODE, "Architectures": ["x86_64"]}
    lambda_.add_response("update_function_code", {}, asked)
    is_seen(lambda_, as_wanted(LastUpdateStatus="InProgress"), as_wanted(), as_wanted())
    assert Outcome.UPDATED == resource.settle(FUNCTION, cloud)


@pytest.mark.parametrize(
    "differing",
    [
        {"Timeout": 3},
        {"MemorySize": 128},
        {"Handler": "old.handler"},
        {"Runtime": "python3.12"},
        {"Role": "arn:aws:iam::123456789012:role/Old"},
        {"Environment": {"Variables": {"A": "a", "B": "b"}}},
        {"Environment": {}},
    ],
)
def test_any_other_configuration_is_replaced_in_place(
    answers: Answers, cloud: Cloud, differing: dict[str, Any]
) -> None:
    """Each field that we set converges, and the code is not sent again."""
    lambda_ = answers(cloud.aws.lambda_)
    is_there(lambda_, **differing)
    is_seen(lambda_, as_wanted(**differing))
    asked = {"FunctionName": "F", **CONFIGURATION}
    lambda_.add_response("update_function_configuration", {}, asked)
    is_seen(lambda_, as_wanted())
    assert Outcome.UPDATED == resource.settle(FUNCTION, cloud)


def test_the_code_is_through_before_the_configuration_is_sent(
    answers: Answers, cloud: Cloud
) -> None:
    """Lambda refuses a second update while the first is in progress."""
    lambda_ = answers(cloud.aws.lambda_)
    old = as_wanted(CodeSha256="other", Timeout=3)
    is_there(lambda_, CodeSha256="other", Timeout=3)
    is_seen(lambda_, old)
    lambda_.add_response("update_function_code", {})
    is_seen(lambda_, old | {"LastUpdateStatus": "InProgress"}, as_wanted(Timeout=3))
    lambda_.add_response("update_function_configuration", {})
    is_seen(lambda_, as_wanted())
    assert Outcome.UPDATED == resource.settle(FUNCTION, cloud)


def test_a_function_that_cannot_run_is_an_error_with_the_reason(
    answers: Answers, cloud: Cloud
) -> None:
    """What Lambda gives as the reason reaches the person."""
    lambda_ = answers(cloud.aws.lambda_)
    is_absent(lambda_)
    lambda_.add_response("create_function", {})
    is_seen(lambda_, as_wanted(State="Failed", StateReason="no such runtime"))
    with pytest.raises(ProvisioningError, match="function F cannot run: no such runtime"):
        resource.settle(FUNCTION, cloud)


def test_a_function_of_someone_else_is_refused(answers: Answers, cloud: Cloud) -> None:
    """Code that we did not deploy is not overwritten."""
    is_there(answers(cloud.aws.lambda_), ours=False)
    with pytest.raises(ProvisioningError, match="function F exists already"):
        resource.settle(FUNCTION, cloud)


def test_destroy_waits_until_it_is_gone(answers: Answers, cloud: Cloud) -> None:
    """A new function of the same name can be made right afterwards."""
    lambda_ = answers(cloud.aws.lambda_)
    is_there(lambda_)
    lambda_.add_response("delete_function", {}, {"FunctionName": "F"})
    is_seen(lambda_, as_wanted())
    is_absent(lambda_, "get_function_configuration")
    assert Outcome.DESTROYED == resource.remove(FUNCTION, cloud)


def test_destroy_passes_over_what_is_not_there(answers: Answers, cloud: Cloud) -> None:
    """A destroy that was interrupted can be repeated."""
    is_absent(answers(cloud.aws.lambda_))
    assert Outcome.ABSENT == resource.remove(FUNCTION, cloud)


def test_destroy_keeps_a_function_that_we_did_not_make(answers: Answers, cloud: Cloud) -> None:
    """Without our tag it stays."""
    is_there(answers(cloud.aws.lambda_), ours=False)
    assert Outcome.KEPT == resource.remove(FUNCTION, cloud)
