"""Queues what happens to executions, as it happens; nothing here waits for the disk but tokens."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from localstack_standalone.persistence import codec
from localstack_standalone.persistence.executions import history
from localstack_standalone.persistence.executions.history import KeptEvent

if TYPE_CHECKING:
    from localstack_standalone.persistence.journal import Journal

EXECUTION: Final = "stepfunctions.execution"
OUTCOME: Final = "stepfunctions.outcome"
EVENT: Final = "stepfunctions.event"
TOKEN: Final = "stepfunctions.token"  # noqa: S105 - a kind of record
REVISION: Final = "stepfunctions.revision"


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptOutcome:
    """What became of an execution so far.

    Attributes:
        status: as DescribeExecution tells it.
        stopped: when it ended; None while it runs.
        output: as JSON, None where there is none.
        error: its name.
        cause: why.
        redrives: their count, the date of the last, and the tokens that asked for them.
        is_asked: whether it was told to stop, and may not have heard it.
    """

    status: str
    stopped: Any = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    redrives: tuple[int, Any, list[tuple[str, Any]]] = (0, None, [])
    is_asked: bool = False


@dataclasses.dataclass(kw_only=True)
class KeptToken:
    """What became of a task's token.

    Attributes:
        given: whether a worker of an activity has the task; to
        worker: whom, as GetActivityTask told it.
        success: the output that it succeeded with, None if it did not.
        failure: error and cause, None if it did not fail.
    """

    given: bool = False
    worker: str | None = None
    success: str | None = None
    failure: tuple[str | None, str | None] | None = None


class Recorder:
    """Writes the executions of one emulator to *journal*."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.RLock()
        self._revisions: set[str] = set()
        self._digests: dict[tuple[Any, ...], str] = {}
        self._tokens: dict[str, dict[str, KeptToken]] = {}
        self.changing = threading.RLock()  # whoever changes what became of one, and queues that

    def revision(self, known_by: tuple[Any, ...], data: Callable[[], dict[str, Any]]) -> str:
        """By what the state machine is found that an execution is started with.

        Args:
            known_by: what tells a state machine as it is from others, and from itself later.
            data: gives it as data.
        """
        digest = self._digests.get(known_by)
        if digest is not None:
            return digest
        body = codec.encode(data())
        digest = hashlib.sha256(body).hexdigest()
        with self._lock:
            if digest not in self._revisions:
                self._revisions.add(digest)
                self._journal.put(REVISION, digest, body)
            self._digests[known_by] = digest
        return digest

    def know(self, digests: set[str]) -> None:
        """Those revisions are on disk."""
        with self._lock:
            self._revisions |= digests

    def started(self, arn: str, facts: dict[str, Any]) -> None:
        """An execution is accepted, and *facts* are what never changes of it.

        It is on disk before it runs: a thread that computes would hold up whoever waits for that.

        Raises:
            NotSavedError: the disk did not take it.
        """
        self._journal.put(EXECUTION, arn, codec.encode(facts))
        self._journal.settle_own()

    def wrote(self, arn: str, kept: KeptEvent) -> None:
        """Its history has one event more.

        Raises:
            NotSavedError: a token is given out with it, and the disk does not take that.
        """
        self._journal.put(EVENT, history.key(arn, kept.event["id"]), history.packed(kept))
        if kept.token is not None and kept.kind == "TaskStarted":
            self._journal.write()  # the service gets the token next

    def became(self, arn: str, outcome: KeptOutcome) -> None:
        """It ended, was told to stop, or goes on."""
        redrives = [*outcome.redrives[:2], [list(token) for token in outcome.redrives[2]]]
        data = {**vars(outcome), "redrives": redrives}
        self._journal.put(OUTCOME, arn, codec.encode(data))
        if outcome.stopped is not None:
            with self._lock:
                tokens = self._tokens.pop(arn, {})
            for token in tokens:
                self._journal.remove(TOKEN, history.prefix(arn) + token)

    def expect(self, arn: str, tokens: dict[str, KeptToken]) -> None:
        """The execution *arn* goes on, and those of its *tokens* were used."""
        with self._lock:
            self._tokens[arn] = tokens

    def given(self, arn: str, token: str, worker: str | None) -> None:
        """A worker of an activity has the task of *token*, once it is told so.

        Raises:
            NotSavedError: the disk does not take it.
        """
        self._token(arn, token, given=True, worker=worker)
        self._journal.settle()

    def answered(
        self,
        arn: str,
        token: str,
        *,
        success: str | None,
        failure: tuple[str | None, str | None] | None,
    ) -> None:
        """Whoever had *token* says what became of the task."""
        self._token(arn, token, success=success, failure=failure)

    def forgotten(self, arns: Iterable[str]) -> None:
        """Those executions are no longer there."""
        for arn in arns:
            self._journal.remove(EXECUTION, arn)
            self._journal.remove(OUTCOME, arn)
            self.damaged(arn)

    def damaged(self, arn: str) -> None:
        """Its events and tokens cannot be read: they are not there."""
        for kind in (EVENT, TOKEN):
            self._journal.remove_all(kind, history.prefix(arn))

    def write(self) -> None:
        """Return when all of it survives this process.

        Raises:
            NotSavedError: the disk did not take it.
        """
        self._journal.write()

    def _token(self, arn: str, token: str, **facts: Any) -> None:
        with self._lock:
            kept = self._tokens.setdefault(arn, {}).setdefault(token, KeptToken())
            for name, value in facts.items():
                setattr(kept, name, value)
            data = {**vars(kept), "failure": kept.failure and list(kept.failure)}
            self._journal.put(TOKEN, history.prefix(arn) + token, codec.encode(data))


class Records:
    """What a recorder wrote, read from *journal*.

    Every method raises DamagedStateError where something is not what was written.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def executions(self) -> dict[str, dict[str, Any]]:
        """What never changes of each execution, by ARN."""
        return {arn: codec.decode(body) for arn, body in self._journal.entries(EXECUTION)}

    def outcomes(self) -> dict[str, KeptOutcome]:
        """What became of them; of one that ran from its start there is nothing."""
        found = {}
        for arn, body in self._journal.entries(OUTCOME):
            data = codec.decode(body)
            count, date, tokens = data["redrives"]
            redrives = (count, date, [(token, at) for token, at in tokens])
            found[arn] = KeptOutcome(**{**data, "redrives": redrives})
        return found

    def events(self, arn: str) -> list[KeptEvent]:
        """The history of an execution."""
        entries = self._journal.entries(EVENT, history.prefix(arn))
        return list(history.whole(history.unpacked(body) for _, body in entries))

    def tokens(self, arn: str) -> dict[str, KeptToken]:
        """What became of its tokens; of one that nobody used there is nothing."""
        start = history.prefix(arn)
        found = {}
        for name, body in self._journal.entries(TOKEN, start):
            data = codec.decode(body)
            failure = tuple(data["failure"]) if data["failure"] else None
            found[name.removeprefix(start)] = KeptToken(**{**data, "failure": failure})
        return found

    def revision(self, digest: str) -> Any:
        """The state machine that an execution was started with."""
        body = self._journal.get(REVISION, digest)
        return None if body is None else codec.decode(body)

    def forget_unused(self, digests: set[str]) -> None:
        """Remove every revision that no execution has, but *digests*."""
        for digest, _ in self._journal.entries(REVISION, bodies=False):
            if digest not in digests:
                self._journal.remove(REVISION, digest)

    def cut(self, arn: str, after: int) -> None:
        """Remove the events behind the first gap: they have not happened."""
        for name, _ in self._journal.entries(EVENT, history.prefix(arn), bodies=False):
            if name > history.key(arn, after):
                self._journal.remove(EVENT, name)
