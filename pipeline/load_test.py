"""Many requests at once, each accounted for: one execution and one thumbnail, or one refusal.

What the API accepted must end in exactly one execution that succeeded and exactly one thumbnail;
what it refused must have started nothing.
"""

from __future__ import annotations

import collections
import dataclasses
import io
import itertools
import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import requests
from PIL import Image

from testbed import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testbed.aws import Aws
    from testbed.outputs import Outputs

# API Gateway itself gives up on an integration after 29 s (its quotas page).
ANSWER_TIMEOUT_S: Final = 35.0
# Executions may take 300 s by their definition; what has not ended by then never will.
ENDED_WITHIN_S: Final = 330.0
LOOK_S: Final = 0.25
DELETE_AT_ONCE: Final = 1_000
SIZE_PX: Final = 64
OK: Final = 200
NO_ANSWER: Final = "no answer"


@dataclasses.dataclass(frozen=True)
class Posted:
    """One request.

    Attributes:
        key: of its image, of this request alone.
        status: of the answer; None where none came.
        execution_arn: what the API says it started; None for a refusal.
        took_ms: from sending to the answer.
    """

    key: str
    status: int | None
    execution_arn: str | None
    took_ms: float

    @property
    def accepted(self) -> bool:
        """Whether the API said that it started something."""
        return self.execution_arn is not None

    @property
    def refusal(self) -> str:
        """What it said else."""
        return NO_ANSWER if self.status is None else str(self.status)


@dataclasses.dataclass(frozen=True)
class Execution:
    """What Step Functions tells of one execution of the test."""

    arn: str
    key: str
    status: str
    took_ms: float


@dataclasses.dataclass(frozen=True)
class Account:
    """Where every request ended up.

    Attributes:
        posted: all requests.
        executions: all executions that were started for them, whoever knows of them.
        thumbnails: keys of originals that have a thumbnail.
        took_s: from the first request to the last end.
    """

    posted: tuple[Posted, ...]
    executions: tuple[Execution, ...]
    thumbnails: frozenset[str]
    took_s: float

    @property
    def accepted(self) -> tuple[Posted, ...]:
        """What the API accepted."""
        return tuple(one for one in self.posted if one.accepted)

    @property
    def refusals(self) -> dict[str, int]:
        """How many were refused, by status."""
        return dict(collections.Counter(one.refusal for one in self.posted if not one.accepted))

    @property
    def by_status(self) -> dict[str, int]:
        """How many executions ended how."""
        return dict(collections.Counter(one.status for one in self.executions))

    def faults(self) -> dict[str, list[str]]:
        """What must not be, with the keys that it happened to; empty where all is accounted for."""
        started = collections.Counter(one.key for one in self.executions)
        done = {one.key for one in self.executions if one.status == "SUCCEEDED"}
        accepted = {one.key for one in self.accepted}
        known = {one.arn for one in self.executions}
        found = {
            "accepted, and no execution": {
                one.key for one in self.accepted if one.execution_arn not in known
            },
            "more than one execution": {key for key, count in started.items() if count > 1},
            "refused, and an execution all the same": {
                one.key for one in self.posted if one.key in started and one.status is not None
            }
            - accepted,
            "not succeeded": {one.key for one in self.executions} - done,
            "succeeded, and no thumbnail": done - self.thumbnails,
            "a thumbnail without success": self.thumbnails - done,
        }
        return {words: sorted(keys) for words, keys in found.items() if keys}


class LoadTest:
    """One run: its images are under a prefix of its own, and go when it is over.

    Args:
        aws: where the pipeline runs.
        outputs: its addresses.
        count: how many requests.
        clients: how many of them at once.
    """

    def __init__(self, aws: Aws, outputs: Outputs, *, count: int, clients: int) -> None:
        self._aws = aws
        self._outputs = outputs
        self._clients = clients
        self._prefix = f"load-test/{uuid.uuid4().hex[:12]}/"
        self._keys = [f"{self._prefix}{number:06}.png" for number in range(count)]
        self._local = threading.local()

    def upload(self, progress: Callable[[int], None]) -> None:
        """Put an image for each request; *progress* is told how many are there."""
        image = io.BytesIO()
        Image.radial_gradient("L").resize((SIZE_PX, SIZE_PX)).save(image, "PNG")
        content = image.getvalue()

        def put(key: str) -> None:
            self._aws.s3.put_object(Bucket=self._outputs.original_bucket, Key=key, Body=content)

        with ThreadPoolExecutor(self._clients) as pool:
            for done, _ in enumerate(pool.map(put, self._keys), start=1):
                progress(done)

    def run(self, posted: Callable[[int], None], ended: Callable[[int], None]) -> Account:
        """Send every request, and wait until every execution has ended.

        Args:
            posted: told how many requests were answered.
            ended: told how many executions have ended.
        """
        began = time.monotonic()
        answers = []
        with ThreadPoolExecutor(self._clients) as pool:
            for done, answer in enumerate(pool.map(self._post, self._keys), start=1):
                answers.append(answer)
                posted(done)
        executions = self._until_ended(ended)
        took_s = time.monotonic() - began
        return Account(tuple(answers), executions, self._thumbnails(), took_s)

    def clean(self) -> None:
        """Remove the images and their thumbnails."""
        wanted = {
            self._outputs.original_bucket: self._keys,
            self._outputs.resized_bucket: [names.thumbnail_key(key) for key in self._keys],
        }
        for bucket, keys in wanted.items():
            for some in itertools.batched(keys, DELETE_AT_ONCE, strict=False):
                objects: Any = [{"Key": key} for key in some]
                self._aws.s3.delete_objects(
                    Bucket=bucket, Delete={"Objects": objects, "Quiet": True}
                )

    def _post(self, key: str) -> Posted:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = self._outputs.endpoint is None
        began = time.monotonic()
        try:
            answer = self._local.session.post(
                self._outputs.api_url,
                json={"key": key, "mode": "copy"},
                timeout=ANSWER_TIMEOUT_S,
            )
        except requests.RequestException:
            return Posted(key, None, None, (time.monotonic() - began) * 1000)
        took_ms = (time.monotonic() - began) * 1000
        started = answer.json().get("executionArn") if answer.status_code == OK else None
        return Posted(key, answer.status_code, started, took_ms)

    def _until_ended(self, ended: Callable[[int], None]) -> tuple[Execution, ...]:
        """Look at the executions until none of ours runs, or the time is over."""
        deadline = time.monotonic() + ENDED_WITHIN_S
        known: dict[str, Execution | None] = {}  # None for executions that are not ours
        while True:
            for arn, status in self._listed():
                if arn not in known or ((one := known[arn]) and one.status != status):
                    known[arn] = self._described(arn)
            ours = tuple(one for one in known.values() if one is not None)
            running = sum(one.status == "RUNNING" for one in ours)
            ended(len(ours) - running)
            if not running or time.monotonic() > deadline:
                return ours
            time.sleep(LOOK_S)

    def _listed(self) -> Iterator[tuple[str, str]]:
        """ARN and status of every execution."""
        pages = self._aws.stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=self._outputs.state_machine_arn
        )
        return (
            (one["executionArn"], one["status"]) for page in pages for one in page["executions"]
        )

    def _described(self, arn: str) -> Execution | None:
        found = self._aws.stepfunctions.describe_execution(executionArn=arn)
        key = json.loads(found["input"]).get("key", "")
        if not str(key).startswith(self._prefix):
            return None
        took = (found["stopDate"] - found["startDate"]) if "stopDate" in found else None
        return Execution(arn, key, found["status"], took.total_seconds() * 1000 if took else 0.0)

    def _thumbnails(self) -> frozenset[str]:
        prefix = names.thumbnail_key(self._prefix)
        pages = self._aws.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._outputs.resized_bucket, Prefix=prefix
        )
        found = {item["Key"] for page in pages for item in page.get("Contents", [])}
        return frozenset(key for key in self._keys if names.thumbnail_key(key) in found)
