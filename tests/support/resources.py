"""A resource that is declared and never touched."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, ClassVar

from infra.resource import Cloud, Description, Found, Resource

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclasses.dataclass(frozen=True)
class Declared(Resource):
    """Whatever is asked of it is a mistake, but for its part of a template."""

    kind: ClassVar = "desk lamp"
    service: ClassVar = "lamps"
    part: dict[str, Any] = dataclasses.field(default_factory=dict, compare=False)

    def template(self) -> dict[str, Any]:
        return dict(self.part)

    def read(self, cloud: Cloud) -> Found | None:
        raise NotImplementedError

    def wanted(self, cloud: Cloud) -> dict[str, Any]:
        raise NotImplementedError

    def create(self, cloud: Cloud) -> None:
        raise NotImplementedError

    def update(self, cloud: Cloud, identifier: str, differing: Collection[str]) -> None:
        raise NotImplementedError

    def delete(self, cloud: Cloud, identifier: str) -> None:
        raise NotImplementedError

    def describe(self, cloud: Cloud) -> Description:
        raise NotImplementedError
