"""EventBridge's buses with their rules and targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localstack.services.events import models
from localstack.services.events.event_bus import EventBusService
from localstack.services.events.rule import RuleService
from localstack.services.plugins import SERVICE_PLUGINS

from localstack_standalone.persistence.keeper import stores
from localstack_standalone.persistence.services.whole import WholeKeeper


class EventsKeeper(WholeKeeper):
    """Keeps each bus, and has LocalStack serve it again."""

    name = "events"

    def after(self, context: Any) -> None:
        """Queue what changed; an event that is sent changes nothing."""
        if context.operation.name != "PutEvents":
            super().after(context)

    def units(self) -> Mapping[str, Any]:
        """Each bus, and the tags of an account."""
        found: dict[str, Any] = {}
        for account, region, store in stores(models.events_stores):
            found[f"tags/{account}"] = store.TAGS
            for name, bus in list(store.event_buses.items()):
                found[f"bus/{account}/{region}/{name}"] = bus
        return found

    def put_back(self, name: str, unit: Any) -> None:
        """Make the bus, or the tags, the account's again."""
        kind, account, *rest = name.split("/", 3)
        if kind == "tags":
            models.events_stores[account]._global["TAGS"] = unit  # noqa: SLF001 - of all regions
            return
        region, bus = rest
        models.events_stores[account][region].event_buses[bus] = unit

    def ready(self) -> None:
        """Have what LocalStack needs beside the data: a service each, a sender for each target."""
        provider = SERVICE_PLUGINS.get_service("events")._provider  # noqa: SLF001
        for account, region, store in stores(models.events_stores):
            for bus in store.event_buses.values():
                service = EventBusService(bus)
                provider._event_bus_services_store[service.arn] = service  # noqa: SLF001
                for rule in bus.rules.values():
                    self._serve(provider, account, region, rule)

    def empty(self) -> None:
        """Begin anew."""
        provider = SERVICE_PLUGINS.get_service("events")._provider  # noqa: SLF001
        for service in provider._rule_services_store.values():  # noqa: SLF001
            if service.schedule_cron:
                service.disable()
        for known in ("_event_bus_services_store", "_rule_services_store", "_target_sender_store"):
            getattr(provider, known).clear()
        models.events_stores.reset()

    def _serve(self, provider: Any, account: str, region: str, rule: Any) -> None:
        service = RuleService(rule)
        provider._rule_services_store[service.arn] = service  # noqa: SLF001
        for target in rule.targets.values():
            provider.create_target_sender(target, service.arn, rule.name, region, account)
        if service.schedule_cron and rule.targets:
            job = provider._get_scheduled_rule_job_function(account, region, rule)  # noqa: SLF001
            service.create_schedule_job(job)
