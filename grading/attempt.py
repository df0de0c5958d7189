"""What a probe works with: the files that were handed in, an emulator of their own, and time."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import requests
from botocore.exceptions import ClientError

from grading.criteria import NotMetError, shown
from testbed import waiting

if TYPE_CHECKING:
    from grading.submission import Submission
    from testbed.aws import Aws
    from testbed.outputs import Outputs

USUAL_S: Final = 20.0
POLL_S: Final = 0.05
HTTP_TIMEOUT_S: Final = 15.0


@dataclasses.dataclass(frozen=True)
class Execution:
    """An execution that was waited for.

    Attributes:
        arn: its ARN.
        status: RUNNING where its time was over first.
        output: what it gave, read from JSON; None where it gave nothing.
        error: of one that failed.
        cause: likewise.
        states: the names of the states that it entered, in order.
        events: its whole history.
    """

    arn: str
    status: str
    output: Any
    error: str | None
    cause: str | None
    states: tuple[str, ...]
    events: tuple[dict[str, Any], ...] = dataclasses.field(repr=False)

    def __str__(self) -> str:
        """In a line: its status, its way, and how it ended."""
        way = " → ".join(self.states) or "no state"
        ended = f", error {self.error}" if self.error else ""
        return f"{self.status} by {way}{ended}"


class GradedAttempt:
    """One submission in one emulator, for as long as the grading of it takes."""

    def __init__(
        self, submission: Submission, aws: Aws, outputs: Outputs, *, limit_s: float
    ) -> None:
        self.submission, self.aws, self.outputs = submission, aws, outputs
        self._deadline = time.monotonic() + limit_s
        self._making = threading.Lock()
        self._locks: dict[Callable[..., Any], threading.Lock] = {}
        self._made: dict[Callable[..., Any], Any] = {}
        self._invoking: dict[str, threading.Lock] = {}
        self._watched: list[tuple[str, Callable[[], Any], Any]] = []

    @property
    def endpoint(self) -> str:
        """Base URL of the emulator."""
        return str(self.outputs.endpoint)

    @property
    def left_s(self) -> float:
        """How long the grading may still take, in seconds."""
        return max(0.0, self._deadline - time.monotonic())

    def once[T](self, make: Callable[[GradedAttempt], T]) -> T:
        """What *make* gives, made once for all probes; what it raises is raised to each of them."""
        with self._making:
            lock = self._locks.setdefault(make, threading.Lock())
        with lock:
            if make not in self._made:
                try:
                    self._made[make] = make(self)
                except Exception as error:  # noqa: BLE001 - whatever it is, each is told
                    self._made[make] = error
        if isinstance(self._made[make], Exception):
            raise self._made[make]
        made: T = self._made[make]
        return made

    def until[T](
        self,
        probe: Callable[[], tuple[T | None, str]],
        what: str,
        *,
        within_s: float = USUAL_S,
        **how: Any,
    ) -> T:
        """Wait until *probe* gives something, for as long as the grading may take at most.

        Raises:
            WaitTimeout: it did not.
        """
        timeout_s = min(within_s, self.left_s)
        return waiting.until(probe, what, timeout_s=timeout_s, interval_s=POLL_S, **how)

    def watch(self, what: str, look: Callable[[], Any]) -> None:
        """See at the end that *look* still gives what it gives now: *what* is as it was graded."""
        self._watched.append((what, look, look()))

    def altered(self) -> list[str]:
        """What is not as it was made, by none of the grader's doing."""
        return [what for what, look, before in self._watched if _looked(look) != before]

    def role(self, service: str, *, trust: Any = None, policy: Any = None, name: str = "") -> str:
        """ARN of a new role that *service*, such as ``lambda``, may take on.

        Args:
            service: who takes it on, where *trust* does not say that.
            trust: a trust policy that was handed in.
            policy: what it may do, likewise; without it, all.
            name: of the role.

        Raises:
            NotMetError: AWS refuses a policy.
        """
        iam, name = self.aws.iam, name or f"graded-{service}-{uuid.uuid4().hex[:8]}"
        usual = {"Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
        assuming = _allowing(usual) if trust is None else json.dumps(trust)
        made = self.accepted(
            "CreateRole",
            lambda: iam.create_role(RoleName=name, AssumeRolePolicyDocument=assuming),
        )
        document = _allowing({"Action": "*", "Resource": "*"})
        text = document if policy is None else json.dumps(policy)
        self.accepted(
            "PutRolePolicy",
            lambda: iam.put_role_policy(RoleName=name, PolicyName="graded", PolicyDocument=text),
        )

        def look() -> Any:
            inline: Any = iam.list_role_policies(RoleName=name)["PolicyNames"]
            attached: Any = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
            found = [iam.get_role_policy(RoleName=name, PolicyName=each) for each in inline]
            return [attached, *(each["PolicyDocument"] for each in found)]

        self.watch(f"the role {name}", look)
        return made["Role"]["Arn"]

    def machine(self, definition: str, *, role: str = "", **settings: Any) -> str:
        """ARN of a new state machine with *definition*, the text of a file.

        Raises:
            NotMetError: Step Functions refuses it.
        """
        sfn = self.aws.stepfunctions
        role = role or self.role("states")
        made = self.accepted(
            "CreateStateMachine",
            lambda: sfn.create_state_machine(
                name=f"graded-{uuid.uuid4().hex[:8]}",
                definition=definition,
                roleArn=role,
                **settings,
            ),
        )
        arn = str(made["stateMachineArn"])

        def look() -> Any:
            found: Any = sfn.describe_state_machine(stateMachineArn=arn)
            return [found.get(part) for part in ("definition", "roleArn", "revisionId")]

        self.watch("the state machine", look)
        return arn

    def function(self, name: str, folder: str, *, role: str, **settings: Any) -> str:
        """ARN of a new function of the files in *folder*, when it is active.

        Args:
            name: of the function.
            folder: of the submission.
            role: ARN.
            settings: of CreateFunction, over those of every function.

        Raises:
            NotMetError: Lambda refuses it, or it cannot be loaded.
        """
        lambda_, zipped = self.aws.lambda_, self.submission.zipped(folder)
        usual: Any = {"Runtime": "python3.13", "Handler": "app.handler", "Timeout": 10}
        made = self.accepted(
            "CreateFunction",
            lambda: lambda_.create_function(
                FunctionName=name, Role=role, Code={"ZipFile": zipped}, **{**usual, **settings}
            ),
        )

        def look() -> Any:
            return lambda_.get_function_configuration(FunctionName=name)["RevisionId"]

        def probe() -> tuple[bool | None, str]:
            found = lambda_.get_function_configuration(FunctionName=name)
            state = found.get("State")
            if state == "Failed":
                raise NotMetError(f"the function cannot run: {found.get('StateReason')}")
            return state == "Active" or None, f"State {state}"

        self.until(probe, "an active function")
        self.watch("the function", look)
        return made["FunctionArn"]

    def invoked(self, function: str, event: Any) -> Any:
        """What *function* returns for *event*; one call at a time, so that one environment serves.

        Raises:
            NotMetError: it fails.
        """
        with self._making:
            lock = self._invoking.setdefault(function, threading.Lock())
        with lock:
            answer: Any = self.aws.lambda_.invoke(FunctionName=function, Payload=json.dumps(event))
            content = answer["Payload"].read()
        if "FunctionError" in answer:
            raise NotMetError(f"the function failed: {content[:400].decode(errors='replace')}")
        return json.loads(content)

    def accepted[T](self, what: str, call: Callable[[], T]) -> T:
        """The result of *call*, which sends something that was handed in.

        Raises:
            NotMetError: AWS refuses that.
        """
        try:
            return call()
        except ClientError as error:
            words = error.response["Error"]
            raise NotMetError(
                f"{what} was refused: {words.get('Code')}: {words.get('Message')}"
            ) from error

    def run(self, machine: str, given: Any, *, within_s: float = USUAL_S) -> Execution:
        """A new execution of *machine* when it has ended, or its time is over."""
        sfn = self.aws.stepfunctions
        arn = sfn.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]
        return self.ended(arn, within_s=within_s)

    def ended(self, execution: str, *, within_s: float = USUAL_S) -> Execution:
        """*execution* when it has ended; one that has not in its time is stopped, and RUNNING."""
        sfn = self.aws.stepfunctions

        def probe() -> tuple[Any, str]:
            found = sfn.describe_execution(executionArn=execution)
            return (None if found["status"] == "RUNNING" else found), found["status"]

        try:
            found = self.until(probe, "the execution's end", within_s=within_s)
        except waiting.WaitTimeout:
            found = {"status": "RUNNING"}
            sfn.stop_execution(executionArn=execution)
        pages = sfn.get_paginator("get_execution_history").paginate(executionArn=execution)
        events: list[Any] = [event for page in pages for event in page["events"]]
        entered = [each.get("stateEnteredEventDetails") for each in events]
        output = found.get("output")
        return Execution(
            arn=execution,
            status=found["status"],
            output=None if output is None else json.loads(output),
            error=found.get("error"),
            cause=found.get("cause"),
            states=tuple(each["name"] for each in entered if each),
            events=tuple(events),
        )

    def post(self, body: str, headers: Mapping[str, str] | None = None) -> requests.Response:
        """The answer of the pipeline's API to *body*, a text as it stands."""
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands before loopback
            return session.post(
                self.outputs.api_url,
                data=body.encode(),
                headers={"Content-Type": "application/json", **(headers or {})},
                timeout=min(HTTP_TIMEOUT_S, self.left_s + 1),
                allow_redirects=False,
            )

    def object(self, bucket: str, key: str) -> bytes:
        """The content of an object.

        Raises:
            NotMetError: there is none.
        """
        try:
            return self.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("NoSuchKey", "NoSuchBucket"):
                raise
            raise NotMetError(f"no object {shown(key)} in {bucket}") from error


def _looked(look: Callable[[], Any]) -> Any:
    try:
        return look()
    except ClientError as error:  # it is gone
        return str(error)


def _allowing(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
