"""REST APIs with their stages and deployments, as moto and LocalStack have them between them."""

from __future__ import annotations

import collections
from collections.abc import Mapping
from typing import Any, Final

from localstack.services.apigateway import models
from moto.apigateway import models as moto_models

from localstack_standalone.persistence.keeper import empty_backends, stores
from localstack_standalone.persistence.services.whole import WholeKeeper

_MOTO: Final = "moto"
_STORE: Final = "store"
_EVERYWHERE: Final = "everywhere"
_ACCOUNT: Final = "account"
_PARSERS: Final = "parsers"


class ApiGatewayKeeper(WholeKeeper):
    """Keeps each region in moto and in LocalStack, and what is deployed in all of them."""

    name = "apigateway"

    def units(self) -> Mapping[str, Any]:
        """One unit for each of those."""
        found: dict[str, Any] = {}
        for account, regions in list(moto_models.apigateway_backends.items()):
            for region, backend in list(regions.items()):
                found[f"{_MOTO}/{account}/{region}"] = dict(vars(backend))
        for account, region, store in stores(models.apigateway_stores):
            local = {name: value for name, value in vars(store).items() if name[:5] == "attr_"}
            found[f"{_STORE}/{account}/{region}"] = local
            found[f"{_ACCOUNT}/{account}"] = dict(store._global)  # noqa: SLF001 - of all regions
        found[_EVERYWHERE] = dict(models.apigateway_stores._universal)  # noqa: SLF001 - what is deployed
        return found

    def put_back(self, name: str, unit: Any) -> None:
        """Give it its attributes again."""
        kind, *place = name.split("/")
        if kind == _EVERYWHERE:
            models.apigateway_stores._universal.update(unit)  # noqa: SLF001
        elif kind == _ACCOUNT:
            models.apigateway_stores[place[0]]._global.update(unit)  # noqa: SLF001
        elif kind == _STORE:
            vars(models.apigateway_stores[place[0]][place[1]]).update(unit)
        else:
            vars(moto_models.apigateway_backends[place[0]][place[1]]).update(unit)

    def empty(self) -> None:
        """Begin anew."""
        empty_backends(moto_models.apigateway_backends)
        models.apigateway_stores.reset()

    def found_by(self, value: Any) -> Any:
        """The parsers that each of moto's resources has: they are code, and always the same."""
        is_parsers = isinstance(value, collections.defaultdict) and "parser" in str(
            value.default_factory
        )
        return _PARSERS if is_parsers else None

    def find(self, _found_by: Any) -> Any:
        """Those of a new resource."""
        return moto_models.Resource("", "", "us-east-1", "", "", None).integration_parsers
