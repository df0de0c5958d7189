"""``/_localstack/standalone/faults``: which rules are on and what they hit; where they come and go.

GET tells; with ``?since=<seconds since the epoch>`` also each hit from then on. POST ``{"rules":
[…], "seed": 7}`` puts rules in place, all or none; without a seed one is chosen, and told. DELETE
takes all away, or with ``?name=`` one.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any, Final

from botocore.exceptions import UnknownServiceError
from localstack.aws import spec
from localstack.http import Response
from localstack.services.internal import get_internal_apis

from localstack_standalone.faults import rule
from localstack_standalone.faults.rule import FaultRuleError
from localstack_standalone.faults.rules import MOST_RULES, FaultRules

PATH: Final = "/_localstack/standalone/faults"
MOST_SEED: Final = 2**31 - 1


def offer(rules: FaultRules) -> None:
    """Let whoever may use the emulator see and change *rules*."""

    def endpoint(request: Any) -> Any:
        try:
            if request.method == "POST":
                _add(rules, request.get_json(force=True, silent=True))
            elif request.method == "DELETE":
                _remove(rules, request.args.get("name"))
            return _of(rules, request.args.get("since"))
        except FaultRuleError as error:
            return Response(f"{error}\n", 400, mimetype="text/plain")

    get_internal_apis().add(PATH, endpoint, methods=["GET", "POST", "DELETE"])


def operations_of(service: str) -> Collection[str] | None:
    """The operations of a service, as botocore calls it; None where there is no such service."""
    try:
        return tuple(spec.load_service(service).operation_names)
    except UnknownServiceError:
        return None


def _of(rules: FaultRules, since: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {"rules": rules.described()}
    if since is not None:
        told["hits"] = rules.ledger.since(_moment(since))
    return told


def _add(rules: FaultRules, told: Any) -> None:
    if not isinstance(told, dict) or not isinstance(told.get("rules"), list) or not told["rules"]:
        raise FaultRuleError('the body is no JSON like {"rules": [{"operation": "s3:*", …}]}')
    unknown = sorted(set(told) - {"rules", "seed"})
    if unknown:
        raise FaultRuleError(f"there is no field {unknown[0]!r:.80}; allowed: rules, seed")
    if len(told["rules"]) > MOST_RULES:
        raise FaultRuleError(f"{len(told['rules'])} rules; at most {MOST_RULES} are on at once")
    read = []
    for number, each in enumerate(told["rules"], 1):
        try:
            read.append(rule.read(each, operations_of))
        except FaultRuleError as error:
            raise FaultRuleError(f"rule {number}: {error}") from error
    rules.add(read, _seed(told.get("seed")))


def _remove(rules: FaultRules, name: str | None) -> None:
    if not rules.remove(name) and name is not None:
        known = ", ".join(each["name"] for each in rules.described()) or "none is"
        raise FaultRuleError(f"no rule {name!r:.80} is on; what is: {known}")


def _seed(given: Any) -> int:
    if given is None:
        return secrets.randbelow(10**6) + 1
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= MOST_SEED:
        return given
    raise FaultRuleError(f"seed is {given!r:.80}; allowed: a whole number from 0 to {MOST_SEED}")


def _moment(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        raise FaultRuleError(
            f"since is {given!r:.80}; allowed: seconds since the epoch, such as 0"
        ) from None
