"""The REST API: its parts compared one by one, deployed when what is served differs.

What clients reach is the deployment behind the stage, a snapshot: while parts change, the old
one goes on serving, and the API's id and address stay the same.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

from infra import ownership, sam
from infra.api_definition import (
    BAD_BODY,
    JSON,
    MODEL,
    MODEL_NAME,
    VALIDATOR,
    VALIDATOR_NAME,
    ApiDefinition,
    api_definition,
)
from infra.eventually import code, consistent
from infra.resource import Cloud, Description, Found, Resource, existing
from testbed import names
from testbed.errors import ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Collection

    from botocore.exceptions import ClientError
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import ResourceTypeDef, RestApiTypeDef

    from infra.account import Account

METHOD: Final = "POST"
NOT_FOUND: Final = "NotFoundException"
API_DESCRIPTION: Final = "POST /process starts an execution of ImageProcessingStateMachine"
PATH: Final = f"/{names.RESOURCE_PATH}"
BAD_BODY_TYPE: Final = "BAD_REQUEST_BODY"
# What a body gets that the model refuses: JSON that says what is wanted.
BAD_BODY_ANSWER: Final[Any] = {
    "statusCode": "400",
    "responseTemplates": {JSON: json.dumps(BAD_BODY)},
}
MODEL_SCHEMA, BAD_BODY_RESPONSE, DEPLOYED = "model", "response to a bad body", "deployed definition"


@dataclasses.dataclass(frozen=True)
class RestApi(Resource):
    """POST /process on its stage; its id stays the same. Names of APIs need not be unique.

    Attributes:
        role: name of the role that executions are started with.
        state_machine: name of what is executed.
    """

    kind: ClassVar = "API"
    service: ClassVar = "apigateway"
    role: str
    state_machine: str

    def definition(self, account: Account) -> ApiDefinition:
        """What it should be."""
        return api_definition(
            integration_uri=account.start_execution_uri,
            role_arn=account.role_arn(self.role),
            state_machine_arn=account.state_machine_arn(self.state_machine),
        )

    def read(self, cloud: Cloud) -> Found | None:
        """Our API of this name, as it is.

        Raises:
            ProvisioningError: two have our tag.
        """
        found = self._find(cloud)
        if found is None:
            return None
        gateway, api_id = cloud.aws.apigateway, found["id"]
        return cloud.found(
            found.get("tags"),
            api_id,
            attributes=lambda: {
                MODEL_SCHEMA: _model(gateway, api_id),
                BAD_BODY_RESPONSE: _bad_body_response(gateway, api_id),
                **_method_attributes(gateway, api_id),
                DEPLOYED: _deployed(gateway, api_id),
            },
        )

    def wanted(self, cloud: Cloud) -> dict[str, Any]:
        """Its parts, and which definition its stage should serve."""
        definition = self.definition(cloud.account)
        return {
            MODEL_SCHEMA: MODEL,
            BAD_BODY_RESPONSE: BAD_BODY_ANSWER,
            "authorization": "NONE",
            "request models": {JSON: MODEL_NAME},
            "body is validated": True,
            "method responses": sorted(definition.responses),
            **{f"integration {name}": value for name, value in definition.integration().items()},
            "integration responses": definition.responses,
            DEPLOYED: definition.fingerprint(),
        }

    def create(self, cloud: Cloud) -> None:
        """Make it, with all its parts, and deploy it."""
        made = cloud.aws.apigateway.create_rest_api(
            name=self.name,
            description=API_DESCRIPTION,
            endpointConfiguration={"types": ["REGIONAL"]},
            tags=cloud.tags,
        )
        self.update(cloud, made["id"], self.wanted(cloud))

    def update(self, cloud: Cloud, identifier: str, differing: Collection[str]) -> None:
        """Put the parts right that differ, and deploy what is not served yet."""
        gateway, definition = cloud.aws.apigateway, self.definition(cloud.account)
        if MODEL_SCHEMA in differing:
            _put_model(gateway, identifier)
        if BAD_BODY_RESPONSE in differing:
            gateway.put_gateway_response(
                restApiId=identifier, responseType=BAD_BODY_TYPE, **BAD_BODY_ANSWER
            )
        if set(differing) - {MODEL_SCHEMA, BAD_BODY_RESPONSE, DEPLOYED}:
            _put_method(gateway, identifier, definition)
        if DEPLOYED in differing:
            _deploy(gateway, identifier, definition.fingerprint())

    def delete(self, cloud: Cloud, identifier: str) -> None:
        """Delete it with its stage and deployments."""
        # AWS allows one DeleteRestApi in 30 seconds (API Gateway quotas).
        consistent(
            lambda: cloud.aws.apigateway.delete_rest_api(restApiId=identifier),
            f"deletion of {self.title}",
            lagging=_throttled,
        )

    def describe(self, cloud: Cloud) -> Description:
        """Its integration and templates, as deployed by hand or by us."""
        found = self._find(cloud)
        method = _method(_resources(cloud.aws.apigateway, found["id"])) if found else {}
        integration = method.get("methodIntegration", {})
        templates = integration.get("requestTemplates", {}).items()
        responses = json.dumps(integration.get("integrationResponses", {}), indent=2)
        return Description(
            facts={
                "integration": str(integration.get("uri", "none")),
                "role": str(integration.get("credentials", "none")),
                "body without a template": str(integration.get("passthroughBehavior", "")),
            },
            documents=(
                *((f"Mapping template for {kind}", text) for kind, text in templates),
                ("Integration responses", responses),
            ),
            command=("apigateway", "get-rest-apis"),
        )

    def template(self) -> dict[str, Any]:
        """AWS::Serverless::Api, with the same API as an OpenAPI document."""
        properties = {
            "Name": self.name,
            "Description": API_DESCRIPTION,
            "StageName": names.STAGE,
            # Or SAM makes a second stage, called Stage, which serves the API as well.
            "OpenApiVersion": "2.0",
            "EndpointConfiguration": {"Type": "REGIONAL"},
            "DefinitionBody": self.definition(sam.ACCOUNT).openapi(self.name, names.RESOURCE_PATH),
            "Tags": ownership.TAGS,
        }
        return {"Type": "AWS::Serverless::Api", "Properties": properties}

    def _find(self, cloud: Cloud) -> RestApiTypeDef | None:
        pages = cloud.aws.apigateway.get_paginator("get_rest_apis").paginate()
        ours = [
            api
            for page in pages
            for api in page["items"]
            if api.get("name") == self.name and ownership.is_ours(api.get("tags"), cloud.deployment)
        ]
        if len(ours) > 1:
            ids = ", ".join(api["id"] for api in ours)
            raise ProvisioningError(
                f"two APIs are called {self.name} and have the tag of this project ({ids}): delete "
                "the one that is not in use, then run `make provision` again."
            )
        return ours[0] if ours else None


def _model(gateway: APIGatewayClient, api_id: str) -> Any:
    model = existing(lambda: gateway.get_model(restApiId=api_id, modelName=MODEL_NAME), NOT_FOUND)
    return model and json.loads(model["schema"])


def _put_model(gateway: APIGatewayClient, api_id: str) -> None:
    schema = json.dumps(MODEL)
    if _model(gateway, api_id) is None:
        gateway.create_model(restApiId=api_id, name=MODEL_NAME, contentType=JSON, schema=schema)
        return
    gateway.update_model(
        restApiId=api_id,
        modelName=MODEL_NAME,
        patchOperations=[{"op": "replace", "path": "/schema", "value": schema}],
    )


def _bad_body_response(gateway: APIGatewayClient, api_id: str) -> dict[str, Any]:
    found: Any = gateway.get_gateway_response(restApiId=api_id, responseType=BAD_BODY_TYPE)
    return _only(found, ("statusCode", "responseTemplates"))


def _resources(gateway: APIGatewayClient, api_id: str) -> dict[str, ResourceTypeDef]:
    pages = gateway.get_paginator("get_resources").paginate(restApiId=api_id, embed=["methods"])
    return {resource["path"]: resource for page in pages for resource in page["items"]}


def _method(resources: dict[str, ResourceTypeDef]) -> dict[str, Any]:
    """The method as GetResources describes it; empty if there is none."""
    resource: Any = resources.get(PATH, {})
    method: dict[str, Any] = resource.get("resourceMethods", {}).get(METHOD, {})
    return method


def _method_attributes(gateway: APIGatewayClient, api_id: str) -> dict[str, Any]:
    """What matters of the method; nothing if there is none."""
    method = _method(_resources(gateway, api_id))
    if not method:
        return {}
    integration = method.get("methodIntegration", {})
    validator = _validator(gateway, api_id)
    return {
        "authorization": method.get("authorizationType"),
        "request models": method.get("requestModels"),
        "body is validated": validator is not None
        and method.get("requestValidatorId") == validator,
        "method responses": sorted(method.get("methodResponses", {})),
        **{f"integration {name}": value for name, value in integration.items()},
        "integration responses": {
            status: _only(response, ("selectionPattern", "responseTemplates"))
            for status, response in integration.get("integrationResponses", {}).items()
        },
    }


def _put_method(gateway: APIGatewayClient, api_id: str, definition: ApiDefinition) -> None:
    """POST on the resource, made anew: it is not live before it is deployed."""
    resources = _resources(gateway, api_id)
    resource = resources.get(PATH) or gateway.create_resource(
        restApiId=api_id, parentId=resources["/"]["id"], pathPart=names.RESOURCE_PATH
    )
    # Any: the stubs cannot see which of the many options a mapping holds.
    method: Any = {"restApiId": api_id, "resourceId": resource["id"], "httpMethod": METHOD}
    if _method(resources):
        gateway.delete_method(**method)
    validator_id = (
        _validator(gateway, api_id)
        or gateway.create_request_validator(restApiId=api_id, name=VALIDATOR_NAME, **VALIDATOR)[
            "id"
        ]
    )
    gateway.put_method(
        **method,
        authorizationType="NONE",
        requestModels={JSON: MODEL_NAME},
        requestValidatorId=validator_id,
    )
    integration: Any = definition.integration()
    integration["integrationHttpMethod"] = integration.pop("httpMethod")
    gateway.put_integration(**method, **integration)
    for status, response in definition.responses.items():
        gateway.put_method_response(**method, statusCode=status)
        gateway.put_integration_response(**method, statusCode=status, **response)


def _validator(gateway: APIGatewayClient, api_id: str) -> str | None:
    """The id of a validator that checks bodies; one that others switched off is not ours."""
    for validator in gateway.get_request_validators(restApiId=api_id)["items"]:
        if validator["name"] == VALIDATOR_NAME and validator.get("validateRequestBody"):
            return validator["id"]
    return None


def _deployed(gateway: APIGatewayClient, api_id: str) -> str | None:
    """The fingerprint of the definition that the stage serves."""
    serving = _serving(gateway, api_id)
    if serving is None:
        return None
    return gateway.get_deployment(restApiId=api_id, deploymentId=serving).get("description")


def _deploy(gateway: APIGatewayClient, api_id: str, fingerprint: str) -> None:
    """Have the stage serve the parts as they are now; then remove what it served."""
    serving = _serving(gateway, api_id)
    # AWS allows one CreateDeployment in 5 seconds (API Gateway quotas).
    consistent(
        lambda: gateway.create_deployment(
            restApiId=api_id, stageName=names.STAGE, description=fingerprint
        ),
        f"deployment of API {api_id}",
        lagging=_throttled,
    )
    if serving is not None:
        gateway.delete_deployment(restApiId=api_id, deploymentId=serving)


def _serving(gateway: APIGatewayClient, api_id: str) -> str | None:
    stage = existing(lambda: gateway.get_stage(restApiId=api_id, stageName=names.STAGE), NOT_FOUND)
    return stage and stage["deploymentId"]


def _only(mapping: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: mapping[key] for key in keys if mapping.get(key)}


def _throttled(error: ClientError) -> bool:
    return code(error) == "TooManyRequestsException"
