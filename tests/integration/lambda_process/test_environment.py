from __future__ import annotations

import concurrent.futures
import json
import os
import sys
import uuid
from pathlib import Path

from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import ROLE, invoke
from tests.support.meeting import Meeting

SEE = """
    import os, sys
    def handler(event, context):
        return {
            "environ": dict(os.environ), "path": sys.path, "cwd": os.getcwd(),
            "modules": sorted(sys.modules), "argv": sys.argv,
        }
"""


def test_globals_stay_warm(emulator: Emulator, make_function: MakeFunction) -> None:
    """The second invocation finds the module's globals as the first one left them."""
    name = make_function(
        "runs = []\ndef handler(event, context):\n    runs.append(event)\n    return runs"
    )
    assert ["a"] == invoke(emulator.aws, name, "a").payload
    assert ["a", "b"] == invoke(emulator.aws, name, "b").payload


def test_variables_are_those_of_aws(emulator: Emulator, make_function: MakeFunction) -> None:
    """The function sees AWS's documented variables and its own, and nothing of the host's."""
    os.environ["TESTBED_PLANTED"] = "host"
    name = make_function(SEE, Environment={"Variables": {"MINE": "yes"}}, MemorySize=256)
    seen = invoke(emulator.aws, name).payload
    environ = seen["environ"]
    assert "yes" == environ["MINE"]
    assert "AWS_Lambda_python3.13" == environ["AWS_EXECUTION_ENV"]
    assert ("en_US.UTF-8", ":UTC") == (environ["LANG"], environ["TZ"])
    assert name == environ["AWS_LAMBDA_FUNCTION_NAME"]
    assert "256" == environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
    assert "$LATEST" == environ["AWS_LAMBDA_FUNCTION_VERSION"]
    assert "on-demand" == environ["AWS_LAMBDA_INITIALIZATION_TYPE"]
    assert f"/aws/lambda/{name}" == environ["AWS_LAMBDA_LOG_GROUP_NAME"]
    assert emulator.endpoint == environ["AWS_ENDPOINT_URL"]
    assert "ca-central-1" == environ["AWS_REGION"] == environ["AWS_DEFAULT_REGION"]
    assert seen["cwd"] == environ["LAMBDA_TASK_ROOT"] == seen["path"][0]
    assert all(environ[f"AWS_{key}"] for key in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"))
    foreign = {key for key in environ if key.startswith(("LOCALSTACK", "TESTBED", "PYTEST"))}
    assert set() == foreign


def test_a_functions_boto3_reaches_what_has_a_host_of_its_own(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """StartSyncExecution is for `sync-` and the service's host (botocore's model), on AWS alone."""
    only = {"Type": "Pass", "End": True}
    made = emulator.aws.stepfunctions.create_state_machine(
        name=f"m-{uuid.uuid4().hex[:12]}",
        definition=json.dumps({"StartAt": "Only", "States": {"Only": only}}),
        roleArn=ROLE,
        type="EXPRESS",
    )
    name = make_function(
        """
        import boto3
        def handler(event, context):
            return boto3.client("stepfunctions").start_sync_execution(**event)["output"]
        """
    )
    event = {"stateMachineArn": made["stateMachineArn"], "input": '{"said":"here"}'}
    assert '{"said":"here"}' == invoke(emulator.aws, name, event).payload


def test_nothing_of_the_emulator_is_on_the_path(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """Neither LocalStack nor our plugin can be imported, nor do they show in sys.modules."""
    seen = invoke(emulator.aws, make_function(SEE)).payload
    assert [] == [name for name in seen["modules"] if "localstack" in name or "worker" in name]
    emulator_root = str(Path(sys.prefix).parent / "emulator")
    assert [] == [entry for entry in seen["path"] if entry.startswith(emulator_root)]
    name = make_function("import localstack_standalone\ndef handler(e, c): pass")
    assert "No module named" in invoke(emulator.aws, name).payload["errorMessage"]


def test_a_function_brings_its_own_boto3(emulator: Emulator, make_function: MakeFunction) -> None:
    """What a package carries goes before what the runtime has, also where that is preloaded."""
    name = make_function(
        {
            "app.py": "import boto3, six\ndef handler(e, c): return [boto3.MINE, six.MINE]",
            "boto3.py": "MINE = 'its own boto3'",
            "six/__init__.py": "MINE = 'its own six'",
        }
    )
    assert ["its own boto3", "its own six"] == invoke(emulator.aws, name).payload


def test_the_context_is_whole(emulator: Emulator, make_function: MakeFunction) -> None:
    """The context has the request's id, the ARN, the log's names and the time that is left."""
    name = make_function(
        """
        def handler(event, context):
            return {
                "id": context.aws_request_id, "arn": context.invoked_function_arn,
                "name": context.function_name, "version": context.function_version,
                "memory": context.memory_limit_in_mb, "group": context.log_group_name,
                "stream": context.log_stream_name, "left": context.get_remaining_time_in_millis(),
            }
        """,
        Timeout=30,
    )
    answer = invoke(emulator.aws, name)
    context = answer.payload
    assert answer.request_id == context["id"]
    assert f"arn:aws:lambda:ca-central-1:000000000000:function:{name}" == context["arn"]
    assert (name, "$LATEST", "128") == (context["name"], context["version"], context["memory"])
    assert f"/aws/lambda/{name}" == context["group"]
    assert "/[$LATEST]" in context["stream"]
    assert 20_000 < context["left"] <= 30_000


def test_parallel_invocations_do_not_meet(
    emulator: Emulator, make_function: MakeFunction, met: Meeting
) -> None:
    """N invocations at once run in N environments and each gets its own answer."""
    name = make_function(
        """
        import pathlib, tempfile, threading, urllib.request
        def handler(event, context):
            mine = pathlib.Path(tempfile.gettempdir(), "mine")
            before = mine.exists()
            mine.write_text(str(event["n"]))
            url = event["meet"] + str(event["n"])
            while int(urllib.request.urlopen(url).read()) < event["of"]:
                threading.Event().wait(0.05)
            return [int(mine.read_text()), before, context.log_stream_name]
        """,
        Timeout=30,
    )
    events = [{"n": n, "of": 6, "meet": met.url} for n in range(6)]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = [a.payload for a in pool.map(lambda e: invoke(emulator.aws, name, e), events)]
    assert list(range(6)) == [answer[0] for answer in answers]
    assert {False} == {answer[1] for answer in answers}
    assert 6 == len({answer[2] for answer in answers})


def test_the_runtime_api_answers_nobody_else(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """A function cannot speak for another: its connection to the other's API is dropped."""
    address = invoke(
        emulator.aws,
        make_function("import os\ndef handler(e, c): return os.environ['AWS_LAMBDA_RUNTIME_API']"),
    ).payload
    intruder = make_function(
        """
        import http.client
        def handler(event, context):
            connection = http.client.HTTPConnection(event, timeout=5)
            try:
                connection.request("GET", "/2018-06-01/runtime/invocation/next")
                return connection.getresponse().status
            except OSError as error:
                return type(error).__name__
        """
    )
    refused = {"RemoteDisconnected", "ConnectionResetError", "BrokenPipeError"}
    assert invoke(emulator.aws, intruder, address).payload in refused


def test_modules_are_compiled_once_for_all_environments(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """The second environment finds the first one's bytecode; beside the code there is none."""
    name = make_function(
        {
            "app.py": """
                import mine, os, threading
                def handler(event, context):
                    threading.Event().wait(event)
                    made = os.path.getmtime(mine.__cached__)
                    return [mine.__cached__, made, context.log_stream_name,
                            sorted(os.listdir(os.environ["LAMBDA_TASK_ROOT"]))]
            """,
            "mine.py": "x = 1",
        }
    )
    first = invoke(emulator.aws, name, 0).payload
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        again = [a.payload for a in pool.map(lambda e: invoke(emulator.aws, name, e), (1, 1))]
    assert 2 == len({answer[2] for answer in again})
    assert {tuple(first[:2])} == {tuple(answer[:2]) for answer in again}
    assert all(["app.py", "mine.py"] == answer[3] for answer in (first, *again))
