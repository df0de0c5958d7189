"""State machines, activities, and Standard executions with their histories."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Iterator
from typing import Any, Final

from localstack.services.stepfunctions.backend import store as backend
from localstack.utils.aws.arns import parse_arn

from localstack_standalone.persistence import codec
from localstack_standalone.persistence.errors import DamagedStateError
from localstack_standalone.persistence.executions import engine, machines, replaying, resumed
from localstack_standalone.persistence.executions.recorder import (
    KeptOutcome,
    Recorder,
    Records,
)
from localstack_standalone.persistence.executions.restored import EndedWorker, RestoredExecution
from localstack_standalone.persistence.executions.resumed import Resumption
from localstack_standalone.persistence.journal import Journal
from localstack_standalone.persistence.keeper import request_of, stores

LOG = logging.getLogger(__name__)

MACHINE: Final = "stepfunctions.machine"
ALIAS: Final = "stepfunctions.alias"
ACTIVITY: Final = "stepfunctions.activity"
_RUNNING: Final = KeptOutcome(status="RUNNING")
# They change executions alone, which the engine tells of.
_OF_EXECUTIONS: Final = ("Start", "Send", "Redrive", "Stop")


class StepFunctionsKeeper:
    """Keeps what calls change; what executions do is written as they do it."""

    name = "stepfunctions"

    def __init__(self, journal: Journal) -> None:
        self._journal, self._records = journal, Records(journal)
        self._recorder = Recorder(journal)
        self._lock = threading.RLock()
        self._kept: dict[tuple[str, str], bytes] = {}
        self._revisions: dict[str, Any] = {}
        self._resumptions: list[Resumption] = []
        engine.install(self._recorder)
        replaying.install()

    def after(self, context: Any) -> None:
        """Queue it."""
        operation = context.operation.name
        if operation in ("StopExecution", "RedriveExecution"):
            self._save_execution(context, stops=operation == "StopExecution")
        elif not operation.startswith(_OF_EXECUTIONS):
            self._save(context.account_id, context.region)

    def restore(self) -> None:
        """Put all of it back; histories are read when they are wanted, and nothing runs yet."""
        self._restore_machines()
        for arn, body in self._journal.entries(ACTIVITY):
            self._kept[ACTIVITY, arn] = body
            _store(arn).activities[arn] = machines.activity_of(codec.decode(body))
        facts, outcomes = self._records.executions(), self._records.outcomes()
        for arn in sorted(facts, key=lambda each: facts[each]["started"]):
            self._restore_execution(arn, facts[arn], outcomes.get(arn, _RUNNING))
        used = {each["machine"] for each in facts.values()}
        self._records.forget_unused(used)
        self._recorder.know(used)

    def resume(self) -> None:
        """Have those that ran go on."""
        waiting = [made for made in _executions() if isinstance(made.exec_worker, EndedWorker)]
        for made in waiting:
            if made.goes_on:
                self._resumptions.append(self._resume(made))

    def facts(self) -> list[dict[str, Any]]:
        """What became of the executions that ran when the state was left."""
        return [{**dataclasses.asdict(each), "goes_on": each.goes_on} for each in self._resumptions]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
            self._revisions.clear()
            self._resumptions.clear()
            backend.sfn_stores.reset()

    def _save(self, account: str, region: str) -> None:
        """Save what differs from what is kept; an operation may change several."""
        store = backend.sfn_stores[account][region]
        with self._lock:
            found: dict[tuple[str, str], bytes] = {}
            for kind, things, data in (
                (MACHINE, store.state_machines, machines.machine_data),
                (ALIAS, store.aliases, machines.alias_data),
                (ACTIVITY, store.activities, machines.activity_data),
            ):
                found |= {(kind, arn): codec.encode(data(one)) for arn, one in list(things.items())}
            for key, body in found.items():
                if self._kept.get(key) != body:
                    self._journal.put(*key, body)
                    self._kept[key] = body
            for key in [each for each in self._kept if each not in found]:
                if _place(key[1]) == (account, region):
                    self._journal.remove(*key)
                    del self._kept[key]

    def _save_execution(self, context: Any, *, stops: bool) -> None:
        """Save that it is to stop, or was redriven, before the answer says so."""
        request = request_of(context)
        store = backend.sfn_stores[context.account_id][context.region]
        made = store.executions.get(request.get("executionArn", ""))
        if made is None or not engine.is_kept(made):
            return
        with self._recorder.changing:
            known = engine.outcome(made)
            if stops and known.stopped is None:
                known = dataclasses.replace(
                    known,
                    status="ABORTED",
                    stopped=(context.service_response or {}).get("stopDate"),
                    error=request.get("error"),
                    cause=request.get("cause"),
                    is_asked=True,
                )
            self._recorder.became(made.exec_arn, known)

    def _restore_machines(self) -> None:
        kept = {arn: codec.decode(body) for arn, body in self._entries(MACHINE)}
        aliases = {arn: codec.decode(body) for arn, body in self._entries(ALIAS)}
        made = {arn: machines.alias_of(data) for arn, data in aliases.items()}
        for arn, alias in made.items():
            _store(arn).aliases[arn] = alias
        for arn in sorted(kept, key=lambda each: kept[each]["attributes"]["create_date"]):
            machine = machines.machine_of(kept[arn])
            if not kept[arn]["is_version"]:
                machines.link(machine, kept[arn], made)
            _store(arn).state_machines[arn] = machine

    def _entries(self, kind: str) -> Iterator[tuple[str, bytes]]:
        for arn, body in self._journal.entries(kind):
            self._kept[kind, arn] = body
            yield arn, body

    def _restore_execution(self, arn: str, facts: dict[str, Any], outcome: KeptOutcome) -> None:
        store = backend.sfn_stores[facts["account"]][facts["region"]]
        made = RestoredExecution(arn, facts, outcome, self._revision, store.activities)
        made.exec_worker = EndedWorker(made, lambda: self._records.events(arn))
        store.executions[arn] = made

    def _revision(self, digest: str) -> Any:
        """The state machine that executions were started with; they share one."""
        with self._lock:
            if digest not in self._revisions:
                self._revisions[digest] = machines.machine_of(self._records.revision(digest))
            return self._revisions[digest]

    def _resume(self, made: RestoredExecution) -> Resumption:
        arn = made.exec_arn
        try:
            events, tokens = self._records.events(arn), self._records.tokens(arn)
            self._records.cut(arn, len(events))
            self._recorder.expect(arn, tokens)
            found = resumed.resume(made, events, tokens)
        except DamagedStateError as error:
            self._recorder.damaged(arn)
            found = resumed.give_up(made, str(error))
        if not found.goes_on:
            self._recorder.became(arn, engine.outcome(made))
            LOG.warning("%s ended at the start: %s", arn, found.reason)
        return found


def _executions() -> Iterator[Any]:
    for _, _, store in stores(backend.sfn_stores):
        yield from store.executions.values()


def _store(arn: str) -> Any:
    account, region = _place(arn)
    return backend.sfn_stores[account][region]


def _place(arn: str) -> tuple[str, str]:
    """The account and the region of what has that ARN."""
    parsed = parse_arn(arn)
    return parsed["account"], parsed["region"]
