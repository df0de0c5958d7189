"""What the history of ``arn:aws:states:::lambda:invoke`` tells of the invocation."""

from __future__ import annotations

import json
import uuid
from typing import Any

from runs import follow, logs
from tests.conftest import Emulator
from tests.support import functions

ROLE = "arn:aws:iam::000000000000:role/any"
ECHO = "def handler(event, context):\n    return {'seen': context.aws_request_id}\n"


def test_the_raw_result_has_the_request_id_as_on_aws(emulator: Emulator) -> None:
    """SdkHttpMetadata and SdkResponseMetadata; the id is the function's own and the log's."""
    aws = emulator.aws
    function = functions.make(aws, ECHO)
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload.$": "$"},
        "End": True,
    }
    machine = aws.stepfunctions.create_state_machine(
        name=f"m-{uuid.uuid4().hex[:12]}",
        definition=json.dumps({"StartAt": "Only", "States": {"Only": task}}),
        roleArn=ROLE,
    )["stateMachineArn"]
    arn = aws.stepfunctions.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    report = follow.to_end(aws, arn)
    result: dict[str, Any] = json.loads(report.output or "")
    request_id = result["SdkResponseMetadata"]["RequestId"]
    assert {"seen": request_id} == result["Payload"]
    assert [request_id] == [one.request_id for one in report.attempts]
    http = result["SdkHttpMetadata"]
    assert {"AllHttpHeaders", "HttpHeaders", "HttpStatusCode"} == set(http)
    assert 200 == http["HttpStatusCode"]
    assert request_id == http["HttpHeaders"]["x-amzn-RequestId"]
    assert [request_id] == http["AllHttpHeaders"]["x-amzn-RequestId"]
    assert "$LATEST" == http["HttpHeaders"]["X-Amz-Executed-Version"]
    functions.logged(aws, function, f"REPORT RequestId: {request_id}")
    found = aws.logs.filter_log_events(
        logGroupName=f"/aws/lambda/{function}", filterPattern=json.dumps(request_id)
    )
    invocations = logs.invocations(found["events"])
    assert {request_id} >= {one.request_id for one in invocations}
