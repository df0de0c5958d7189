"""A service whose state is small: what a call changed is found by comparing all of it.

The state is a handful of units, each a record; a unit is written if its bytes are others than those
that were written last. For what is large or changes often a keeper of its own looks at the call.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from typing import Any, ClassVar

from localstack_standalone.persistence import codec
from localstack_standalone.persistence.journal import Journal


class WholeKeeper:
    """Writes the units that a call changed, and puts all of them back.

    Attributes:
        name: of the service.
    """

    name: ClassVar[str]

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.RLock()
        self._digests: dict[str, bytes] = {}

    def after(self, _context: Any) -> None:
        """Queue the units that are not what was written last."""
        self.save()

    def save(self) -> None:
        """The same, when no call changed them."""
        with self._lock:
            units = {
                name: codec.encode(unit, outside=self.found_by)
                for name, unit in self.units().items()
            }
            for name, body in units.items():
                digest = hashlib.blake2b(body).digest()
                if self._digests.get(name) != digest:
                    self._digests[name] = digest
                    self._journal.put(self._kind, name, body)
            for name in [each for each in self._digests if each not in units]:
                del self._digests[name]
                self._journal.remove(self._kind, name)

    def restore(self) -> None:
        """Put every unit back."""
        for name, body in self._journal.entries(self._kind):
            self._digests[name] = hashlib.blake2b(body).digest()
            self.put_back(name, codec.decode(body, outside=self.find))
        self.ready()

    def resume(self) -> None:
        """Nothing runs."""

    def clear(self) -> None:
        """Forget what was written, and empty the service."""
        with self._lock:
            self._digests.clear()
            self.empty()

    def units(self) -> Mapping[str, Any]:
        """All that is kept, by the names of its records."""
        raise NotImplementedError

    def put_back(self, name: str, unit: Any) -> None:
        """Make *unit* the service's again."""
        raise NotImplementedError

    def ready(self) -> None:
        """Make whatever stands on the units that are there again."""

    def empty(self) -> None:
        """Take everything out of the service."""
        raise NotImplementedError

    def found_by(self, _value: Any) -> Any:
        """By what an object is found that is no part of the units; None for all others."""
        return None

    def find(self, _found_by: Any) -> Any:
        """The object that is found so."""
        return None

    @property
    def _kind(self) -> str:
        return f"{self.name}.unit"
