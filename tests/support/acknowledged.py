"""Clients that use an emulator until it is killed, and know what it had acknowledged by then.

Each client is a thread with things of its own, so that what a thing must be is simple to say: what
the last acknowledged request made of it or, where one was under way, what that makes of it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from testbed.aws import Aws
from tests.support import functions

PLAIN: Final = "plain"
VERSIONED: Final = "versioned"
EFFECTS: Final = "effects"
FUNCTION: Final = "effect"
MACHINE: Final = "machine"
LARGEST: Final = 300_000
# Nobody repeats a request here: what is acknowledged is what the client was told.
ONCE: Final = Config(retries={"total_max_attempts": 1}, read_timeout=30)
# What a client is told when it is not told anything.
LOST: Final = (BotoCoreError, ClientError)

CODE: Final = """
import boto3

def handler(event, context):
    boto3.client("s3").put_object(Bucket="effects", Key=event["key"], Body=b"done")
    return event
"""
DEFINITION: Final = {
    "StartAt": "Mark",
    "States": {
        "Mark": {"Type": "Pass", "Result": {"was": "here"}, "ResultPath": "$.mark", "Next": "Do"},
        "Do": {"Type": "Task", "Resource": None, "ResultPath": "$.done", "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": 1, "Next": "End"},
        "End": {"Type": "Succeed"},
    },
}


@dataclasses.dataclass
class Thing:
    """Something that a client changes.

    Attributes:
        now: what it is by the last acknowledged request; None for nothing.
        perhaps: what a request under way may have made of it.
    """

    now: Any = None
    perhaps: list[Any] = dataclasses.field(default_factory=list)

    def change(self, value: Any, request: Callable[[], Any]) -> Any:
        """Have *request* make *value* of it; it has, once it was answered."""
        self.perhaps.append(value)
        answer = request()
        self.now, self.perhaps = value, []
        return answer

    def settle(self, found: Any) -> None:
        """See that it is one of what it may be, and go on from there."""
        assert found in [self.now, *self.perhaps], (found, self)
        self.now, self.perhaps = found, []


class Client:
    """Makes one random request after another until nobody answers.

    Attributes:
        count: how many were acknowledged.
        trouble: an error that no crash explains.
    """

    def __init__(self, name: str, seed: int) -> None:
        self.name = name
        self.random = random.Random(f"{seed} {name}")
        self.count = 0
        self.trouble: Exception | None = None

    def work(self, aws: Aws, killed: threading.Event) -> None:
        """Make one after another until nobody answers, which *killed* explains."""
        while not killed.is_set():
            try:
                self.request(aws)
                self.count += 1
            except LOST as error:
                if not killed.wait(timeout=10):
                    self.trouble = error
                return

    def request(self, aws: Aws) -> None:
        """Make one."""
        raise NotImplementedError

    def check(self, aws: Aws) -> None:
        """See that what was acknowledged is so."""
        raise NotImplementedError

    def body(self) -> bytes:
        """Some bytes."""
        return self.random.randbytes(self.random.choice([0, 10, 5_000, LARGEST]))


class Writer(Client):
    """Puts, overwrites and deletes objects of a few keys."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(name, seed)
        self.things = {f"{name}/{number}": Thing() for number in range(5)}

    def request(self, aws: Aws) -> None:
        """Put one, with metadata, or delete one or some."""
        key = self.random.choice(list(self.things))
        chosen = self.random.random()
        if chosen < 0.15:
            self.things[key].change(None, lambda: aws.s3.delete_object(Bucket=PLAIN, Key=key))
            return
        body, mark = self.body(), str(self.random.random())
        self.things[key].change(
            (_digest(body), mark),
            lambda: aws.s3.put_object(Bucket=PLAIN, Key=key, Body=body, Metadata={"mark": mark}),
        )

    def check(self, aws: Aws) -> None:
        """Each object is what the last request made of it, with its own metadata."""
        there = _listed(aws, PLAIN, f"{self.name}/")
        for key, thing in self.things.items():
            found = None
            if key in there:
                answer = aws.s3.get_object(Bucket=PLAIN, Key=key)
                found = (_digest(answer["Body"].read()), answer["Metadata"]["mark"])
            thing.settle(found)


class VersionWriter(Client):
    """Puts and deletes versions of one key, and never the same twice."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(name, seed)
        self.versions: dict[str, str] = {}
        self.deleted: set[str] = set()
        self.going: str | None = None

    def request(self, aws: Aws) -> None:
        """Put a version, or delete one for good."""
        if self.versions and self.random.random() < 0.2:
            self.going = self.random.choice(list(self.versions))
            aws.s3.delete_object(Bucket=VERSIONED, Key=self.name, VersionId=self.going)
            del self.versions[self.going]
            self.deleted.add(self.going)
            self.going = None
            return
        body = self.body()
        made = aws.s3.put_object(Bucket=VERSIONED, Key=self.name, Body=body)
        self.versions[made["VersionId"]] = _digest(body)

    def check(self, aws: Aws) -> None:
        """Every version that was acknowledged is there, and none that was deleted."""
        listed = aws.s3.list_object_versions(Bucket=VERSIONED, Prefix=self.name)
        there = {each["VersionId"] for each in listed.get("Versions", [])}
        assert not there & self.deleted
        if self.going is not None and self.going not in there:
            self.deleted.add(self.going)
            del self.versions[self.going]
        self.going = None
        for version, digest in self.versions.items():
            answer = aws.s3.get_object(Bucket=VERSIONED, Key=self.name, VersionId=version)
            assert _digest(answer["Body"].read()) == digest


class Uploader(Client):
    """Uploads in parts, and goes on after a crash with the parts that it was told are there."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(name, seed)
        self.upload: str | None = None
        self.parts: dict[int, tuple[str, str]] = {}
        self.object = Thing()

    def request(self, aws: Aws) -> None:
        """Begin an upload, upload a part, or complete it."""
        named: Any = {"Bucket": PLAIN, "Key": self.name, "UploadId": self.upload}
        if self.upload is None:
            self.parts = {}
            made = aws.s3.create_multipart_upload(Bucket=PLAIN, Key=self.name)
            self.upload = made["UploadId"]
        elif self.parts and self.random.random() < 0.5:
            # One part alone may be small; more would have to be 5 MB each.
            number, (digest, etag) = next(iter(self.parts.items()))
            parts: Any = {"Parts": [{"PartNumber": number, "ETag": etag}]}
            self.object.change(
                digest,
                lambda: aws.s3.complete_multipart_upload(**named, MultipartUpload=parts),
            )
            self.upload = None
        else:
            body, number = self.body(), self.random.randint(1, 3)
            self.parts.pop(number, None)  # whichever it is, until this is answered
            part = aws.s3.upload_part(**named, PartNumber=number, Body=body)
            self.parts[number] = (_digest(body), part["ETag"])

    def check(self, aws: Aws) -> None:
        """The object is what was completed last; an upload has the parts that it was told."""
        found = None
        if self.name in _listed(aws, PLAIN, self.name):
            found = _digest(aws.s3.get_object(Bucket=PLAIN, Key=self.name)["Body"].read())
        was_completed = bool(self.object.perhaps) and found == self.object.perhaps[-1]
        self.object.settle(found)
        if self.upload is None:
            return
        uploads = aws.s3.list_multipart_uploads(Bucket=PLAIN).get("Uploads", [])
        if self.upload not in [each["UploadId"] for each in uploads]:
            assert was_completed, "an upload that was acknowledged is gone"
            self.upload = None
            return
        listed = aws.s3.list_parts(Bucket=PLAIN, Key=self.name, UploadId=self.upload)
        there = {each["PartNumber"]: each["ETag"] for each in listed.get("Parts", [])}
        for number, (_, etag) in self.parts.items():
            assert there[number] == etag


class Provisioner(Client):
    """Makes and removes roles, log groups, rules and functions."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(name, seed)
        self.role, self.group, self.events = Thing(), Thing(), Thing([])
        self.description, self.rule = Thing(), Thing()

    def request(self, aws: Aws) -> None:
        """One of those."""
        self.random.choice(
            [self._change_role, self._change_group, self._log, self._describe, self._change_rule]
        )(aws)

    def check(self, aws: Aws) -> None:
        """Each is what the last request made of it."""
        roles = {each["RoleName"]: each for each in aws.iam.list_roles()["Roles"]}
        role = roles.get(self.name)
        self.role.settle(role and role.get("Description"))
        [group] = aws.logs.describe_log_groups(logGroupNamePrefix=self.name)["logGroups"]
        self.group.settle(group.get("retentionInDays"))
        told = aws.logs.get_log_events(
            logGroupName=self.name, logStreamName="stream", startFromHead=True
        )
        self.events.settle([each["message"] for each in told["events"]])
        found = aws.lambda_.get_function_configuration(FunctionName=FUNCTION)
        self.description.settle(found["Description"] or None)
        rules = aws.client("events").list_rules(NamePrefix=self.name)["Rules"]
        self.rule.settle(rules[0]["EventPattern"] if rules else None)

    def begin(self, aws: Aws) -> None:
        """Make what is only ever changed."""
        aws.logs.create_log_group(logGroupName=self.name)
        aws.logs.create_log_stream(logGroupName=self.name, logStreamName="stream")

    def _change_role(self, aws: Aws) -> None:
        if self.role.now is not None:
            self.role.change(None, lambda: aws.iam.delete_role(RoleName=self.name))
            return
        text = str(self.random.random())
        self.role.change(
            text,
            lambda: aws.iam.create_role(
                RoleName=self.name, AssumeRolePolicyDocument="{}", Description=text
            ),
        )

    def _change_group(self, aws: Aws) -> None:
        days: Any = self.random.choice([1, 3, 5, 7])
        self.group.change(
            days,
            lambda: aws.logs.put_retention_policy(logGroupName=self.name, retentionInDays=days),
        )

    def _log(self, aws: Aws) -> None:
        text = str(self.random.random())
        event: Any = {"timestamp": int(time.time() * 1000), "message": text}
        self.events.change(
            [*self.events.now, text],
            lambda: aws.logs.put_log_events(
                logGroupName=self.name, logStreamName="stream", logEvents=[event]
            ),
        )

    def _describe(self, aws: Aws) -> None:
        text = str(self.random.random())
        functions.until_settled(aws, FUNCTION)
        self.description.change(
            text,
            lambda: aws.lambda_.update_function_configuration(
                FunctionName=FUNCTION, Description=text
            ),
        )

    def _change_rule(self, aws: Aws) -> None:
        pattern = json.dumps({"source": [str(self.random.random())]})
        self.rule.change(
            pattern, lambda: aws.client("events").put_rule(Name=self.name, EventPattern=pattern)
        )


class Starter(Client):
    """Starts executions and asynchronous invocations, each with an effect of its own."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(name, seed)
        self.machine = ""
        self.executions: dict[str, str] = {}
        self.effects: list[str] = []

    def request(self, aws: Aws) -> None:
        """Start one of the two."""
        key = f"{self.name}/{self.random.random()}"
        if self.random.random() < 0.5:
            started = aws.stepfunctions.start_execution(
                stateMachineArn=self.machine, input=json.dumps({"key": key})
            )
            self.executions[started["executionArn"]] = key
        else:
            aws.lambda_.invoke(
                FunctionName=FUNCTION,
                InvocationType="Event",
                Payload=json.dumps({"key": key}).encode(),
            )
        self.effects.append(key)

    def check(self, aws: Aws) -> None:
        """Each execution that was started is there, and not for nothing."""
        for arn in self.executions:
            told = aws.stepfunctions.describe_execution(executionArn=arn)
            assert told["status"] in ("RUNNING", "SUCCEEDED"), told

    def missing(self, aws: Aws) -> list[str]:
        """What has not happened yet of what was accepted."""
        there = _listed(aws, EFFECTS, f"{self.name}/")
        return [each for each in self.effects if each not in there]

    def unfinished(self, aws: Aws) -> list[str]:
        """The executions that did not succeed yet."""
        found = []
        for page in aws.stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=self.machine, statusFilter="SUCCEEDED"
        ):
            found += [each["executionArn"] for each in page["executions"]]
        return sorted(set(self.executions) - set(found))


def begin(aws: Aws) -> str:
    """Make what the clients use; the ARN of the state machine."""
    for bucket in (PLAIN, VERSIONED, EFFECTS):
        aws.s3.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
        )
    aws.s3.put_bucket_versioning(Bucket=VERSIONED, VersioningConfiguration={"Status": "Enabled"})
    aws.lambda_.create_function(
        FunctionName=FUNCTION,
        Runtime="python3.13",
        Role=functions.ROLE,
        Handler="app.handler",
        Timeout=10,
        Code={"ZipFile": functions.zipped(CODE)},
    )
    functions.until_settled(aws, FUNCTION)
    arn = aws.lambda_.get_function(FunctionName=FUNCTION)["Configuration"]["FunctionArn"]
    definition = json.dumps(DEFINITION).replace("null", json.dumps(arn))
    made = aws.stepfunctions.create_state_machine(
        name=MACHINE, definition=definition, roleArn=functions.ROLE
    )
    return made["stateMachineArn"]


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _listed(aws: Aws, bucket: str, prefix: str) -> set[str]:
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return {each["Key"] for page in pages for each in page.get("Contents", [])}
