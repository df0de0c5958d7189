"""A small REST API for a check: one resource, one method, one integration."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from conformance.check import member
from conformance.workshop import STAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

    from conformance.workshop import Workshop

JSON: Final = "application/json"
TO_MOCK: Final[dict[str, Any]] = {"type": "MOCK", "requestTemplates": {JSON: '{"statusCode": 200}'}}


@dataclasses.dataclass(frozen=True)
class CheckedApi:
    """An API that is deployed.

    Attributes:
        shop: whose.
        id: its id.
    """

    shop: Workshop
    id: str

    def post(self, body: str | None = None, **more: Any) -> requests.Response:
        """What it answers."""
        return self.shop.call(self.id, "tea", body=body, **more)


def make(
    shop: Workshop,
    integration: Mapping[str, Any],
    responses: Mapping[str, Mapping[str, Any]],
    *,
    method: Mapping[str, Any] | None = None,
    model: str | None = None,
    gateway_responses: Mapping[str, Mapping[str, Any]] | None = None,
) -> CheckedApi:
    """An API of POST /tea, deployed.

    Args:
        shop: whose.
        integration: PutIntegration's settings.
        responses: PutIntegrationResponse's settings, by status code.
        method: PutMethod's, beside those of all.
        model: a JSON schema that bodies are validated against.
        gateway_responses: PutGatewayResponse's, by type.
    """
    gateway = shop.aws.apigateway
    api = str(member("CreateRestApi", gateway.create_rest_api(name=shop.name()), "id"))
    shop.afterwards(gateway.delete_rest_api, restApiId=api)
    root = member("GetResources", gateway.get_resources(restApiId=api), "items", 0, "id")
    tea = gateway.create_resource(restApiId=api, parentId=root, pathPart="tea")["id"]
    at: Any = {"restApiId": api, "resourceId": tea, "httpMethod": "POST"}
    gateway.put_method(
        **at,
        authorizationType="NONE",
        **({} if model is None else _validated(shop, api, model)),
        **(method or {}),
    )
    gateway.put_integration(**at, **integration)
    for status, settings in responses.items():
        parameters = dict.fromkeys(settings.get("responseParameters", {}), False)
        gateway.put_method_response(**at, statusCode=status, responseParameters=parameters)
        gateway.put_integration_response(**at, statusCode=status, **settings)
    for kind, settings in (gateway_responses or {}).items():
        gateway.put_gateway_response(restApiId=api, responseType=kind, **settings)  # type: ignore[arg-type]
    gateway.create_deployment(restApiId=api, stageName=STAGE)
    return CheckedApi(shop, api)


def _validated(shop: Workshop, api: str, schema: str) -> dict[str, Any]:
    gateway = shop.aws.apigateway
    gateway.create_model(restApiId=api, name="Tea", contentType=JSON, schema=schema)
    made = gateway.create_request_validator(restApiId=api, name="body", validateRequestBody=True)
    return {"requestModels": {JSON: "Tea"}, "requestValidatorId": made["id"]}


def to_states(shop: Workshop, action: str, template: str, **more: Any) -> dict[str, Any]:
    """An integration with *action* of Step Functions."""
    return {
        "type": "AWS",
        "integrationHttpMethod": "POST",
        "uri": f"arn:aws:apigateway:{shop.aws.region}:states:action/{action}",
        "credentials": shop.role("apigateway"),
        "requestTemplates": {JSON: template},
        "passthroughBehavior": "NEVER",
        **more,
    }
