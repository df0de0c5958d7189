from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import requests

from grading.criteria import Checks, Criterion, NotMetError, holds, member, same, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from grading.attempt import GradedAttempt

JSON: Final = "application/json"
PASS: Final = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
STAGE: Final = "lab"
AWKWARD: Final = 'it\'s "awkward".png'
LOOK: Final = "Print the template's output: what text does Step Functions get as `input`?"


def api(attempt: GradedAttempt) -> str:
    """Address of an API with both templates, before a machine that does nothing."""
    arn = attempt.outputs.state_machine_arn
    attempt.aws.stepfunctions.update_state_machine(stateMachineArn=arn, definition=PASS)
    gateway, region = attempt.aws.apigateway, attempt.aws.region
    made = gateway.create_rest_api(name="lab-4")["id"]
    parent = gateway.get_resources(restApiId=made)["items"][0]["id"]
    resource = gateway.create_resource(restApiId=made, parentId=parent, pathPart="orders")["id"]
    where: Any = {"restApiId": made, "resourceId": resource, "httpMethod": "POST"}
    gateway.put_method(**where, authorizationType="NONE")
    gateway.put_method_response(**where, statusCode="200")
    attempt.accepted(
        "PutIntegration",
        lambda: gateway.put_integration(
            **where,
            type="AWS",
            integrationHttpMethod="POST",
            uri=f"arn:aws:apigateway:{region}:states:action/StartExecution",
            credentials=attempt.role("apigateway"),
            requestTemplates={JSON: attempt.submission.text("request.vtl")},
            passthroughBehavior="NEVER",
        ),
    )
    gateway.put_integration_response(
        **where,
        statusCode="200",
        responseTemplates={JSON: attempt.submission.text("response.vtl")},
    )
    gateway.create_deployment(restApiId=made, stageName=STAGE)
    return f"{attempt.endpoint}/_aws/execute-api/{made}/{STAGE}/orders"


def sent(attempt: GradedAttempt, body: dict[str, Any]) -> str:
    """The API's answer to *body*."""
    with requests.Session() as session:
        session.trust_env = False
        url, kind = attempt.once(api), {"Content-Type": JSON}
        text = json.dumps(body, ensure_ascii=False)  # letters as they are
        answer = session.post(url, data=text.encode(), headers=kind, timeout=15)
    return answer.text


def order(marker: str, **body: Any) -> Callable[[GradedAttempt], Any]:
    """What an execution gets that was started with *body*; it is found by *marker*."""

    def started(attempt: GradedAttempt) -> Any:
        sfn, arn = attempt.aws.stepfunctions, attempt.outputs.state_machine_arn
        answer = sent(attempt, body)
        listed = sfn.list_executions(stateMachineArn=arn)["executions"]
        for each in listed:
            text = sfn.describe_execution(executionArn=each["executionArn"])["input"]
            if marker in text:
                return json.loads(text)
        raise NotMetError(f"no execution was started; the API answered {shown(answer[:150])}")

    return started


def given(marker: str, wanted: Any, *path: str, **body: Any) -> Callable[[GradedAttempt], str]:
    """A probe: what the execution gets at *path* is *wanted*."""
    started = order(marker, **body)

    def probe(attempt: GradedAttempt) -> str:
        found = started(attempt)
        return same(f"{'.'.join(path)} is", wanted, member(found, *path))

    return probe


def plain(attempt: GradedAttempt) -> str:
    found = order("plain.png", key="plain.png", size=64, note="a note")(attempt)
    seen = {name: str(member(found, name)) for name in ("key", "size", "note", "source")}
    wanted = {"key": "plain.png", "size": "64", "note": "a note", "source": "lab-4"}
    return same("the input", wanted, seen)


def text(marker: str, value: str) -> Callable[[GradedAttempt], str]:
    """A probe: *value* arrives as the note, character by character."""
    return given(marker, value, "note", key=marker, note=value, size=1)


def started_by(attempt: GradedAttempt) -> tuple[Any, str]:
    answer = sent(attempt, {"key": "answer.png", "note": "n", "size": 1})
    arn = attempt.outputs.state_machine_arn
    listed = attempt.aws.stepfunctions.list_executions(stateMachineArn=arn)["executions"]
    return listed, answer


def answered(attempt: GradedAttempt) -> str:
    listed, answer = attempt.once(started_by)
    try:
        found = member(json.loads(answer), "id")
    except ValueError:
        found = None
    names = {each["name"] for each in listed}
    return holds(f"the answer is {shown(answer[:200])}", found in names)


def status(attempt: GradedAttempt) -> str:
    _, answer = attempt.once(started_by)
    try:
        found = json.loads(answer)
    except ValueError:
        found = None
    met = isinstance(found, dict) and set(found) == {"id", "status"}
    return holds(
        f"the answer is {shown(answer[:200])}", met and member(found, "status") == "started"
    )


def arrives(name: str, title: str, points: int, *, value: str, hint: str) -> Criterion:
    """A note with *value*."""
    expected = f"note is: {json.dumps(value, ensure_ascii=False)}"
    return Criterion(name, title, points, expected, hint, text(f"{name}.png", value))


LAB: Final = Checks(
    title="Mapping templates, and what breaks them",
    minutes=60,
    files=("request.vtl", "response.vtl"),
    criteria=(
        Criterion(
            "plain",
            "A plain order starts an execution with key, size, note, and the source lab-4",
            2,
            "the input has key plain.png, size 64, note a note, source lab-4",
            LOOK,
            plain,
        ),
        Criterion(
            "size-number",
            "The size stays a number",
            2,
            "size is: 128",
            "In JSON, what stands in quotes is a text.",
            given("number.png", 128, "size", key="number.png", size=128, note="n"),
        ),
        Criterion(
            "size-default",
            "An order without a size gets 256",
            2,
            "size is: 256",
            "A path that leads nowhere is nothing: #if can ask.",
            given("default.png", 256, "size", key="default.png", note="n"),
        ),
        Criterion(
            "no-note",
            "An order without a note has an empty one",
            1,
            'note is: ""',
            "A path that leads nowhere is nothing: #if can ask.",
            given("nonote.png", "", "note", key="nonote.png", size=1),
        ),
        arrives(
            "quotes",
            'A note may have "quotes"',
            3,
            value='she said "no", "source": "mine"',
            hint="The input is JSON inside a JSON text. What ends a text too soon?",
        ),
        arrives(
            "apostrophe",
            "A note may have an apostrophe",
            3,
            value="it's Ann's",
            hint="$util.escapeJavaScript escapes one character that JSON does not. AWS's page "
            "about it says what to do.",
        ),
        arrives(
            "backslash",
            "A note may have a backslash and a new line",
            2,
            value="C:\\images\nsecond line\ttab",
            hint="$input.path gives what the JSON means; $input.json gives it as JSON.",
        ),
        arrives(
            "unicode",
            "A note may have any letter",
            1,
            value="grüße 図 🙂",
            hint=LOOK,
        ),
        arrives(
            "velocity",
            "What looks like a template in a note is text",
            1,
            value="$input.body #set($x = 1) $5",
            hint="A template is rendered once. Does yours evaluate what it was given?",
        ),
        Criterion(
            "key",
            "A key may have all of that, too",
            2,
            'key is: "it\'s \\"awkward\\".png"',
            "What holds for the note holds for the key.",
            given(
                "awkward", 'it\'s "awkward".png', "key", key='it\'s "awkward".png', note="", size=1
            ),
        ),
        Criterion(
            "answer-id",
            "The answer's id is the execution's name",
            2,
            "id is the last part of the execution's ARN",
            "StartExecution's answer has an ARN; texts in templates have Java's methods.",
            answered,
        ),
        Criterion(
            "answer-status",
            "The answer has id, and the status started, and nothing else",
            1,
            '{"id": …, "status": "started"}',
            "response.vtl is the whole of the answer.",
            status,
        ),
    ),
)
