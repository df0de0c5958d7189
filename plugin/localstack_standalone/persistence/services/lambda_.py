"""Functions with their versions and settings, layers, mappings; and events that nobody had yet.

An asynchronous invocation is acknowledged when its event is queued: it is a record until a function
had it as often as it should, so that it is delivered after a crash.
"""

from __future__ import annotations

import collections
import contextlib
import enum
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from localstack import config
from localstack.aws.api.lambda_ import State
from localstack.services.lambda_.event_source_mapping.pollers import sqs_poller
from localstack.services.lambda_.invocation import models
from localstack.services.lambda_.invocation.event_manager import Poller
from localstack.services.lambda_.invocation.internal_sqs_queue import (
    FakeSqsClient,
    get_fake_sqs_client,
)
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.patch import patch

from localstack_standalone.persistence import codec
from localstack_standalone.persistence.journal import Journal
from localstack_standalone.persistence.keeper import stores
from localstack_standalone.persistence.services.whole import WholeKeeper

EVENT: Final = "lambda.event"
_MAPPINGS: Final = "event_source_mappings"
_KEPT: Final = (
    "functions",
    "layers",
    _MAPPINGS,
    "code_signing_configs",
    "capacity_providers",
)
_TAGS: Final = "tags"


class LambdaKeeper(WholeKeeper):
    """Keeps what describes functions; their code is an object of S3's."""

    name = "lambda"

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        _save_states(self)
        _save_events(journal)

    def after(self, context: Any) -> None:
        """Queue what changed: an invocation changes nothing but its own event."""
        if not context.operation.name.startswith("Invoke"):
            super().after(context)

    def units(self) -> Mapping[str, Any]:
        """Each function, layer, mapping; one that is being deleted is gone."""
        found: dict[str, Any] = {}
        for account, region, store in stores(models.lambda_stores):
            found[f"{_TAGS}/{account}/{region}/"] = store.tags
            for kind in _KEPT:
                for name, unit in list(getattr(store, kind).items()):
                    if kind != "functions" or not _is_going(unit):
                        written = _plain_mapping(unit) if kind == _MAPPINGS else unit
                        found[f"{kind}/{account}/{region}/{name}"] = written
        return found

    def put_back(self, name: str, unit: Any) -> None:
        """Make it the store's again."""
        kind, account, region, key = name.split("/", 3)
        store = models.lambda_stores[account][region]
        if kind == _TAGS:
            store.tags = unit
        else:
            getattr(store, kind)[key] = unit

    def ready(self) -> None:
        """Have LocalStack serve each version, which is then as it was: with its revision too."""
        provider = _provider()
        kept = [
            (function, qualifier, version)
            for function in _functions()
            for qualifier, version in function.versions.items()
        ]
        provider.on_before_state_load()
        with _queues_unasked():
            provider.on_after_state_load()
        for function, qualifier, version in kept:
            if version.config.state.state == State.Active:
                function.versions[qualifier] = version

    def resume(self) -> None:
        """Deliver the events that nobody had."""
        for request, body in self._journal.entries(EVENT):
            event = codec.decode(body)
            manager = _manager(event["function"])
            if manager is None:
                # Its function is gone, or could not be put back: then the event waits on disk.
                if not _is_there(event["function"]):
                    self._journal.remove(EVENT, request)
                continue
            get_fake_sqs_client().send_message(
                QueueUrl=manager.event_queue_url,
                MessageBody=event["body"],
                DelaySeconds=max(0, event["due"] - time.time()),
            )

    def empty(self) -> None:
        """Begin anew."""
        provider = _provider()
        provider.on_before_state_reset()
        models.lambda_stores.reset()
        provider.on_after_state_reset()


def _plain_mapping(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Its states and reasons as texts: as objects they are of the process that polls for it."""
    return {
        name: each.value if isinstance(each, enum.Enum) else each for name, each in mapping.items()
    }


@contextlib.contextmanager
def _queues_unasked() -> Iterator[None]:
    """Have mappings from queues put back without a look at the queue: it is not kept, or not yet.

    Its poller goes on where there is such a queue again.
    """
    original = sqs_poller.get_queue_url

    def get_queue_url(arn: str) -> str:
        _, _, _, region, account, name = arn.split(":")
        return f"{config.internal_service_url()}/queue/{region}/{account}/{name}"

    sqs_poller.get_queue_url = get_queue_url
    try:
        yield
    finally:
        sqs_poller.get_queue_url = original


def _save_states(keeper: LambdaKeeper) -> None:
    """A version becomes Active after the answer that it is Pending."""

    @patch(LambdaService.update_version_state)
    def update_version_state(original: Any, self: Any, *args: Any, **named: Any) -> None:
        original(self, *args, **named)
        keeper.save()


def _save_events(journal: Journal) -> None:
    """An event is a record from before it is sent until nobody will have it once more.

    Whether it was sent again, because it failed, is counted: its text may be the same.
    """
    sent: collections.Counter[str] = collections.Counter()

    @patch(FakeSqsClient.send_message)
    def send_message(original: Any, self: Any, *args: Any, **named: Any) -> Any:
        url, body = named["QueueUrl"], named["MessageBody"]
        due = time.time() + (named.get("DelaySeconds") or 0)
        event = {"function": _function_of(url), "body": body, "due": due}
        request = json.loads(body)["request_id"]
        sent[request] += 1
        journal.put(EVENT, request, codec.encode(event))
        return original(self, *args, **named)

    @patch(Poller.handle_message)
    def handle_message(original: Any, self: Any, message: Any) -> None:
        request = json.loads(message["Body"])["request_id"]
        before = sent[request]
        original(self, message)
        if sent[request] == before:
            del sent[request]
            journal.remove(EVENT, request)


def _manager(function: str) -> Any:
    """Who has the queue of that version; None where there is no such version, or not yet."""
    return _provider().lambda_service.event_managers.get(function)


def _is_there(function: str) -> bool:
    return any(
        version.qualified_arn == function
        for each in _functions()
        for version in each.versions.values()
    )


def _function_of(url: str) -> str | None:
    """The version whose queue that is."""
    for arn, manager in list(_provider().lambda_service.event_managers.items()):
        if manager.event_queue_url == url:
            return str(arn)
    return None


def _is_going(function: Any) -> bool:
    latest = function.versions.get("$LATEST")
    return latest is not None and latest.config.state.state == State.Deleting


def _functions() -> Iterator[Any]:
    for _, _, store in stores(models.lambda_stores):
        yield from store.functions.values()


def _provider() -> Any:
    return SERVICE_PLUGINS.get_service("lambda")._provider  # noqa: SLF001
