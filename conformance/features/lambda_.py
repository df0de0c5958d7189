"""Lambda: functions, what becomes of their errors, logs, layers, versions, limits."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

from conformance.check import Check, DiffersError, matches, member, refused, same
from conformance.workshop import zipped

if TYPE_CHECKING:
    from conformance.workshop import Workshop

API: Final = "https://docs.aws.amazon.com/lambda/latest/api"
GUIDE: Final = "https://docs.aws.amazon.com/lambda/latest/dg"
# An emulator may have to fetch what runs functions.
FIRST_S: Final = 60.0
ECHO: Final = """
    def handler(event, context):
        return {"event": event, "id": context.aws_request_id, "name": context.function_name}
"""
COUNTS: Final = """
    import os
    count = 0
    def handler(event, context):
        global count
        count += 1
        return {"count": count, "cup": os.environ.get("CUP"), "region": os.environ["AWS_REGION"],
                "root": os.environ["LAMBDA_TASK_ROOT"], "in": os.getcwd()}
"""
RAISES: Final = """
    class TooHotError(Exception):
        pass
    def handler(event, context):
        raise TooHotError("wait a little")
"""
SLEEPS: Final = """
    import time
    def handler(event, context):
        time.sleep(30)
"""
EXITS: Final = """
    import os
    def handler(event, context):
        os._exit(7)
"""
PRINTS: Final = """
    def handler(event, context):
        print("the kettle is on")
"""


def _invoke(shop: Workshop, function: str, given: Any = None, **more: Any) -> dict[str, Any]:
    """Invoke's answer, its payload parsed."""
    payload = json.dumps({} if given is None else given).encode()
    got: Any = shop.aws.lambda_.invoke(FunctionName=function, Payload=payload, **more)
    text = got["Payload"].read().decode(errors="replace")
    try:
        return {**got, "Payload": json.loads(text) if text else None}
    except ValueError:
        raise DiffersError(f"AWS gives a payload of JSON, here it is {text!r}") from None


def _failure(shop: Workshop, code: str, **settings: Any) -> dict[str, Any]:
    got = _invoke(shop, shop.function(code, **settings))
    same("FunctionError", "Unhandled", got.get("FunctionError"))
    return dict(got["Payload"])


def _returns(shop: Workshop) -> None:
    function = shop.function(ECHO)
    got = _invoke(shop, function, {"cup": "ü"})
    same("StatusCode", 200, got.get("StatusCode"))
    same("ExecutedVersion", "$LATEST", got.get("ExecutedVersion"))
    same("the event", {"cup": "ü"}, member("the payload", got, "Payload", "event"))
    same("the name", function.rpartition(":")[2], got["Payload"]["name"])
    same("the request id", got["ResponseMetadata"]["RequestId"], got["Payload"]["id"])


def _warm(shop: Workshop) -> None:
    function = shop.function(COUNTS, Environment={"Variables": {"CUP": "blue"}})
    first, second = (_invoke(shop, function)["Payload"] for _ in range(2))
    same("how often it ran", (1, 2), (member("it", first, "count"), member("it", second, "count")))
    same("the variable", "blue", first["cup"])
    same("AWS_REGION", "ca-central-1", first["region"])
    same("the working directory", first["root"], first["in"])


def _raises(shop: Workshop) -> None:
    found = _failure(shop, RAISES)
    same("errorType", "TooHotError", found.get("errorType"))
    same("errorMessage", "wait a little", found.get("errorMessage"))
    matches("stackTrace", r'File "/var/task/main\.py", line \d+, in handler', _trace(found))
    matches("requestId", "^[0-9a-f-]{36}$", found.get("requestId"))


def _trace(found: dict[str, Any]) -> str:
    return "".join(found.get("stackTrace") or [])


def _times_out(shop: Workshop) -> None:
    found = _failure(shop, SLEEPS, Timeout=1)
    matches("errorMessage", r"Task timed out after 1\.00 seconds$", found.get("errorMessage"))


def _exits(shop: Workshop) -> None:
    found = _failure(shop, EXITS)
    same("errorType", "Runtime.ExitError", found.get("errorType"))
    matches(
        "errorMessage",
        "^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 7$",
        found.get("errorMessage"),
    )


def _no_module(shop: Workshop) -> None:
    found = _failure(shop, "import tea_that_is_not_there")
    same("errorType", "Runtime.ImportModuleError", found.get("errorType"))
    matches("errorMessage", "^Unable to import module 'main': ", found.get("errorMessage"))


def _no_handler(shop: Workshop) -> None:
    found = _failure(shop, "x = 1")
    same("errorType", "Runtime.HandlerNotFound", found.get("errorType"))


def _unserialisable(shop: Workshop) -> None:
    found = _failure(shop, "def handler(event, context): return {1, 2}")
    same("errorType", "Runtime.MarshalError", found.get("errorType"))


def _tail(shop: Workshop) -> None:
    got = _invoke(shop, shop.function(PRINTS), LogType="Tail")
    text = base64.b64decode(member("Invoke", got, "LogResult")).decode()
    for pattern in (
        r"(?m)^START RequestId: [0-9a-f-]{36} Version: \$LATEST",
        r"(?m)^the kettle is on$",
        r"(?m)^END RequestId: ",
        r"(?m)^REPORT RequestId: .*Duration: .* ms.*Memory Size: 128 MB",
    ):
        matches("LogResult", pattern, text)


def _logs(shop: Workshop) -> None:
    function = shop.function(PRINTS)
    _invoke(shop, function)
    text = shop.lines(function.rpartition(":")[2], "REPORT RequestId")
    matches("the log group", r"(?m)^the kettle is on$", text)


def _asynchronous(shop: Workshop) -> None:
    function = shop.function(PRINTS)
    got = shop.aws.lambda_.invoke(FunctionName=function, InvocationType="Event", Payload=b"{}")
    same("StatusCode", 202, got.get("StatusCode"))
    shop.lines(function.rpartition(":")[2], r"(?m)^the kettle is on$")


def _dry_run(shop: Workshop) -> None:
    function = shop.function(ECHO)
    got = shop.aws.lambda_.invoke(FunctionName=function, InvocationType="DryRun")
    same("StatusCode", 204, got.get("StatusCode"))


def _layer(shop: Workshop) -> None:
    lambda_, name = shop.aws.lambda_, shop.name()
    made = lambda_.publish_layer_version(
        LayerName=name, Content={"ZipFile": zipped({"python/kettle.py": "HEAT = 100"})}
    )
    version = int(member("PublishLayerVersion", made, "Version"))
    shop.afterwards(lambda_.delete_layer_version, LayerName=name, VersionNumber=version)
    code = "import kettle\ndef handler(event, context): return kettle.HEAT"
    function = shop.function(code, Layers=[str(made["LayerVersionArn"])])
    same("what the layer has", 100, _invoke(shop, function)["Payload"])


def _versions(shop: Workshop) -> None:
    lambda_, function = shop.aws.lambda_, shop.function("def handler(e, c): return 1")
    same("Version", "1", lambda_.publish_version(FunctionName=function).get("Version"))
    lambda_.create_alias(FunctionName=function, Name="live", FunctionVersion="1")
    lambda_.update_function_code(
        FunctionName=function, ZipFile=zipped("def handler(e, c): return 2")
    )
    shop.settled(function)
    same("$LATEST", 2, _invoke(shop, function)["Payload"])
    same("the alias", 1, _invoke(shop, f"{function}:live")["Payload"])


def _unknown(shop: Workshop) -> None:
    with refused("ResourceNotFoundException", status=404, message="^Function not found: arn:aws:"):
        shop.aws.lambda_.invoke(FunctionName=shop.name())


def _no_json(shop: Workshop) -> None:
    function = shop.function(ECHO)
    with refused("InvalidRequestContentException", status=400, message="^Could not parse"):
        shop.aws.lambda_.invoke(FunctionName=function, Payload=b"{no")


def _twice(shop: Workshop) -> None:
    function = shop.function(ECHO)
    with refused("ResourceConflictException", status=409, message="^Function already exist: "):
        shop.aws.lambda_.create_function(
            FunctionName=function.rpartition(":")[2],
            Runtime="python3.13",
            Handler="main.handler",
            Role=shop.role("lambda"),
            Code={"ZipFile": zipped(ECHO)},
        )


def _throttled(shop: Workshop) -> None:
    function = shop.function(ECHO)
    shop.aws.lambda_.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    with refused("TooManyRequestsException", status=429):
        shop.aws.lambda_.invoke(FunctionName=function, Payload=b"{}")


def _check(name: str, aws: str, source: str, run: Any) -> Check:
    return Check("Lambda", name, aws, source, run, timeout_s=FIRST_S)


CHECKS: Final = (
    _check(
        "create and invoke",
        "the event goes in, the result comes out, the request id is the answer's",
        f"{API}/API_Invoke.html",
        _returns,
    ),
    _check(
        "environment",
        "variables are set, globals stay warm, the working directory is LAMBDA_TASK_ROOT",
        f"{GUIDE}/lambda-runtime-environment.html",
        _warm,
    ),
    _check(
        "error of the handler",
        "Unhandled, with type, message, stack trace and request id",
        f"{GUIDE}/python-exceptions.html",
        _raises,
    ),
    _check(
        "timeout",
        "Task timed out after 1.00 seconds",
        f"{GUIDE}/configuration-timeout.html",
        _times_out,
    ),
    _check(
        "exit of the process",
        "Runtime.ExitError with the exit status",
        f"{GUIDE}/troubleshooting-invocation.html",
        _exits,
    ),
    _check(
        "module that cannot be imported",
        "Runtime.ImportModuleError",
        f"{GUIDE}/troubleshooting-invocation.html",
        _no_module,
    ),
    _check("no handler", "Runtime.HandlerNotFound", f"{GUIDE}/python-handler.html", _no_handler),
    _check(
        "result that is no JSON",
        "Runtime.MarshalError",
        f"{GUIDE}/python-handler.html",
        _unserialisable,
    ),
    _check(
        "log with the answer",
        "LogType=Tail gives START, output, END and REPORT",
        f"{GUIDE}/python-logging.html",
        _tail,
    ),
    _check(
        "log group",
        "/aws/lambda/<function> has the function's lines",
        f"{GUIDE}/monitoring-cloudwatchlogs.html",
        _logs,
    ),
    _check("asynchronous", "202, and it runs", f"{GUIDE}/invocation-async.html", _asynchronous),
    _check("dry run", "204", f"{API}/API_Invoke.html", _dry_run),
    _check(
        "layers", "are at /opt, python/ can be imported", f"{GUIDE}/packaging-layers.html", _layer
    ),
    _check(
        "versions and aliases",
        "a version keeps its code, an alias leads to one",
        f"{GUIDE}/configuration-aliases.html",
        _versions,
    ),
    _check("unknown function", "404 ResourceNotFoundException", f"{API}/API_Invoke.html", _unknown),
    _check(
        "event that is no JSON",
        "400 InvalidRequestContentException",
        f"{API}/API_Invoke.html",
        _no_json,
    ),
    _check(
        "a function twice",
        "409 ResourceConflictException",
        f"{API}/API_CreateFunction.html",
        _twice,
    ),
    _check(
        "reserved concurrency of 0",
        "429 TooManyRequestsException",
        f"{GUIDE}/configuration-concurrency.html",
        _throttled,
    ),
)
