"""The REST API: found or made, its parts compared one by one, deployed when something changed.

What clients reach is the deployment behind the stage, a snapshot: while parts change, the old
one goes on serving, and the API's id and address stay the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from infra import ownership
from infra.api_definition import BAD_BODY, JSON, MODEL, MODEL_NAME, VALIDATOR_NAME
from infra.change import Change, Ensured, settled
from infra.eventually import code, consistent
from testbed.errors import ProvisioningError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import ResourceTypeDef, RestApiTypeDef

    from infra.api_definition import ApiDefinition

METHOD: Final = "POST"


def ensure(
    apigateway: APIGatewayClient, name: str, *, stage: str, path: str, definition: ApiDefinition
) -> Ensured:
    """Make the API *name* serve *definition* as POST /*path* on *stage*; its id stays the same.

    Raises:
        ProvisioningError: two APIs of that name have our tag.
    """
    found = _find(apigateway, name)
    api_id = found["id"] if found else _create(apigateway, name)
    changes = [
        _ensure_model(apigateway, api_id),
        _ensure_bad_body_answer(apigateway, api_id),
        _ensure_method(apigateway, api_id, path, definition),
        _ensure_deployment(apigateway, api_id, stage, definition.fingerprint()),
    ]
    return Ensured(settled(created=found is None, updated=any(changes)), api_id)


def destroy(apigateway: APIGatewayClient, name: str) -> Change:
    """Delete our API *name* with its stage and deployments."""
    found = _find(apigateway, name)
    if found is None:
        return Change.ABSENT
    # AWS allows one DeleteRestApi in 30 seconds (API Gateway quotas).
    consistent(
        lambda: apigateway.delete_rest_api(restApiId=found["id"]),
        f"deletion of API {name}",
        lagging=_throttled,
    )
    return Change.DESTROYED


def _find(apigateway: APIGatewayClient, name: str) -> RestApiTypeDef | None:
    """The API that is called *name* and is ours; names of APIs need not be unique."""
    pages = apigateway.get_paginator("get_rest_apis").paginate()
    ours = [
        api
        for page in pages
        for api in page["items"]
        if api.get("name") == name and ownership.is_ours(api.get("tags"))
    ]
    if len(ours) > 1:
        ids = ", ".join(api["id"] for api in ours)
        raise ProvisioningError(
            f"two APIs are called {name} and have the tag of this project ({ids}): delete the one "
            "that is not in use, then run `make provision` again."
        )
    return ours[0] if ours else None


def _create(apigateway: APIGatewayClient, name: str) -> str:
    return apigateway.create_rest_api(
        name=name,
        description="POST /process starts an execution of ImageProcessingStateMachine",
        endpointConfiguration={"types": ["REGIONAL"]},
        tags=ownership.TAGS,
    )["id"]


def _ensure_model(apigateway: APIGatewayClient, api_id: str) -> bool:
    schema = json.dumps(MODEL)
    try:
        found = apigateway.get_model(restApiId=api_id, modelName=MODEL_NAME)
    except apigateway.exceptions.NotFoundException:
        apigateway.create_model(restApiId=api_id, name=MODEL_NAME, contentType=JSON, schema=schema)
        return True
    if json.loads(found["schema"]) == MODEL:
        return False
    apigateway.update_model(
        restApiId=api_id,
        modelName=MODEL_NAME,
        patchOperations=[{"op": "replace", "path": "/schema", "value": schema}],
    )
    return True


def _ensure_bad_body_answer(apigateway: APIGatewayClient, api_id: str) -> bool:
    """What a body gets that the model refuses: 400, and JSON that says what is wanted."""
    templates = {JSON: json.dumps(BAD_BODY)}
    found = apigateway.get_gateway_response(restApiId=api_id, responseType="BAD_REQUEST_BODY")
    if found.get("statusCode") == "400" and found.get("responseTemplates") == templates:
        return False
    apigateway.put_gateway_response(
        restApiId=api_id,
        responseType="BAD_REQUEST_BODY",
        statusCode="400",
        responseTemplates=templates,
    )
    return True


def _ensure_method(
    apigateway: APIGatewayClient, api_id: str, path: str, definition: ApiDefinition
) -> bool:
    """POST on the resource: made anew when any part of it differs, since it is not yet live."""
    resource = _ensure_resource(apigateway, api_id, path)
    validator_id = _ensure_validator(apigateway, api_id)
    found = resource.get("resourceMethods", {}).get(METHOD)
    if found is not None:
        if _seen(found) == _wanted(definition, validator_id):
            return False
        apigateway.delete_method(restApiId=api_id, resourceId=resource["id"], httpMethod=METHOD)
    _put_method(apigateway, api_id, resource["id"], definition, validator_id)
    return True


def _ensure_resource(apigateway: APIGatewayClient, api_id: str, path: str) -> ResourceTypeDef:
    pages = apigateway.get_paginator("get_resources").paginate(restApiId=api_id, embed=["methods"])
    resources = {resource["path"]: resource for page in pages for resource in page["items"]}
    if found := resources.get(f"/{path}"):
        return found
    parent = resources["/"]["id"]
    made = apigateway.create_resource(restApiId=api_id, parentId=parent, pathPart=path)
    return {"id": made["id"]}


def _ensure_validator(apigateway: APIGatewayClient, api_id: str) -> str:
    """The id of a validator that checks bodies; one that others switched off is not ours."""
    for validator in apigateway.get_request_validators(restApiId=api_id)["items"]:
        if validator["name"] == VALIDATOR_NAME and validator.get("validateRequestBody"):
            return validator["id"]
    return apigateway.create_request_validator(
        restApiId=api_id,
        name=VALIDATOR_NAME,
        validateRequestBody=True,
        validateRequestParameters=False,
    )["id"]


def _put_method(
    apigateway: APIGatewayClient,
    api_id: str,
    resource_id: str,
    definition: ApiDefinition,
    validator_id: str,
) -> None:
    # Any: the stubs cannot see which of the many options a mapping holds.
    target: Any = {"restApiId": api_id, "resourceId": resource_id, "httpMethod": METHOD}
    integration: Any = definition.integration()
    integration["integrationHttpMethod"] = integration.pop("httpMethod")
    apigateway.put_method(
        **target,
        authorizationType="NONE",
        requestModels={JSON: MODEL_NAME},
        requestValidatorId=validator_id,
    )
    apigateway.put_integration(**target, **integration)
    for status, response in definition.integration_responses().items():
        apigateway.put_method_response(**target, statusCode=status)
        apigateway.put_integration_response(**target, statusCode=status, **response)


def _wanted(definition: ApiDefinition, validator_id: str) -> dict[str, Any]:
    """The method in the shape that `_seen` gives."""
    responses = definition.integration_responses()
    return {
        "authorizationType": "NONE",
        "requestModels": {JSON: MODEL_NAME},
        "requestValidatorId": validator_id,
        "methodResponses": sorted(responses),
        "integration": definition.integration(),
        "integrationResponses": responses,
    }


def _seen(method: Any) -> dict[str, Any]:
    """What matters of a method as GetResources describes it."""
    integration = method.get("methodIntegration", {})
    responses = integration.get("integrationResponses", {})
    return {
        "authorizationType": method.get("authorizationType"),
        "requestModels": method.get("requestModels"),
        "requestValidatorId": method.get("requestValidatorId"),
        "methodResponses": sorted(method.get("methodResponses", {})),
        "integration": _only(
            integration,
            ("type", "httpMethod", "uri", "credentials", "passthroughBehavior", "requestTemplates"),
        ),
        "integrationResponses": {
            status: _only(response, ("selectionPattern", "responseTemplates"))
            for status, response in responses.items()
        },
    }


def _only(mapping: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: mapping[key] for key in keys if mapping.get(key)}


def _ensure_deployment(
    apigateway: APIGatewayClient, api_id: str, stage: str, fingerprint: str
) -> bool:
    """Deploy unless what the stage serves was deployed from this very definition."""
    serving = _serving(apigateway, api_id, stage)
    if serving is not None:
        deployment = apigateway.get_deployment(restApiId=api_id, deploymentId=serving)
        if deployment.get("description") == fingerprint:
            return False
    # AWS allows one CreateDeployment in 5 seconds (API Gateway quotas).
    consistent(
        lambda: apigateway.create_deployment(
            restApiId=api_id, stageName=stage, description=fingerprint
        ),
        f"deployment of API {api_id}",
        lagging=_throttled,
    )
    if serving is not None:
        apigateway.delete_deployment(restApiId=api_id, deploymentId=serving)
    return True


def _serving(apigateway: APIGatewayClient, api_id: str, stage: str) -> str | None:
    try:
        return apigateway.get_stage(restApiId=api_id, stageName=stage)["deploymentId"]
    except apigateway.exceptions.NotFoundException:
        return None


def _throttled(error: ClientError) -> bool:
    return code(error) == "TooManyRequestsException"
