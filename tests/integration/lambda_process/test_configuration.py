"""Layers, versions, aliases, updates, concurrency, hot reload, and what a caller can ask."""

from __future__ import annotations

import base64
import concurrent.futures
import json
import threading
from pathlib import Path

import pytest

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.conftest import Configured
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support import functions
from tests.support.functions import invoke, logged, until_settled, zipped
from tests.support.meeting import Meeting

WAIT = """
    import threading, urllib.error, urllib.request
    def is_open(gate):
        try:
            return urllib.request.urlopen(gate + "?").status == 200
        except urllib.error.HTTPError:
            return False
    def handler(event, context):
        if event:
            urllib.request.urlopen(event + "running").close()
            while not is_open(event):
                threading.Event().wait(0.05)
        return "VALUE"
"""


def test_layers_are_there(emulator: Emulator, make_function: MakeFunction) -> None:
    """A layer's modules can be imported; a later layer's file takes an earlier one's place."""
    layers = [
        _layer(emulator, {"python/shared.py": "FROM = 'first'", "python/one.py": "X = 1"}),
        _layer(
            emulator,
            {
                "python/shared.py": "FROM = 'second'",
                "python/lib/python3.13/site-packages/two.py": "X = 2",
                "bin/tool": "#!/bin/sh\necho tool",
            },
        ),
    ]
    name = make_function(
        "import one, shared, two\ndef handler(e, c): return [shared.FROM, one.X, two.X]",
        Layers=layers,
    )
    assert ["second", 1, 2] == invoke(emulator.aws, name).payload


def test_a_version_is_frozen(emulator: Emulator, make_function: MakeFunction) -> None:
    """A published version keeps its code and configuration, an alias leads to it."""
    name = make_function(_value("one"), Environment={"Variables": {"V": "1"}})
    aws = emulator.aws
    version = aws.lambda_.publish_version(FunctionName=name)["Version"]
    aws.lambda_.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    _update(emulator, name, _value("two"))
    assert ["two", "$LATEST"] == invoke(aws, name).payload
    assert ["one", version] == invoke(aws, name, Qualifier=version).payload
    assert ["one", version] == invoke(aws, name, Qualifier="live").payload


def test_an_update_reaches_the_next_invocation(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """New code, then new variables, are seen by the first invocation after the update."""
    name = make_function(_value("one"))
    assert ["one", "$LATEST"] == invoke(emulator.aws, name).payload
    _update(emulator, name, "import os\ndef handler(e, c): return os.environ.get('V')")
    assert invoke(emulator.aws, name).payload is None
    emulator.aws.lambda_.update_function_configuration(
        FunctionName=name, Environment={"Variables": {"V": "set"}}
    )
    until_settled(emulator.aws, name)
    assert "set" == invoke(emulator.aws, name).payload


def test_an_update_lets_running_invocations_finish(
    emulator: Emulator, make_function: MakeFunction, met: Meeting
) -> None:
    """What runs when the code is replaced ends with the old code's answer."""
    name = make_function(WAIT.replace("VALUE", "old"), Timeout=60)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(invoke, emulator.aws, name, met.url)
        _until_running(met)
        _update(emulator, name, WAIT.replace("VALUE", "new"))
        assert "new" == invoke(emulator.aws, name).payload
        met.go.set()
        assert "old" == running.result().payload


def test_reserved_concurrency_throttles(
    emulator: Emulator, make_function: MakeFunction, met: Meeting
) -> None:
    """One invocation more than are reserved is TooManyRequestsException, at once."""
    name = make_function(WAIT, Timeout=60)
    emulator.aws.lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)
    asks_once = emulator.aws.patient_lambda
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(invoke, emulator.aws, name, met.url)
        _until_running(met)
        with pytest.raises(asks_once.exceptions.TooManyRequestsException) as caught:
            asks_once.invoke(FunctionName=name)
        met.go.set()
        assert "VALUE" == running.result().payload
    assert (
        "ReservedFunctionConcurrentInvocationLimitExceeded" == caught.value.response["Reason"]  # type: ignore[typeddict-item]
    )
    assert "VALUE" == invoke(emulator.aws, name).payload


def test_the_accounts_limit_throttles(configured: Configured, met: Meeting) -> None:
    """One invocation more than someone lets the account run at once is throttled."""
    aws = configured.aws
    name, other = functions.make(aws, WAIT, Timeout=60), functions.make(aws, WAIT)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(invoke, aws, name, met.url)
        _until_running(met)
        with pytest.raises(aws.patient_lambda.exceptions.TooManyRequestsException) as caught:
            aws.patient_lambda.invoke(FunctionName=other)
        met.go.set()
        assert "VALUE" == running.result().payload
    assert "ConcurrentInvocationLimitExceeded" == caught.value.response["Reason"]  # type: ignore[typeddict-item]


def test_many_clients_at_once_all_get_an_answer(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """Two hundred invocations by sixteen clients on a cold function: each has its own answer."""
    name = make_function("def handler(event, context): return event")
    start = threading.Barrier(16)

    def client(number: int) -> list[int]:
        start.wait(timeout=30)
        return [invoke(emulator.aws, name, number * 100 + n).payload for n in range(13)]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(client, range(16)))
    assert [[n * 100 + i for i in range(13)] for n in range(16)] == answers


def test_hot_reload_runs_what_was_saved(
    emulator: Emulator, make_function: MakeFunction, tmp_path: Path
) -> None:
    """With the bucket `hot-reload`, the next invocation runs the file as it was saved last."""
    tmp_path.chmod(0o777)  # run as root, a worker is another user
    source = tmp_path / "app.py"
    source.write_text("def handler(e, c): return 'first'", encoding="utf-8")
    aws = emulator.aws
    name = make_function("def handler(e, c): return 'zip'")
    aws.lambda_.update_function_code(FunctionName=name, S3Bucket="hot-reload", S3Key=str(tmp_path))
    until_settled(aws, name)
    assert "first" == invoke(aws, name).payload
    source.write_text("def handler(e, c): return 'second one'", encoding="utf-8")
    assert "second one" == invoke(aws, name).payload
    assert invoke(aws, name).log.count("INIT_START") == 0


def test_the_client_context_reaches_the_function(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """What the caller put in ClientContext is in context.client_context."""
    name = make_function(
        """
        def handler(event, context):
            found = context.client_context
            return [found.custom, found.env, found.client.app_title] if found else None
        """
    )
    sent = {"custom": {"a": "é"}, "env": {"b": "2"}, "client": {"app_title": "t"}}
    encoded = base64.b64encode(json.dumps(sent).encode()).decode()
    answer = invoke(emulator.aws, name, ClientContext=encoded)
    assert [{"a": "é"}, {"b": "2"}, "t"] == answer.payload
    assert invoke(emulator.aws, name).payload is None


def test_an_event_is_run_later(emulator: Emulator, make_function: MakeFunction) -> None:
    """InvocationType Event answers 202 at once; the function runs and logs."""
    name = make_function("def handler(event, context): print('got', event)")
    answer = emulator.aws.lambda_.invoke(
        FunctionName=name, InvocationType="Event", Payload=b'"this"'
    )
    assert 202 == answer["StatusCode"]
    assert "got this\n" in logged(emulator.aws, name, "REPORT")


def test_json_logs(emulator: Emulator, make_function: MakeFunction) -> None:
    """With LogFormat JSON the platform's lines and logging's records are objects."""
    name = make_function(
        "import logging\ndef handler(e, c): logging.getLogger().error('bad', extra={'n': 1})",
        LoggingConfig={"LogFormat": "JSON"},
    )
    answer = invoke(emulator.aws, name)
    lines = [json.loads(text) for text in logged(emulator.aws, name, "platform.report")]
    assert ["platform.initStart", "platform.start", None, "platform.report"] == [
        line.get("type") for line in lines
    ]
    assert {"requestId": answer.request_id, "version": "$LATEST"} == lines[1]["record"]
    assert ("ERROR", "bad", answer.request_id) == tuple(
        lines[2][key] for key in ("level", "message", "requestId")
    )
    report = lines[3]["record"]
    assert (answer.request_id, "success") == (report["requestId"], report["status"])
    assert {"durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB"} < set(
        report["metrics"]
    )


def test_a_log_group_of_ones_own(emulator: Emulator, make_function: MakeFunction) -> None:
    """With LoggingConfig.LogGroup the lines go there, in streams that name the function."""
    group = "/shared/by/many"
    name = make_function(
        "def handler(e, c): print(c.log_group_name)", LoggingConfig={"LogGroup": group}
    )
    answer = invoke(emulator.aws, name)
    assert f"{group}\n" in answer.log

    def probe() -> tuple[str | None, str]:
        found = emulator.aws.logs.describe_log_streams(logGroupName=group)["logStreams"]
        names = [stream["logStreamName"] for stream in found]
        return next((text for text in names if f"/{name}[$LATEST]" in text), None), str(names)

    missing = emulator.aws.logs.exceptions.ResourceNotFoundException
    assert waiting.until(probe, "a stream of the function", timeout_s=10, retry_on=(missing,))


def _value(text: str) -> str:
    return f"def handler(event, context): return [{text!r}, context.function_version]"


def _layer(emulator: Emulator, files: dict[str, str]) -> str:
    published = emulator.aws.lambda_.publish_layer_version(
        LayerName=f"layer-{len(files)}", Content={"ZipFile": zipped(files)}
    )
    return published["LayerVersionArn"]


def _update(emulator: Emulator, name: str, code: str) -> None:
    emulator.aws.lambda_.update_function_code(FunctionName=name, ZipFile=functions.zipped(code))
    until_settled(emulator.aws, name)


def _until_running(met: Meeting) -> None:
    waiting.until(lambda: ("running" in met.came or None, "not yet"), "the function", timeout_s=20)
