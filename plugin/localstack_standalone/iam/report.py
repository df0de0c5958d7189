"""``/_localstack/standalone/iam``: what each role was allowed, used, and lacked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from localstack.http import Response
from localstack.services.internal import get_internal_apis

from localstack_standalone.access.document import PolicyKind
from localstack_standalone.access.evaluation import StatementReference
from localstack_standalone.access.least import least_policy, missing_statement
from localstack_standalone.iam import mode
from localstack_standalone.iam.directory import Principal
from localstack_standalone.iam.handler import AccessControl
from localstack_standalone.iam.ledger import Ask, Seen

PATH: Final = "/_localstack/standalone/iam"


def offer(control: AccessControl) -> None:
    """Tell whoever asks, and let who drives tests change between warning and enforcing.

    POST ``{"mode": "enforce"}``; the mode of the start holds until then.
    """

    def endpoint(request: Any) -> Any:
        if request.method == "POST":
            try:
                control.change_to(mode.read((request.get_json() or {}).get("mode")))
            except mode.ModeSettingError as error:
                return Response(f"{error}", 400)
        return of(control)

    get_internal_apis().add(PATH, endpoint, methods=["GET", "POST"])


def of(control: AccessControl) -> dict[str, Any]:
    """All principals that were asked about or have policies, and what nobody knows of."""
    seen = control.ledger.seen()
    uses = control.ledger.uses
    known = [*control.directory.roles(), *control.directory.users()]
    names = {each.arn for each in known}
    others = sorted({ask.principal for ask in seen} - names)
    return {
        "mode": control.mode,
        "principals": [
            *(_of_principal(each.arn, _statements(each), seen, uses) for each in known),
            *(_of_principal(name, (), seen, uses) for name in others),
        ],
        "unknown": [f"{service}:{operation}" for service, operation in control.ledger.unknown()],
    }


def _statements(principal: Principal) -> Iterator[tuple[StatementReference, Any]]:
    """Each statement of the principal's policies, as it was written."""
    for name, text in principal.documents:
        written = json.loads(text).get("Statement", []) if text else []
        listed = written if isinstance(written, list) else [written]
        for index, statement in enumerate(listed):
            yield (
                StatementReference(name, PolicyKind.IDENTITY, index, statement.get("Sid")),
                statement,
            )


def _of_principal(
    name: str,
    statements: Iterable[tuple[StatementReference, Any]],
    seen: dict[Ask, Seen],
    uses: Callable[[str, StatementReference], int],
) -> dict[str, Any]:
    own = {ask: each for ask, each in seen.items() if ask.principal == name}
    return {
        "principal": name,
        "statements": [
            {"policy": reference.policy, "index": reference.index, "sid": reference.sid}
            | {"statement": statement, "uses": uses(name, reference)}
            for reference, statement in statements
        ],
        "used": [_told(ask, each) for ask, each in own.items() if ask.allowed],
        "missing": [
            _told(ask, each) | {"why": each.decision.kind, "add": _statement(each)}
            for ask, each in own.items()
            if not ask.allowed
        ],
        "least": least_policy(each.request for ask, each in own.items()),
    }


def _statement(seen: Seen) -> dict[str, Any] | None:
    """What would allow it; nothing would against an explicit deny."""
    return None if seen.decision.by else missing_statement(seen.request, seen.decision)


def _told(ask: Ask, seen: Seen) -> dict[str, Any]:
    return {"action": ask.action, "resource": ask.resource, "count": seen.count}
