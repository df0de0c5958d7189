"""What a service's keeper is, and what a call has to do with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

# Operations that begin so change nothing.
READING = ("Get", "List", "Describe", "Head", "Test", "Validate", "Filter", "Simulate", "Select")


class Keeper(Protocol):
    """Keeps the state of one service.

    Attributes:
        name: of the service, as LocalStack has it.
    """

    name: str

    def after(self, context: Any) -> None:
        """Queue what a call, which may have failed, has changed."""

    def restore(self) -> None:
        """Put back what was kept, before the first request.

        Raises:
            DamagedStateError: something of it is not what was written.
        """

    def resume(self) -> None:
        """Go on with what ran, once all services are restored."""

    def clear(self) -> None:
        """Empty the service: the journal is empty by then."""


def changes(operation: str) -> bool:
    """Whether an operation may change something."""
    return not operation.startswith(READING)


def request_of(context: Any) -> Mapping[str, Any]:
    """The parameters of a call."""
    return context.service_request or {}


def stores(bundle: Any) -> Iterator[tuple[str, str, Any]]:
    """Account, region and store of all that are there; others may be made meanwhile."""
    for account, regions in list(bundle.items()):
        for region, store in list(regions.items()):
            yield account, region, store
