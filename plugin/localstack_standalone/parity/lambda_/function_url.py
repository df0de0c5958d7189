"""A function's URL is one that can be called as it stands: by its path, under the emulator's name.

AWS: a function URL is ``https://<id>.lambda-url.<region>.on.aws/``, a name that DNS knows (Lambda
Developer Guide, "Creating and managing Lambda function URLs").
LocalStack answers ``http://<id>.lambda-url.<region>.<its own host>/``, and no name below 127.0.0.1
is one; those below ``localhost`` are known to browsers and curl, and not to Python's or Node's
resolver everywhere. So the id is in the path here; LocalStack's names go on being answered. A URL
that streams (``RESPONSE_STREAM``) is taken by LocalStack and answers all at once, and
InvokeWithResponseStream is a 501, which clients try again: here both are refused.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from localstack.aws.api.lambda_ import InvalidParameterValueException
from localstack.utils.patch import patch
from localstack.utils.urls import localstack_host

from localstack_standalone import function_urls

_STREAMS: Final = "RESPONSE_STREAM"
# Where one is looked for that is nowhere.
_ANY_REGION: Final = "us-east-1"


def cure(module: ModuleType) -> None:
    """Patch the provider, how it tells of a URL, and the routes that lead to functions."""
    provider, utils = module.LambdaProvider, module.api_utils

    @patch(utils.map_function_url_config)
    def map_function_url_config(original: Any, model: Any) -> Any:
        return {**original(model), "FunctionUrl": _address(model.url_id)}

    @patch(provider.update_function_url_config)
    def update_function_url_config(original: Any, self: Any, context: Any, **given: Any) -> Any:
        original(self, context, **given)
        named = {name: given.get(name) for name in ("function_name", "qualifier")}
        return self.get_function_url_config(context, **named)

    original_check = provider._validate_invoke_mode  # noqa: SLF001 - where the mode is looked at

    def validate_invoke_mode(invoke_mode: Any) -> None:
        if invoke_mode == _STREAMS:
            raise InvalidParameterValueException(
                "A function URL with InvokeMode RESPONSE_STREAM is not in this emulator; one with "
                "BUFFERED is, or test this one on AWS",
                Type="User",
            )
        original_check(invoke_mode)

    provider._validate_invoke_mode = staticmethod(validate_invoke_mode)  # noqa: SLF001 - likewise

    def refuse_to_stream(*_arguments: Any, **_given: Any) -> Any:
        raise InvalidParameterValueException(
            "InvokeWithResponseStream is not in this emulator; Invoke is, or test this one on AWS",
            Type="User",
        )

    provider.invoke_with_response_stream = refuse_to_stream

    @patch(module.FunctionUrlRouter.register_routes)
    def register_routes(original: Any, self: Any) -> None:
        is_new = not self.registered
        original(self)
        if is_new:
            rule = f"{function_urls.PREFIX}<api_id>"
            for end in ("", "/", "/<path:path>"):
                self.router.add(f"{rule}{end}", endpoint=_ByPath(self))


class _ByPath:
    """Has the function answer whose URL's id is in the path."""

    def __init__(self, router: Any) -> None:
        self._router = router

    def __call__(self, request: Any, api_id: str, **_values: Any) -> Any:
        found = function_urls.find(api_id)
        region = found.region if found else _ANY_REGION
        request.environ[function_urls.REGION] = region
        return self._router.handle_lambda_url_invocation(request, api_id, region)


def _address(url_id: str) -> str:
    """Where this emulator is now: a fork, or one that goes on with a state, is elsewhere."""
    return f"http://{localstack_host().host_and_port()}{function_urls.PREFIX}{url_id}/"
