"""The keepers of all services; each is loaded when its service is first needed."""

from __future__ import annotations

import importlib
import threading
from typing import Any, Final

from localstack_standalone.persistence.journal import Journal
from localstack_standalone.persistence.keeper import Keeper

# In the order in which they are restored: a function's code is an object, an API calls a machine.
KEEPERS: Final = {
    "s3": "s3:S3Keeper",
    "iam": "iam:IamKeeper",
    "logs": "logs:LogsKeeper",
    "lambda": "lambda_:LambdaKeeper",
    "stepfunctions": "stepfunctions:StepFunctionsKeeper",
    "events": "events:EventsKeeper",
    "apigateway": "apigateway:ApiGatewayKeeper",
}
_PACKAGE: Final = "localstack_standalone.persistence.services"


class Keepers:
    """Those of the services in *enabled*, on one journal."""

    def __init__(self, journal: Journal, enabled: frozenset[str]) -> None:
        self.journal = journal
        self._known = {name: where for name, where in KEEPERS.items() if name in enabled}
        self._made: dict[str, Keeper] = {}
        self._lock = threading.RLock()

    def of(self, service: str) -> Keeper | None:
        """The keeper of *service*, None if none is kept of it."""
        made = self._made.get(service)
        if made is not None or service not in self._known:
            return made
        with self._lock:
            if service not in self._made:
                module, _, name = self._known[service].partition(":")
                kind = getattr(importlib.import_module(f"{_PACKAGE}.{module}"), name)
                self._made[service] = kind(self.journal)
            return self._made[service]

    def with_records(self) -> list[str]:
        """The services of which something is kept, in the order of `KEEPERS`."""
        there = {kind.partition(".")[0] for kind in self.journal.kinds()}
        return [name for name in self._known if name in there]

    def made(self) -> list[Keeper]:
        """Those that were needed so far."""
        return [self._made[name] for name in self._known if name in self._made]

    def facts(self) -> dict[str, Any]:
        """What those tell that have something to: by service, what its `facts()` gives."""
        tells = [(keeper, getattr(keeper, "facts", None)) for keeper in self.made()]
        return {keeper.name: facts() for keeper, facts in tells if facts is not None}

    def resume(self) -> None:
        """Go on with what ran when the state was left."""
        for keeper in self.made():
            keeper.resume()

    def close(self) -> None:
        """Write what waits, and end."""
        self.journal.close()
