"""Least privilege, word for word: a change here is a decision, not an accident."""

from infra import policies
from infra.account import Account

ACCOUNT = Account(id="123456789012", region="ca-central-1")


def allowed(role: policies.Grants) -> list[tuple[object, object]]:
    """(action, resource) of each statement; all of them must be Allow and nothing else."""
    statements = role.permissions["Statement"]
    assert {"Allow"} == {statement["Effect"] for statement in statements}
    assert {"Effect", "Action", "Resource"} == {key for item in statements for key in item}
    return [(statement["Action"], statement["Resource"]) for statement in statements]


def test_the_function_may_read_originals_write_thumbnails_and_log() -> None:
    """Listing the originals is there so that a missing key is NOT_FOUND, not forbidden."""
    logs = "arn:aws:logs:ca-central-1:123456789012:log-group:/aws/lambda/ImageResizeFunction:*"
    expected = [
        ("s3:GetObject", "arn:aws:s3:::lukman-original-images-capstone/*"),
        ("s3:ListBucket", "arn:aws:s3:::lukman-original-images-capstone"),
        ("s3:PutObject", "arn:aws:s3:::lukman-resized-images-capstone/*"),
        (["logs:CreateLogStream", "logs:PutLogEvents"], logs),
    ]
    assert expected == allowed(policies.function_role(ACCOUNT))


def test_the_state_machine_may_invoke_the_one_function() -> None:
    """No other function, no version of it by wildcard."""
    arn = "arn:aws:lambda:ca-central-1:123456789012:function:ImageResizeFunction"
    assert [("lambda:InvokeFunction", arn)] == allowed(policies.state_machine_role(ACCOUNT))


def test_the_api_may_start_the_one_state_machine() -> None:
    """It can neither stop nor describe anything."""
    arn = "arn:aws:states:ca-central-1:123456789012:stateMachine:ImageProcessingStateMachine"
    assert [("states:StartExecution", arn)] == allowed(policies.api_role(ACCOUNT))


def test_each_role_trusts_its_own_service_only() -> None:
    """Nobody but the service that needs a role can assume it."""
    roles = (policies.function_role, policies.state_machine_role, policies.api_role)
    services = [role(ACCOUNT).trust["Statement"][0]["Principal"]["Service"] for role in roles]
    assert ["lambda.amazonaws.com", "states.amazonaws.com", "apigateway.amazonaws.com"] == services


def test_step_functions_may_use_its_role_for_our_machine_only() -> None:
    """Another account's machine, or another one of ours, cannot borrow the role."""
    (statement,) = policies.state_machine_role(ACCOUNT).trust["Statement"]
    arn = "arn:aws:states:ca-central-1:123456789012:stateMachine:ImageProcessingStateMachine"
    expected = {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnEquals": {"aws:SourceArn": arn},
    }
    assert expected == statement["Condition"]
