import json
from typing import Any

import pytest
from botocore.stub import Stubber

from infra import resource
from infra.account import Account
from infra.api_definition import BAD_BODY, MODEL, ApiDefinition
from infra.resource import Cloud, Outcome
from infra.resources.rest_api import RestApi
from testbed.errors import ProvisioningError
from tests.unit.infra.conftest import Answers

OURS = {"made-by": "image-pipeline-testbed"}
JSON = "application/json"


API = RestApi("Api", role="R", state_machine="M")


@pytest.fixture
def definition(account: Account) -> ApiDefinition:
    return API.definition(account)


def apis(gateway: Stubber, *found: dict[str, Any]) -> None:
    gateway.add_response("get_rest_apis", {"items": list(found)})


def parts_as_wanted(gateway: Stubber, method: dict[str, Any]) -> None:
    gateway.add_response("get_model", {"schema": json.dumps(MODEL, indent=2)})
    answer = {"statusCode": "400", "responseTemplates": {JSON: json.dumps(BAD_BODY)}}
    gateway.add_response("get_gateway_response", answer)
    parts_of_method(gateway, method)
    validators(gateway)


def parts_of_method(gateway: Stubber, method: dict[str, Any]) -> None:
    resources = [
        {"id": "r", "path": "/"},
        {"id": "p", "path": "/process", "resourceMethods": {"POST": method}},
    ]
    asked = {"restApiId": "a", "embed": ["methods"]}
    gateway.add_response("get_resources", {"items": resources}, asked)


def validators(gateway: Stubber) -> None:
    validator = {"id": "v", "name": "body", "validateRequestBody": True}
    gateway.add_response("get_request_validators", {"items": [validator]})


def method_as_wanted(definition: ApiDefinition) -> dict[str, Any]:
    """The method as GetResources describes it, defaults of AWS's included."""
    responses = definition.responses
    return {
        "httpMethod": "POST",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "requestModels": {JSON: "ProcessRequest"},
        "requestValidatorId": "v",
        "methodResponses": {status: {"statusCode": status} for status in responses},
        "methodIntegration": {
            **definition.integration(),
            "timeoutInMillis": 29000,
            "cacheNamespace": "p",
            "integrationResponses": {
                status: {"statusCode": status, **response} for status, response in responses.items()
            },
        },
    }


def serves(gateway: Stubber, description: str) -> None:
    gateway.add_response("get_stage", {"deploymentId": "d1"})
    gateway.add_response("get_deployment", {"id": "d1", "description": description})


def test_an_api_as_wanted_is_only_read(
    answers: Answers, cloud: Cloud, definition: ApiDefinition
) -> None:
    """Nothing is written when the parts and what the stage serves are as they should be."""
    gateway = answers(cloud.aws.apigateway)
    apis(gateway, {"id": "a", "name": "Api", "tags": OURS})
    parts_as_wanted(gateway, method_as_wanted(definition))
    serves(gateway, definition.fingerprint())
    assert Outcome.UNCHANGED == resource.settle(API, cloud)


def test_another_template_is_put_in_place_and_deployed(
    answers: Answers, cloud: Cloud, definition: ApiDefinition
) -> None:
    """The API keeps its id; what served until then is removed after the new one serves."""
    gateway = answers(cloud.aws.apigateway)
    apis(gateway, {"id": "a", "name": "Api", "tags": OURS})
    old = method_as_wanted(definition)
    old["methodIntegration"]["requestTemplates"] = {JSON: "old"}
    parts_as_wanted(gateway, old)
    serves(gateway, "old fingerprint")
    parts_of_method(gateway, old)
    method = {"restApiId": "a", "resourceId": "p", "httpMethod": "POST"}
    gateway.add_response("delete_method", {}, method)
    validators(gateway)
    gateway.add_response("put_method", {})
    gateway.add_response("put_integration", {})
    for _ in definition.responses:
        gateway.add_response("put_method_response", {})
        gateway.add_response("put_integration_response", {})
    gateway.add_response("get_stage", {"deploymentId": "d1"})
    deployment = {
        "restApiId": "a",
        "stageName": "prod",
        "description": definition.fingerprint(),
    }
    gateway.add_response("create_deployment", {}, deployment)
    gateway.add_response("delete_deployment", {}, {"restApiId": "a", "deploymentId": "d1"})
    assert Outcome.UPDATED == resource.settle(API, cloud)


def test_an_api_without_stage_is_completed(
    answers: Answers, cloud: Cloud, definition: ApiDefinition
) -> None:
    """A run that ended before the deployment is completed by the next; throttling passes."""
    gateway = answers(cloud.aws.apigateway)
    apis(gateway, {"id": "a", "name": "Api", "tags": OURS})
    parts_as_wanted(gateway, method_as_wanted(definition))
    for _ in ("seen", "made"):
        gateway.add_client_error("get_stage", "NotFoundException", http_status_code=404)
    gateway.add_client_error("create_deployment", "TooManyRequestsException")
    gateway.add_response("create_deployment", {})
    assert Outcome.UPDATED == resource.settle(API, cloud)


def test_two_apis_of_ours_are_an_error(
    answers: Answers, cloud: Cloud, definition: ApiDefinition
) -> None:
    """Which of two addresses people use, only people know."""
    found = [{"id": api_id, "name": "Api", "tags": OURS} for api_id in ("a1", "a2")]
    apis(answers(cloud.aws.apigateway), *found)
    with pytest.raises(ProvisioningError, match=r"two APIs are called Api .*\(a1, a2\)"):
        resource.settle(API, cloud)


def test_an_api_of_someone_else_is_not_found(answers: Answers, cloud: Cloud) -> None:
    """Names of APIs are not unique: one without our tag, or of another name, is not ours."""
    others: list[dict[str, Any]] = [
        {"id": "a", "name": "Api"},
        {"id": "b", "name": "Other", "tags": OURS},
    ]
    apis(answers(cloud.aws.apigateway), *others)
    assert Outcome.ABSENT == resource.remove(API, cloud)


def test_destroy_deletes_our_api_once_aws_lets_it(answers: Answers, cloud: Cloud) -> None:
    """AWS allows few deletions a minute; being throttled is waited out."""
    gateway = answers(cloud.aws.apigateway)
    apis(gateway, {"id": "b", "name": "Api"}, {"id": "a", "name": "Api", "tags": OURS})
    gateway.add_client_error("delete_rest_api", "TooManyRequestsException")
    gateway.add_response("delete_rest_api", {}, {"restApiId": "a"})
    assert Outcome.DESTROYED == resource.remove(API, cloud)
