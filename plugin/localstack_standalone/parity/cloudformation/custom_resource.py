"""A custom resource is made, changed and deleted by the function that its template names.

AWS: CloudFormation invokes the function of ``ServiceToken`` (or tells the topic) with what is to be
done, and waits until it has put its answer to ``ResponseURL``; ``Data`` of that is what
``Fn::GetAtt`` gives (CloudFormation User Guide, "Custom resource request and response reference").
LocalStack's open-source edition calls nobody and says that it was done.
"""

from __future__ import annotations

import json
import secrets
import threading
import uuid
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from localstack import config
from localstack.http import Response
from localstack.services.edge import ROUTER

_TYPE: Final = "AWS::CloudFormation::CustomResource"
_KINDS: Final = ("Custom::", _TYPE)
_PATH: Final = "/_aws/cloudformation/custom-resource/"
# LocalStack's for any resource, where the template gives no ServiceTimeout; AWS waits for an hour.
_PATIENCE_S: Final = 300.0
# Beside the answer's data, in what is kept of the resource.
_ID: Final = "PhysicalResourceId"
_GIVEN: Final = "GivenProperties"


def cure(module: ModuleType) -> None:
    """Have ``try_load_resource_provider`` know them, and take answers."""
    answers = _Answers()
    ROUTER.add(f"{_PATH}<token>", endpoint=answers.take, methods=["PUT"])
    executor, provider = module.ResourceProviderExecutor, _provider(module, answers)
    original = executor.try_load_resource_provider

    def try_load_resource_provider(resource_type: str) -> Any:
        is_custom = bool(resource_type) and resource_type.startswith(_KINDS)
        return provider() if is_custom else original(resource_type)

    executor.try_load_resource_provider = staticmethod(try_load_resource_provider)


class _Answers:
    """What functions have put, or are waited for to put."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[threading.Event, list[Any]]] = {}

    def expect(self) -> str:
        """A token under which one answer may come; nobody guesses it."""
        token = secrets.token_urlsafe()
        self._waiting[token] = (threading.Event(), [])
        return token

    def take(self, request: Any, token: str, **_: Any) -> Response:
        """An answer to the request that has *token*; 403 where nobody waits for one."""
        waiting = self._waiting.get(token)
        if waiting is None:
            return Response(status=403)
        there, told = waiting
        told.append(request.get_data())
        there.set()
        return Response(status=200)

    def wait(self, token: str, timeout_s: float) -> Mapping[str, Any] | None:
        """The answer; None if none came in time."""
        there, told = self._waiting[token]
        try:
            if not there.wait(timeout_s):
                return None
        finally:
            del self._waiting[token]
        answer = json.loads(told[0])
        return answer if isinstance(answer, Mapping) else {}


def _provider(module: ModuleType, answers: _Answers) -> type[Any]:
    """A resource provider in the form that LocalStack has them."""
    done, failed = module.OperationStatus.SUCCESS, module.OperationStatus.FAILED

    def event(answer: Mapping[str, Any], asked: Any) -> Any:
        if answer.get("Status") != "SUCCESS":
            words = (
                "Received response status [FAILED] from custom resource. Message returned: "
                f"{answer.get('Reason')}"
            )
            return module.ProgressEvent(status=failed, resource_model={}, message=words)
        model = {**(answer.get("Data") or {}), _ID: answer.get(_ID), _GIVEN: asked}
        return module.ProgressEvent(status=done, resource_model=model)

    class CustomResourceProvider(module.ResourceProvider):  # type: ignore[misc, name-defined]
        """Leaves all to the function."""

        TYPE = _TYPE
        SCHEMA: Final = {"typeName": _TYPE, "primaryIdentifier": [f"/properties/{_ID}"]}

        def create(self, request: Any) -> Any:
            given = request.desired_state
            return event(_ask(answers, request, "Create", given), given)

        def update(self, request: Any) -> Any:
            given, before = request.desired_state, request.previous_state or {}
            more = {_ID: before.get(_ID), "OldResourceProperties": _texts(before.get(_GIVEN, {}))}
            answer = _ask(answers, request, "Update", given, **more)
            made = event(answer, given)
            if made.status is done and answer.get(_ID) != before.get(_ID):
                _ask(answers, request, "Delete", before.get(_GIVEN, {}), **{_ID: before.get(_ID)})
            return made

        def delete(self, request: Any) -> Any:
            there = request.previous_state or request.desired_state or {}
            if not there.get(_ID):
                return module.ProgressEvent(status=done, resource_model={})
            given = there.get(_GIVEN, {})
            return event(_ask(answers, request, "Delete", given, **{_ID: there[_ID]}), given)

    return CustomResourceProvider


def _ask(
    answers: _Answers, request: Any, kind: str, given: Mapping[str, Any], **more: Any
) -> Mapping[str, Any]:
    """Have the function do it; its answer, or one that says why there is none."""
    token = answers.expect()
    told = {
        "RequestType": kind,
        "ResponseURL": f"{config.internal_service_url()}{_PATH}{token}",
        "StackId": request.stack_id,
        "RequestId": str(uuid.uuid4()),
        "ResourceType": request.resource_type,
        "LogicalResourceId": request.logical_resource_id,
        "ResourceProperties": _texts(given),
        **more,
    }
    why = _send(request, str(given.get("ServiceToken")), json.dumps(told))
    patience = 0.0 if why else float(given.get("ServiceTimeout") or _PATIENCE_S)
    answer = answers.wait(token, patience)
    if answer is None:
        why = why or f"no answer within {patience:g} s"
        return {"Status": "FAILED", "Reason": why, _ID: more.get(_ID)}
    return answer


def _send(request: Any, service: str, event: str) -> str | None:
    """Bring *event* to the function or the topic; why a function failed, None if it did not."""
    if ":sns:" in service:
        request.aws_client_factory.sns.publish(TopicArn=service, Message=event)
        return None
    found = request.aws_client_factory.lambda_.invoke(FunctionName=service, Payload=event)
    if "FunctionError" not in found:
        return None
    return f"the function failed: {found['Payload'].read().decode(errors='replace')}"


def _texts(value: Any) -> Any:
    """*value* with texts for what is none, as CloudFormation sends properties."""
    if isinstance(value, Mapping):
        return {key: _texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_texts(each) for each in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None else str(value)
