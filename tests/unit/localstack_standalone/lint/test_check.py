"""Bad examples, each with the one code that it is for, and good ones that nothing is said of."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from localstack_standalone.lint import check, document
from localstack_standalone.lint.codes import CODES

Files = dict[str, str | bytes]
"""A project: what is in each file, by its name."""

FUNCTION_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:resize"
INVOKE = "arn:aws:states:::lambda:invoke"
DONE = {"Type": "Succeed"}
TASK = {"Type": "Task", "Resource": FUNCTION_ARN, "End": True}
STATES_ACTION = "arn:aws:apigateway:eu-west-1:states:action/StartExecution"
ROLE_ARN = "arn:aws:iam::123456789012:role/api"
TURNED_BACK = """{"input": "$util.escapeJavaScript($input.body).replaceAll("\\\\'","'")"}"""
PATTERNS = {"default": {"statusCode": "200"}, r"4\d{2}": {"statusCode": "400"}}
HANDLER = "def handler(event, context):\n    {}\n"


def machine(start: str, **states: Any) -> Files:
    return {"m.asl.json": json.dumps({"StartAt": start, "States": states}, indent=2)}


def choice(variable: str, **before: Any) -> Files:
    """A machine whose Choice "Which" compares *variable* after the states *before*."""
    rule = {"Variable": variable, "BooleanEquals": True, "Next": "Done"}
    which = {"Type": "Choice", "Choices": [rule], "Default": "Done"}
    return machine(next(iter(before)), **(before | {"Which": which, "Done": DONE}))


def retrying(timeout_s: int, **retrier: Any) -> Files:
    task = {**TASK, "Retry": [{"ErrorEquals": ["States.ALL"], **retrier}]}
    text = {"StartAt": "T", "TimeoutSeconds": timeout_s, "States": {"T": task}}
    return {"m.asl.json": json.dumps(text)}


def api(**integration: Any) -> Files:
    written = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": STATES_ACTION,
        "credentials": ROLE_ARN,
        "responses": PATTERNS,
        **integration,
    }
    method = {"x-amazon-apigateway-integration": written}
    document = {"openapi": "3.0.1", "info": {}, "paths": {"/process": {"post": method}}}
    return {"api.json": json.dumps(document)}


def template(kind: str, more: Files | None = None, **properties: Any) -> Files:
    resources = {"Thing": {"Type": f"AWS::{kind}", "Properties": properties}}
    return {"template.yaml": yaml.safe_dump({"Resources": resources}), **(more or {})}


def function(more: Files | None = None, **properties: Any) -> Files:
    given = {"Handler": "app.handler", "Runtime": "python3.13", **properties}
    return template("Serverless::Function", more, **given)


def allowing(*actions: str) -> list[Any]:
    return [{"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}]


def code(*lines: str, tops: Iterable[str] = ()) -> Files:
    """A module with a handler that does *lines*."""
    return {"app.py": "\n".join([*tops, HANDLER.format("\n    ".join(lines))])}


def archive(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, inside in files.items():
            made.writestr(name.replace("__", "."), inside)
    return content.getvalue()


def large_when_unfolded() -> bytes:
    """An archive whose directory promises a file of 251 MB."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("zeros", b"")
        made.filelist[0].file_size = 251 * 1024 * 1024
    return content.getvalue()


def elf(machine_: int) -> bytes:
    """The head of a library: 64 bits, little-endian, for *machine_*."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HH", 3, machine_) + bytes(44)


def zipped(content: bytes, **properties: Any) -> Files:
    return function({"code.zip": content}, CodeUri="code.zip", **properties)


def role(service: str, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    properties = {"AssumeRolePolicyDocument": {"Statement": [statement]}, **more}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def with_role(kind: str, made: dict[str, Any], **properties: Any) -> Files:
    resources = {
        "Role": made,
        "Thing": {
            "Type": f"AWS::{kind}",
            "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}, **properties},
        },
    }
    return {"template.json": json.dumps({"Resources": resources})}


PUT = ("import boto3", 's3 = boto3.client("s3")')

BAD: dict[str, tuple[str, Files]] = {
    # Definitions
    "a definition with a comma too few": ("LS001", {"m.asl.json": '{"StartAt": "A" "States": {}}'}),
    "YAML that is none": ("LS001", {"m.asl.yaml": "StartAt: [A"}),
    "Next leads nowhere": ("LS101", machine("A", A={"Type": "Pass", "Next": "B"})),
    "a state nobody comes to": ("LS101", machine("A", A=DONE, B=DONE)),
    "no StartAt": ("LS101", {"m.asl.json": json.dumps({"States": {"A": DONE}})}),
    "a field of another type of state": ("LS101", machine("A", A={**DONE, "Next": "A"})),
    "within a Map": (
        "LS101",
        machine(
            "M",
            M={
                "Type": "Map",
                "ItemProcessor": {"StartAt": "X", "States": {"A": DONE}},
                "End": True,
            },
        ),
    ),
    "JSONata that does not parse": (
        "LS101",
        machine(
            "A", A={"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 + %}", "End": True}
        ),
    ),
    "in a template": (
        "LS101",
        template("Serverless::StateMachine", Definition={"StartAt": "B", "States": {"A": DONE}}),
    ),
    "as a text in a template": (
        "LS101",
        template(
            "StepFunctions::StateMachine",
            DefinitionString={"Fn::Sub": '{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}'},
        ),
    ),
    "a path without its dollar": (
        "LS102",
        machine("A", A={"Type": "Pass", "Parameters": {"x": "$.y"}, "End": True}),
    ),
    "the result of lambda:invoke without Payload": (
        "LS103",
        choice(
            "$.success",
            T={
                "Type": "Task",
                "Resource": INVOKE,
                "Parameters": {"FunctionName": "f", "Payload.$": "$"},
                "Next": "Which",
            },
        ),
    ),
    "what a Pass does not give": (
        "LS103",
        choice("$.ready", P={"Type": "Pass", "Result": {"done": True}, "Next": "Which"}),
    ),
    "what a ResultSelector leaves out": (
        "LS103",
        choice(
            "$.b",
            T={
                **{k: v for k, v in TASK.items() if k != "End"},
                "ResultSelector": {"a.$": "$.a"},
                "Next": "Which",
            },
        ),
    ),
    "what a Wait passes on": (
        "LS103",
        choice(
            "$.ready",
            P={"Type": "Pass", "Result": {"done": True}, "Next": "W"},
            W={"Type": "Wait", "Seconds": 1, "Next": "Which"},
        ),
    ),
    "after a Catch": (
        "LS103",
        choice(
            "$.ok",
            T={
                "Type": "Task",
                "Resource": FUNCTION_ARN,
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Which"}],
                "Next": "Which",
            },
        ),
    ),
    "a Choice on the input": ("LS106", choice("$.size", Which={})),
    "waits that double": ("LS104", retrying(60, IntervalSeconds=2, MaxAttempts=8)),
    "waits that stay": (
        "LS104",
        retrying(30, IntervalSeconds=10, MaxAttempts=4, BackoffRate=1.0),
    ),
    "a definition of more than 1 MB": (
        "LS105",
        machine("A", A={"Type": "Pass", "Result": "x" * 1_048_576, "End": True}),
    ),
    # APIs
    "an apostrophe in a body": (
        "LS201",
        api(
            requestTemplates={
                "application/json": '{"input": "$util.escapeJavaScript($input.body)"}'
            }
        ),
    ),
    "an apostrophe in one of two": (
        "LS201",
        api(
            requestTemplates={
                "application/json": TURNED_BACK
                + '{"name": "$util.escapeJavaScript($input.params(\'n\'))"}'
            }
        ),
    ),
    "an API that starts executions without a role": ("LS202", api(credentials=None)),
    "a method of CloudFormation without a role": (
        "LS202",
        template(
            "ApiGateway::Method",
            Integration={
                "Type": "AWS",
                "Uri": {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:sqs:path/1/q"},
                "IntegrationResponses": [{"StatusCode": 400, "SelectionPattern": r"4\d\d"}],
            },
        ),
    ),
    "only a default response": ("LS203", api(responses={"default": {"statusCode": "200"}})),
    "a pattern for 5xx alone": ("LS203", api(responses={r"5\d{2}": {"statusCode": "500"}})),
    # Code
    "an endpoint as an argument": (
        "LS301",
        code("boto3.client('s3', endpoint_url='http://localhost:4566')", tops=["import boto3"]),
    ),
    "an endpoint in a constant": (
        "LS301",
        code("return URL", tops=["URL = 'https://s3.localhost.localstack.cloud:4566/b'"]),
    ),
    "an emulator's variable": (
        "LS301",
        code("return os.environ['LOCALSTACK_HOSTNAME']", tops=["import os"]),
    ),
    "an endpoint in a function's variables": (
        "LS301",
        function(Environment={"Variables": {"ENDPOINT": "http://127.0.0.1:4566"}}),
    ),
    "a relative path": ("LS302", code("open('cache.json', 'w').write('{}')")),
    "beside the module": (
        "LS302",
        code("(Path(__file__).parent / 'log').write_text('')", tops=["from pathlib import Path"]),
    ),
    "a folder beside the module": ("LS302", code("os.makedirs('out')", tops=["import os"])),
    "a file as large as a disk": (
        "LS303",
        code("open('/tmp/f', 'wb').write(b'0' * (600 * 1024 * 1024))"),
    ),
    "keys": (
        "LS304",
        code("boto3.client('s3', aws_access_key_id='test')", tops=["import boto3"]),
    ),
    "an ARN of the emulator's account": (
        "LS305",
        code("return 'arn:aws:sns:eu-west-1:000000000000:t'"),
    ),
    "the same in a template": (
        "LS305",
        template("SNS::Subscription", TopicArn="arn:aws:sns:eu-west-1:000000000000:t"),
    ),
    "a call that the role does not allow": (
        "LS306",
        function(
            code("s3.put_object(Bucket='b', Key='k', Body=b'')", tops=PUT),
            CodeUri=".",
            Policies=allowing("s3:GetObject"),
        ),
    ),
    "a call in a module that the handler imports": (
        "LS306",
        function(
            {
                "app.py": "import store\n" + HANDLER.format("store.put()"),
                "store.py": "\n".join([*PUT, "def put():", "    s3.list_objects_v2(Bucket='b')"]),
            },
            CodeUri=".",
            Policies=allowing("s3:GetObject", "s3:PutObject"),
        ),
    ),
    "a task that the machine's role does not allow": (
        "LS306",
        with_role(
            "StepFunctions::StateMachine",
            role(
                "states.amazonaws.com",
                Policies=[{"PolicyDocument": allowing("lambda:GetFunction")[0]}],
            ),
            RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
            Definition={
                "StartAt": "T",
                "States": {
                    "T": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::sqs:sendMessage",
                        "Parameters": {"QueueUrl": "q", "MessageBody": "m"},
                        "End": True,
                    }
                },
            },
        ),
    ),
    "code that is no Python": (
        "LS001",
        function({"app.py": "def handler(event, context)\n"}, CodeUri="."),
    ),
    # Templates
    "one bucket under two names": (
        "LS401",
        function(Environment={"Variables": {"IN_BUCKET": "${B}", "OUT_BUCKET": "${B}"}}),
    ),
    "a bucket's name": ("LS402", template("S3::Bucket", BucketName="images")),
    "a bucket in capitals": ("LS403", template("S3::Bucket", BucketName="MyImages")),
    "a bucket called by an address": ("LS403", template("S3::Bucket", BucketName="10.0.0.1")),
    "a long name": ("LS404", function(FunctionName="f" * 65)),
    "a long policy": (
        "LS404",
        template(
            "IAM::Role",
            Policies=[{"PolicyDocument": allowing(*(f"s3:Get{n}" for n in range(1500)))[0]}],
        ),
    ),
    "a function of an hour": ("LS405", function(Timeout=3600)),
    "a function of 64 MB": ("LS405", function(MemorySize=64)),
    "a /tmp of 20 GB": ("LS405", function(EphemeralStorage={"Size": 20_480})),
    "variables of 5 KB": ("LS405", function(Environment={"Variables": {"A": "x" * 5000}})),
    "Lambda's own variable": (
        "LS406",
        function(Environment={"Variables": {"AWS_REGION": "eu-west-1"}}),
    ),
    "a definition that is not there": (
        "LS407",
        template("Serverless::StateMachine", DefinitionUri="m.asl.json"),
    ),
    "a role of another service": (
        "LS408",
        with_role("Lambda::Function", role("states.amazonaws.com"), Code={"ZipFile": ""}),
    ),
    # Archives
    "a library for arm64": ("LS501", zipped(archive(_x__so=elf(183)))),
    "a library for x86_64": ("LS501", zipped(archive(_x__so=elf(62)), Architectures=["arm64"])),
    "a library for macOS": ("LS501", zipped(archive(_x__so=b"\xcf\xfa\xed\xfe" + bytes(60)))),
    "a library for Windows": ("LS501", {"code.zip": archive(_x__pyd=b"MZ" + bytes(60))}),
    "a library for Python 3.12": (
        "LS502",
        zipped(archive(**{"_x.cpython-312-x86_64-linux-gnu.so": elf(62)})),
    ),
    "a zip that is none": ("LS001", {"code.zip": b"PK but no zip"}),
    "a zip that unfolds": ("LS504", {"code.zip": large_when_unfolded()}),
    # Silence
    "silence without a reason": ("LS002", code("pass  # lint-ignore[LS301]")),
}


def made(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def found(folder: Path) -> list[str]:
    return [each.code for each in check.check([folder])]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_example_is_found(tmp_path: Path, name: str) -> None:
    """Once, and nothing else is said of it."""
    expected, files = BAD[name]
    assert {expected} == set(found(made(tmp_path, files)))


def test_every_code_has_its_example() -> None:
    """LS503 alone is tried apart: its file is large."""
    assert set(CODES) - {"LS503"} == {code_ for code_, _ in BAD.values()}


def test_an_archive_of_more_than_50_mb_is_found(tmp_path: Path) -> None:
    with (tmp_path / "code.zip").open("wb") as large:
        large.seek(51 * 1024 * 1024)
        large.write(archive(app__py=b""))
    assert ["LS503"] == found(tmp_path)


GOOD: dict[str, Files] = {
    "a Choice that asks first": machine(
        "Which",
        Which={
            "Type": "Choice",
            "Choices": [
                {
                    "And": [
                        {"Variable": "$.x", "IsPresent": True},
                        {"Variable": "$.x", "BooleanEquals": True},
                    ],
                    "Next": "Done",
                }
            ],
            "Default": "Done",
        },
        Done=DONE,
    ),
    "a Choice that ruled it out before": machine(
        "Which",
        Which={
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.x", "IsPresent": False, "Next": "Done"},
                {"Variable": "$.x", "BooleanEquals": True, "Next": "Done"},
            ],
            "Default": "Done",
        },
        Done=DONE,
    ),
    "a Choice on what a function gives": choice(
        "$.success", T={"Type": "Task", "Resource": FUNCTION_ARN, "Next": "Which"}
    ),
    "a Choice in the Payload": choice(
        "$.Payload.success",
        T={
            "Type": "Task",
            "Resource": INVOKE,
            "Parameters": {"FunctionName": "f"},
            "Next": "Which",
        },
    ),
    "substitutions": {
        "m.asl.json": json.dumps(
            {
                "StartAt": "T",
                "States": {
                    "T": {
                        "Type": "Task",
                        "Resource": INVOKE,
                        "Parameters": {"FunctionName": "${Function}", "Payload.$": "$"},
                        "End": True,
                    }
                },
            }
        )
    },
    "states called Yes and No in YAML": {
        "m.asl.yaml": "StartAt: Yes\nStates:\n"
        "  Yes: {Type: Pass, Next: No}\n  No: {Type: Succeed}\n"
    },
    "JSON with tabs": {
        "m.asl.json": '{\t"StartAt":\t"A",\n\t"States": {"A": {"Type": "Succeed"}}}'
    },
    "a template that turns apostrophes back": api(
        requestTemplates={"application/json": TURNED_BACK}
    ),
    "a function without a role": api(
        uri=f"arn:aws:apigateway:eu-west-1:lambda:path/functions/{FUNCTION_ARN}/invocations",
        credentials=None,
        responses={"default": {}, ".*error.*": {}},
    ),
    "a mock": api(type="mock", uri=None, credentials=None, responses={}),
    "writing to /tmp": code("open('/tmp/x', 'w')", "open('data.json')", "open(event['p'], 'w')"),
    "an endpoint of AWS": code(
        "boto3.client('s3', endpoint_url='https://s3.eu-west-1.amazonaws.com')"
    ),
    "an extension of Lambda": code("return 'http://localhost:2773/secretsmanager/get?secretId=a'"),
    "an extension whose port is a variable": code(
        "return 'http://localhost:' + event['port'], {'X-Aws-Parameters-Secrets-Token': 't'}"
    ),
    "localhost where no function is": {"serve.py": "URL = 'http://localhost:8000'\n"},
    "localhost in a docstring": {"app.py": '"""At http://localhost."""\n' + HANDLER.format("pass")},
    "a test": {"test_app.py": HANDLER.format("URL = 'http://localhost'")},
    "what the role allows": function(
        code("s3.put_object(Bucket='b', Key='k')", "s3.get_paginator('x')", tops=PUT),
        CodeUri=".",
        Policies=allowing("s3:Put*"),
    ),
    "a policy that is not known": function(
        code("s3.put_object(Bucket='b', Key='k')", tops=PUT), CodeUri=".", Policies=["S3CrudPolicy"]
    ),
    "a regional principal": with_role(
        "StepFunctions::StateMachine",
        role({"Fn::Sub": "states.${AWS::Region}.amazonaws.com"}),  # type: ignore[arg-type]
        RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
        Definition={"StartAt": "A", "States": {"A": DONE}},
    ),
    "a bucket named by the account": template(
        "S3::Bucket", BucketName={"Fn::Sub": "images-${AWS::AccountId}"}
    ),
    "a library of Lambda's": zipped(
        archive(**{"_x.cpython-313-x86_64-linux-gnu.so": elf(62), "_y.abi3.so": elf(62)})
    ),
    "no document of ours": {"chart.yaml": "a: {{ .Values.b }}\n", "package.json": '{"name": "x"}'},
    "a list of documents": {"k8s.yaml": "a: 1\n---\nb: 2\n"},
    "silence in the line": code("return 'http://localhost'  # lint-ignore[LS301] in tests alone"),
    "silence in the line before": code(
        "# lint-ignore[LS301] in tests alone", "return 'http://localhost'"
    ),
    "silence in a Comment": machine(
        "A",
        A={
            "Type": "Pass",
            "Comment": "lint-ignore[LS102] a text that begins with a dollar",
            "Parameters": {"x": "$.y"},
            "End": True,
        },
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_said_of_a_good_example(tmp_path: Path, name: str) -> None:
    assert [] == found(made(tmp_path, GOOD[name]))


def test_a_finding_has_its_place(tmp_path: Path) -> None:
    """Line and column of what is wrong, in JSON and in YAML's short forms."""
    made(tmp_path, machine("A", A={"Type": "Pass", "Next": "B"}))
    (tmp_path / "t.yaml").write_text(
        "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n"
        "      Tags: [{Key: x, Value: !Ref Y}]\n      BucketName: NO\n"
    )
    places = {(each.path.name, each.line, each.column) for each in check.check([tmp_path])}
    assert {("m.asl.json", 1, 1), ("m.asl.json", 6, 7), ("t.yaml", 6, 7)} == places


@pytest.mark.parametrize(
    "content",
    [
        "a: &a [x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{after}: &{after} [{', '.join([f'*{before}'] * 8)}]\n"
            for before, after in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "[" * 100_000,
        "&a [*a]",
        "!!python/object/apply:os.system ['true']",
        "\x00",
    ],
    ids=["aliases of aliases", "deep", "within itself", "an object", "no text"],
)
def test_a_hostile_document_ends_in_a_finding(tmp_path: Path, content: str) -> None:
    """It is refused by its size or depth, makes no object, and takes no time."""
    (tmp_path / "m.asl.yaml").write_text(content)
    assert ["LS001"] == found(tmp_path) or "object" in content


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(check.NothingThereError, match="none is not there"):
        check.check([tmp_path / "none"])


def test_what_was_installed_is_not_ours(tmp_path: Path) -> None:
    """Packages beside a function, environments, node_modules and hidden folders."""
    bad = HANDLER.format("return 'http://localhost'")
    for name in (".git", "node_modules", "env/lib", "code/their"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "app.py").write_text(bad)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "code" / "their-1.dist-info").mkdir()
    (tmp_path / "code" / "their-1.dist-info" / "RECORD").write_text("their/app.py,sha256=x,1\n")
    made(tmp_path, function(CodeUri="code"))
    assert [] == found(tmp_path)


def test_a_document_of_no_concern_is_not_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package's lock has a megabyte; a project has many."""
    parsed: list[str] = []
    read = document.read

    def noted(path: Path) -> document.Document:
        parsed.append(path.name)
        return read(path)

    monkeypatch.setattr(document, "read", noted)
    made(tmp_path, {"package-lock.json": '{"name": "x", "packages": {}}', **machine("A", A=DONE)})
    assert [] == found(tmp_path)
    assert ["m.asl.json"] == parsed
