"""Lambda asks who may use a function's URL.

AWS: with ``AuthType`` NONE the function's policy has to let everybody, with AWS_IAM the caller's
policies or the function's have to let the caller; both ``lambda:InvokeFunctionUrl`` and
``lambda:InvokeFunction`` are needed, and a request without a signature is Forbidden where AWS_IAM
is asked for (Lambda Developer Guide, "Control access to Lambda function URLs").
LocalStack runs the function for everybody.
"""

from __future__ import annotations

import dataclasses
import json
from types import ModuleType
from typing import Any, Final

from localstack.http import Response
from localstack.utils.patch import patch

from localstack_standalone import function_urls
from localstack_standalone.access.principal import IdentityKind
from localstack_standalone.iam import keys
from localstack_standalone.iam.callers import Caller
from localstack_standalone.iam.handler import AccessControl
from localstack_standalone.iam.operations.call import NeededAccess

_PARTITION: Final = "aws"
_WORDS: Final = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)


@dataclasses.dataclass(frozen=True)
class UrlRequest:
    """What of a request policies see, as they do of one for an operation.

    Attributes:
        request: of HTTP.
        region: the function's.
        account_id: likewise.
    """

    request: Any
    region: str
    account_id: str


def ask(control: AccessControl, module: ModuleType) -> None:
    """Ask before the function runs, and tell the function who has signed the request."""

    @patch(module.FunctionUrlRouter.handle_lambda_url_invocation)
    def handle(
        original: Any, self: Any, request: Any, api_id: str, *more: Any, **named: Any
    ) -> Any:
        found = function_urls.find(api_id)
        if found is not None:
            key = keys.of(request.headers, request.args)
            caller = control.senders.of_key(key, found.account, _PARTITION)
            if not _may(control, UrlRequest(request, found.region, found.account), caller, found):
                return _forbidden()
            if found.config.auth_type == "AWS_IAM":
                request.environ[function_urls.AUTHORIZER] = _told(key, caller, found.account)
        return original(self, request, api_id, *more, **named)


def _may(control: AccessControl, asked: UrlRequest, caller: Caller | None, found: Any) -> bool:
    """Whether it goes on; None is the account's administrator, who may all."""
    kind = found.config.auth_type
    if caller is None:
        return True
    arn = found.config.function_arn
    needs = (
        NeededAccess("lambda:InvokeFunctionUrl", arn, {"lambda:FunctionUrlAuthType": kind}),
        NeededAccess("lambda:InvokeFunction", arn, {"lambda:InvokedViaFunctionUrl": "true"}),
    )
    allowed = [control.allows(asked, caller, each) for each in needs]  # each one is told
    return all(allowed)


def _told(key: str | None, caller: Caller | None, account: str) -> dict[str, Any]:
    """``requestContext.authorizer``."""
    anonymous = caller is not None and caller.identity.kind is IdentityKind.ANONYMOUS
    arn = caller.identity.arn if caller else f"arn:{_PARTITION}:iam::{account}:root"
    identity = str(caller.conditions.get("aws:userid", "")) if caller else account
    told = {
        "accessKey": key,
        "accountId": account,
        "callerId": None if anonymous else identity,
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": None if anonymous else arn,
        "userId": None if anonymous else identity,
    }
    return {"iam": told}


def _forbidden() -> Response:
    return Response(
        json.dumps({"Message": _WORDS}),
        status=403,
        headers={"x-amzn-ErrorType": "AccessDeniedException"},
        mimetype="application/json",
    )
