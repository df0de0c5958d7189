"""Functions for Node.js 20, 22 and 24 under AWS's runtime clients."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator

import pytest

from localstack_standalone.launcher import emulator
from targets import embedded
from testbed.aws import Aws
from tests.support import functions, node_wheels
from tests.support.functions import Answer, invoke, logged

WITH_CALLBACKS = ["nodejs20.x", "nodejs22.x"]


@dataclasses.dataclass(frozen=True)
class Nodes:
    """An emulator with every Node.js, and what makes functions in it."""

    aws: Aws
    runtime: str

    def make(self, code: str | dict[str, str], **settings: object) -> str:
        """A function of *code*, an ``index.mjs`` or several files."""
        files = {"index.mjs": code} if isinstance(code, str) else code
        given = {"runtime": self.runtime, "handler": "index.handler", **settings}
        return functions.make(self.aws, files, **given)  # type: ignore[arg-type]  # as they are

    def run(self, code: str | dict[str, str], event: object = None, **settings: object) -> Answer:
        """What a new function of *code* answers to *event*."""
        return invoke(self.aws, self.make(code, **settings), event)


@pytest.fixture(scope="module")
def node_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An emulator whose Lambda has a Node.js of each version."""
    state_dir = tmp_path_factory.mktemp("nodes")
    runtimes = embedded.runtimes() | node_wheels.installed()
    installed = dataclasses.replace(embedded.installed(), runtimes=runtimes)
    started = emulator.start(state_dir, None, installed, tied=True)
    yield Aws(endpoint=started.endpoint)
    emulator.stop(state_dir)


@pytest.fixture(params=node_wheels.RUNTIMES)
def nodes(request: pytest.FixtureRequest, node_emulator: Aws) -> Nodes:
    """Of each version."""
    return Nodes(node_emulator, request.param)


@pytest.fixture(params=WITH_CALLBACKS)
def older(request: pytest.FixtureRequest, node_emulator: Aws) -> Nodes:
    """Of those that know callbacks."""
    return Nodes(node_emulator, request.param)


@pytest.fixture
def newest(node_emulator: Aws) -> Nodes:
    """Of the first that does not."""
    return Nodes(node_emulator, "nodejs24.x")


def test_an_es_module_cold_and_warm(nodes: Nodes) -> None:
    """It runs under its own Node.js, awaits at its top level, and stays warm."""
    name = nodes.make(
        """
        const start = await Promise.resolve(40);
        let runs = 0;
        export const handler = async (event) => [
            `nodejs${process.versions.node.split(".")[0]}.x`,
            process.env.AWS_EXECUTION_ENV, event, start + ++runs,
        ];
        """
    )
    for run, event in enumerate(({"é": "\u2028"}, None), start=1):
        expected = [nodes.runtime, f"AWS_Lambda_{nodes.runtime}", event, 40 + run]
        assert expected == invoke(nodes.aws, name, event).payload


def test_a_common_js_module(nodes: Nodes) -> None:
    """``index.js`` is CommonJS unless its package says otherwise, and may lie in a folder."""
    code = {"src/app.js": "exports.run = async (e) => require('./two').two * e;"}
    code["src/two.js"] = "module.exports = { two: 2 };"
    assert 42 == nodes.run(code, 21, handler="src/app.run").payload
    typed = {"index.js": "export const handler = async () => 'esm';"}
    typed["package.json"] = '{"type": "module"}'
    assert "esm" == nodes.run(typed).payload


def test_the_context(nodes: Nodes) -> None:
    """What AWS's context object has."""
    name = nodes.make(
        """
        export const handler = async (event, context) => ({
            ...context, left: context.getRemainingTimeInMillis(),
            root: process.env.LAMBDA_TASK_ROOT === process.cwd(),
        });
        """,
        MemorySize=256,
    )
    answer = invoke(nodes.aws, name)
    seen = answer.payload
    assert (answer.request_id, name, "$LATEST", "256", True) == (
        seen["awsRequestId"],
        seen["functionName"],
        seen["functionVersion"],
        seen["memoryLimitInMB"],
        seen["root"],
    )
    assert 0 < seen["left"] <= 10_000
    assert seen["invokedFunctionArn"].endswith(f":function:{name}")


def test_an_error_that_is_thrown(nodes: Nodes) -> None:
    """Unhandled, with type, message and trace, and the runtime's line in the log."""
    answer = nodes.run(
        """
        class OrderError extends Error { name = "OrderError"; }
        export const handler = async () => { throw new OrderError("no such order"); };
        """
    )
    assert "Unhandled" == answer.error
    assert {"errorType", "errorMessage", "trace"} == set(answer.payload)
    assert ("OrderError", "no such order") == (
        answer.payload["errorType"],
        answer.payload["errorMessage"],
    )
    assert "OrderError: no such order" == answer.payload["trace"][0]
    assert re.search(
        rf"Z\t{answer.request_id}\tERROR\tInvoke Error \t{{\"errorType\":\"OrderError\"", answer.log
    )


LOADS = {
    "no module": (
        {"other.mjs": ""},
        "Runtime.ImportModuleError",
        "Error: Cannot find module 'index'",
    ),
    "a package that is missing": (
        {"index.js": "require('left-pad'); exports.handler = async () => 1;"},
        "Runtime.ImportModuleError",
        "Error: Cannot find module 'left-pad'",
    ),
    "no handler": (
        {"index.mjs": "export const other = 1;"},
        "Runtime.HandlerNotFound",
        "index.handler is undefined or not exported",
    ),
    "a handler that is no function": (
        {"index.mjs": "export const handler = 1;"},
        "Runtime.HandlerNotFound",
        "index.handler is not a function",
    ),
    "a syntax error": (
        {"index.mjs": "export const handler = async ( => 1;"},
        "Runtime.UserCodeSyntaxError",
        "SyntaxError: ",
    ),
    "an error of its own": (
        {"index.mjs": "throw new RangeError('too far');"},
        "RangeError",
        "too far",
    ),
}


@pytest.mark.parametrize(("code", "kind", "message"), LOADS.values(), ids=LOADS)
def test_a_function_that_does_not_load_says_why(
    nodes: Nodes, code: dict[str, str], kind: str, message: str
) -> None:
    """What fails while loading is each invocation's error, with AWS's type and words."""
    answer = nodes.run(code)
    assert "Unhandled" == answer.error
    assert kind == answer.payload["errorType"]
    assert answer.payload["errorMessage"].startswith(message)


def test_exits_and_timeouts(nodes: Nodes) -> None:
    """A process that ends is Runtime.ExitError, one that does not answer in time is killed."""
    name = nodes.make(
        """
        let runs = 0;
        export const handler = async (event) => {
            runs += 1;
            if (event === "exit") process.exit(3);
            if (event === "hang") await new Promise((done) => setTimeout(done, 60_000));
            return runs;
        };
        """,
        Timeout=1,
    )
    assert [1, 2] == [invoke(nodes.aws, name).payload for _ in range(2)]
    answer = invoke(nodes.aws, name, "exit")
    message = f"RequestId: {answer.request_id} Error: Runtime exited with error: exit status 3"
    assert {"errorType": "Runtime.ExitError", "errorMessage": message} == answer.payload
    late = invoke(nodes.aws, name, "hang").payload["errorMessage"]
    assert "Task timed out after 1.00 seconds" in late
    assert 1 == invoke(nodes.aws, name).payload


def test_a_rejection_that_nobody_handles(older: Nodes) -> None:
    """Up to Node.js 22 AWS's client answers with it and ends the process; the next one is fresh."""
    name = older.make(
        """
        let runs = 0;
        export const handler = async (event) => {
            runs += 1;
            if (event) {
                Promise.reject(new TypeError("lost"));
                await new Promise((done) => setTimeout(done, 5_000));
            }
            return runs;
        };
        """
    )
    answer = invoke(older.aws, name, 1)
    assert ("Runtime.UnhandledPromiseRejection", "TypeError: lost") == (
        answer.payload["errorType"],
        answer.payload["errorMessage"],
    )
    assert "\tERROR\tUnhandled Promise Rejection \t" in answer.log
    assert 1 == invoke(older.aws, name).payload


def test_what_it_logs(nodes: Nodes) -> None:
    """Time, request and level before each message, in order, many lines in one event."""
    name = nodes.make(
        """
        console.log("loading");
        export const handler = async () => {
            console.log("one %d", 1, { a: [1] });
            console.error("two\\nlines");
            process.stdout.write("raw\\n");
        };
        """
    )
    answer = invoke(nodes.aws, name)
    assert answer.payload is None
    events = logged(nodes.aws, name, f"REPORT RequestId: {answer.request_id}")
    major = nodes.runtime.removeprefix("nodejs").removesuffix(".x")
    assert re.match(rf"INIT_START Runtime Version: nodejs:{major}\.\S*\t", events[0])
    words = [event.rstrip("\n").partition("Z\t")[2] for event in events[1:5]]
    assert re.fullmatch(r"(undefined|-)\tINFO\tloading", words[0])
    assert [
        f"{answer.request_id}\tINFO\tone 1 {{ a: [ 1 ] }}",
        f"{answer.request_id}\tERROR\ttwo\nlines",
    ] == words[2:4]
    assert "raw" == events[5].strip()


def test_the_json_format(nodes: Nodes) -> None:
    """LoggingConfig's format is what its console writes, too."""
    name = nodes.make(
        "export const handler = async () => { console.warn('careful'); console.debug('x'); };",
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "INFO"},
    )
    answer = invoke(nodes.aws, name)
    events = [json.loads(event) for event in logged(nodes.aws, name, "platform.report")]
    own = [event for event in events if "level" in event]
    assert [("WARN", "careful", answer.request_id)] == [
        (event["level"], event["message"], event["requestId"]) for event in own
    ]


def test_layers(nodes: Nodes) -> None:
    """Packages of /opt/nodejs are found by CommonJS and ES modules; the version's own first."""
    major = nodes.runtime.removesuffix(".x").replace("nodejs", "node")
    package = {
        "nodejs/node_modules/both/index.js": "module.exports = 'for all';",
        f"nodejs/{major}/node_modules/both/index.js": f"module.exports = 'for {major}';",
        "nodejs/node_modules/modern/package.json": json.dumps(
            {"name": "modern", "type": "module", "exports": {"import": "./esm.js"}}
        ),
        "nodejs/node_modules/modern/esm.js": "export const kind = 'esm';",
    }
    layer = nodes.aws.lambda_.publish_layer_version(
        LayerName="packages", Content={"ZipFile": functions.zipped(package)}
    )["LayerVersionArn"]
    module = """
        import both from "both";
        import { kind } from "modern";
        export const handler = async () => [both, kind];
        """
    assert [f"for {major}", "esm"] == nodes.run(module, Layers=[layer]).payload
    script = {"index.js": "const b = require('both'); exports.handler = async () => b;"}
    assert f"for {major}" == nodes.run(script, Layers=[layer]).payload
    missing = nodes.run("import 'nowhere'; export const handler = async () => 1;", Layers=[layer])
    assert missing.payload["errorMessage"].startswith("Cannot find package 'nowhere'")


def test_callbacks(older: Nodes) -> None:
    """A third argument answers, now or later; without an answer it is null once nothing is left."""
    code = {
        "index.js": """
        exports.handler = (event, context, callback) => {
            if (event === "now") callback(null, "at once");
            if (event === "later") setTimeout(() => callback(null, "at last"), 20);
            if (event === "error") callback(new RangeError("no"));
        };
        """
    }
    name = older.make(code)
    assert ["at once", "at last", None] == [
        invoke(older.aws, name, event).payload for event in ("now", "later", "never")
    ]
    assert "RangeError" == invoke(older.aws, name, "error").payload["errorType"]


def test_waiting_for_an_empty_event_loop(older: Nodes) -> None:
    """Asked not to, a callback's answer does not wait for what is left to do."""
    code = {
        "index.js": """
        exports.handler = (event, context, callback) => {
            context.callbackWaitsForEmptyEventLoop = event.waits;
            setTimeout(() => console.log("left over"), event.waits ? 50 : 60_000);
            callback(null, "done");
        };
        """
    }
    waiting = older.run(code, {"waits": True})
    assert "done" == waiting.payload
    assert "left over" in waiting.log
    assert "done" == older.run(code, {"waits": False}).payload


def test_callbacks_are_gone(newest: Nodes) -> None:
    """Node.js 24 refuses a handler with a callback while it loads, as AWS does."""
    answer = newest.run("export const handler = (event, context, callback) => callback(null, 1);")
    assert "Runtime.CallbackHandlerDeprecated" == answer.payload["errorType"]
    assert (
        "has removed support for callback-based function handlers"
        in (answer.payload["errorMessage"])
    )


def test_a_large_answer(nodes: Nodes) -> None:
    """Six megabytes come whole; more is AWS's error, and the next event is answered."""
    name = nodes.make("export const handler = async (event) => 'x'.repeat(event);")
    limit = 6_291_556
    assert limit - 2 == len(invoke(nodes.aws, name, limit - 2).payload)
    answer = invoke(nodes.aws, name, limit - 1)
    assert "Function.ResponseSizeTooLarge" == answer.payload["errorType"]
    assert "x" == invoke(nodes.aws, name, 1).payload


def test_an_answer_that_is_no_json(nodes: Nodes) -> None:
    """What cannot be serialised is the invocation's error."""
    answer = nodes.run("export const handler = async () => { const a = {}; a.a = a; return a; };")
    assert "Unhandled" == answer.error
    assert "Unable to stringify response body" == answer.payload["errorMessage"]


def test_memory_over_the_limit(nodes: Nodes) -> None:
    """A function that takes more memory than it has is killed, as on AWS."""
    name = nodes.make(
        """
        export const handler = async (event) => {
            const held = [];
            while (event) held.push(Buffer.alloc(8_000_000, 1));
            return "small";
        };
        """,
        MemorySize=256,
        Timeout=60,
    )
    answer = invoke(nodes.aws, name, 1)
    assert "Runtime.ExitError" == answer.payload["errorType"]
    assert "small" == invoke(nodes.aws, name, 0).payload


def test_what_lambda_switches_off(older: Nodes) -> None:
    """An ES module is not required, unless NODE_OPTIONS asks for it."""
    code = {
        "index.js": "const m = require('./m.mjs'); exports.handler = async () => m.value;",
        "m.mjs": "export const value = 7;",
    }
    assert "ERR_REQUIRE_ESM" in older.run(code).log
    options = {"Variables": {"NODE_OPTIONS": "--experimental-require-module"}}
    assert 7 == older.run(code, Environment=options).payload


def test_code_is_saved(nodes: Nodes) -> None:
    """An update of the code reaches the next invocation."""
    name = nodes.make("export const handler = async () => 'old';")
    assert "old" == invoke(nodes.aws, name).payload
    code = functions.zipped({"index.mjs": "export const handler = async () => 'new';"})
    nodes.aws.lambda_.update_function_code(FunctionName=name, ZipFile=code)
    functions.until_settled(nodes.aws, name)
    assert "new" == invoke(nodes.aws, name).payload
