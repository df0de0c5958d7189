"""What a check works with: clients, names of its own, and all it makes cleared away behind it."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import textwrap
import time
import uuid
import zipfile
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Self

import requests
from botocore.exceptions import ClientError

from conformance.check import DiffersError, matches, member, same
from testbed import names, waiting

if TYPE_CHECKING:
    from conformance.clients import EngineClients
    from testbed.aws import Aws

MARK: Final = "conformance"
STAGE: Final = "test"
POLL_S: Final = 0.1
HTTP_TIMEOUT_S: Final = 15.0
# What is no answer of an API, but of an emulator that knows no such address.
UNKNOWN_ADDRESS: Final = frozenset({404, 405, 500, 501})


class Workshop:
    """One check's place in the emulator; leaving it deletes what was made, the last first."""

    def __init__(self, clients: EngineClients, timeout_s: float) -> None:
        self.clients = clients
        self._deadline = time.monotonic() + timeout_s
        self._made = contextlib.ExitStack()
        self._numbers = itertools.count(1)
        self._id = uuid.uuid4().hex[:10]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._made.close()

    @property
    def aws(self) -> Aws:
        """Typed clients."""
        return self.clients.aws

    def afterwards(self, undo: Callable[..., Any], /, **arguments: Any) -> None:
        """Call *undo* when the check is over; what is gone by then is no error."""

        def tried() -> None:
            with contextlib.suppress(Exception):
                undo(**arguments)

        self._made.callback(tried)

    def name(self) -> str:
        """A new one, of small letters, digits and hyphens, that nothing else has."""
        return f"{MARK}-{self._id}-{next(self._numbers)}"

    def until[T](self, probe: Callable[[], tuple[T | None, str]], what: str) -> T:
        """Wait until *probe* gives something, for as long as the check has.

        Raises:
            WaitTimeout: it did not.
        """
        left_s = max(0.0, self._deadline - time.monotonic())
        return waiting.until(probe, what, timeout_s=left_s, interval_s=POLL_S)

    def bucket(self, **settings: Any) -> str:
        """A new one, in the testbed's region."""
        name, s3 = self.name(), self.aws.s3
        where: Any = {"LocationConstraint": names.REGION}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=where, **settings)
        self.afterwards(s3.delete_bucket, Bucket=name)
        self.afterwards(self._empty, bucket=name)
        return name

    def role(self, service: str) -> str:
        """ARN of a new role that *service*, such as ``lambda``, may take on, and that may all."""
        name, iam = self.name(), self.aws.iam
        trust = statement(
            Action="sts:AssumeRole", Principal={"Service": f"{service}.amazonaws.com"}
        )
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        self.afterwards(iam.delete_role, RoleName=name)
        iam.put_role_policy(
            RoleName=name, PolicyName="all", PolicyDocument=statement(Action="*", Resource="*")
        )
        self.afterwards(iam.delete_role_policy, RoleName=name, PolicyName="all")
        return str(member("CreateRole", made, "Role", "Arn"))

    def function(self, code: str | Mapping[str, str], **settings: Any) -> str:
        """ARN of a new function of ``main.handler``, when it is active.

        Args:
            code: that of ``main.py``, or several files.
            settings: of CreateFunction, beside those of every function.

        Raises:
            DiffersError: it does not become active.
        """
        name, lambda_ = self.name(), self.aws.lambda_
        made = lambda_.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="main.handler",
            Role=self.role("lambda"),
            Code={"ZipFile": zipped(code)},
            **{"Timeout": 10, **settings},
        )
        self.afterwards(lambda_.delete_function, FunctionName=name)
        self.afterwards(self.aws.logs.delete_log_group, logGroupName=f"/aws/lambda/{name}")
        self.settled(name)
        return str(member("CreateFunction", made, "FunctionArn"))

    def settled(self, function: str) -> None:
        """Wait until *function* is active, and its last update is through.

        Raises:
            DiffersError: it failed.
        """

        def probe() -> tuple[bool | None, str]:
            found = self.aws.lambda_.get_function_configuration(FunctionName=function)
            state, update = found.get("State"), found.get("LastUpdateStatus", "Successful")
            if "Failed" in (state, update):
                raise DiffersError(f"the function cannot run: {found.get('StateReason')}")
            ready = state == "Active" and update == "Successful"
            return ready or None, f"State {state}, LastUpdateStatus {update}"

        self.until(probe, "an active function")

    def machine(self, definition: Mapping[str, Any], **settings: Any) -> str:
        """ARN of a new state machine."""
        states = self.aws.stepfunctions
        made = states.create_state_machine(
            name=self.name(),
            definition=json.dumps(definition),
            roleArn=self.role("states"),
            **settings,
        )
        arn = str(member("CreateStateMachine", made, "stateMachineArn"))
        self.afterwards(states.delete_state_machine, stateMachineArn=arn)
        return arn

    def execution(self, machine: str, given: Any = None, **settings: Any) -> dict[str, Any]:
        """What DescribeExecution says of a new execution of *machine* when it has ended."""
        states = self.aws.stepfunctions
        text = json.dumps({} if given is None else given)
        arn = states.start_execution(stateMachineArn=machine, input=text, **settings)[
            "executionArn"
        ]
        return self.ended(arn)

    def ended(self, execution: str) -> dict[str, Any]:
        """What DescribeExecution says of *execution* when it has ended."""

        def probe() -> tuple[dict[str, Any] | None, str]:
            found: Any = self.aws.stepfunctions.describe_execution(executionArn=execution)
            status = member("DescribeExecution", found, "status")
            return (None if status == "RUNNING" else found), f"the execution is {status}"

        return self.until(probe, "the execution's end")

    def output(self, definition: Mapping[str, Any], given: Any = None) -> Any:
        """What an execution of a new machine gives.

        Raises:
            DiffersError: it does not succeed.
        """
        found = self.execution(self.machine(definition), given)
        failed = (found.get("error"), found.get("cause"))
        same("the execution", ("SUCCEEDED", (None, None)), (found["status"], failed))
        return json.loads(member("DescribeExecution", found, "output"))

    def lines(self, function: str, pattern: str) -> str:
        """The log of *function*, a name, as soon as it has *pattern*."""
        group = f"/aws/lambda/{function}"

        def probe() -> tuple[str | None, str]:
            try:
                found = self.aws.logs.filter_log_events(logGroupName=group)
            except ClientError as error:
                return None, str(error)
            text = "\n".join(event["message"] for event in found.get("events", []))
            try:
                matches("the log", pattern, text)
            except DiffersError as error:
                return None, str(error)
            return text, "it is there"

        return self.until(probe, f"lines in {group}")

    def call(
        self,
        api: str,
        path: str,
        *,
        stage: str = STAGE,
        method: str = "POST",
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer of API *api*, deployed in *stage*, wherever the emulator has its APIs.

        Raises:
            DiffersError: no address that emulators have for APIs leads to it.
        """
        base, host = self.clients.endpoint, f"{api}.execute-api.{names.REGION}.amazonaws.com"
        addresses = [
            (f"{base}/_aws/execute-api/{api}/{stage}/{path}", {}),
            (f"{base}/restapis/{api}/{stage}/_user_request_/{path}", {}),
            (f"{base}/{stage}/{path}", {"Host": host}),
        ]
        if headers is None:
            headers = {"Content-Type": "application/json"}
        seen = []
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands before loopback
            for url, named in addresses:
                got = session.request(
                    method,
                    url,
                    data=None if body is None else body.encode(),
                    headers={**headers, **named},
                    timeout=HTTP_TIMEOUT_S,
                    allow_redirects=False,
                )
                if got.status_code not in UNKNOWN_ADDRESS:
                    return got
                seen.append(got)
        statuses = [got.status_code for got in seen]
        if HTTPStatus.INTERNAL_SERVER_ERROR in statuses:  # it may be the API's own, then
            return seen[statuses.index(HTTPStatus.INTERNAL_SERVER_ERROR)]
        raise DiffersError(f"the API is at none of the addresses that emulators have: {statuses}")

    def _empty(self, bucket: str) -> None:
        s3 = self.aws.s3
        found: Any = s3.list_object_versions(Bucket=bucket)
        for one in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
        for left in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=left["Key"])


def statement(**parts: Any) -> str:
    """A policy of one statement, which allows."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **parts}]})


def zipped(code: str | Mapping[str, str]) -> bytes:
    """A zip of ``main.py``, or of several files."""
    files = {"main.py": code} if isinstance(code, str) else code
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, textwrap.dedent(text))
    return buffer.getvalue()
