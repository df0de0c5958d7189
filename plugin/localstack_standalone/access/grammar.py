"""Whether a document is a policy, and in which words AWS says that it is not.

Source: IAM User Guide, "Grammar of the IAM JSON policy language". Wordings: IAM's as moto's tests
have them of AWS, and as people met them with CreatePolicy and CreateRole; S3's as met with
PutBucketPolicy. IAM looks at the grammar of the whole document first, then at what stands in it.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from localstack_standalone.access import conditions
from localstack_standalone.access.principal import InvalidPrincipalError, PrincipalElement


class PolicyKind(enum.StrEnum):
    """What a policy is attached to, which decides what may stand in it."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    TRUST = "trust"
    BOUNDARY = "boundary"
    SESSION = "session"


OF_IDENTITIES: Final = frozenset({PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION})


class MalformedPolicyError(ValueError):
    """A document that AWS refuses: IAM with MalformedPolicyDocument, S3 with MalformedPolicy.

    Its text is AWS's message.
    """


SYNTAX: Final = "Syntax errors in policy."
_S3_SYNTAX: Final = "Invalid policy syntax."
_FIRST_BYTE: Final = "Policies must be valid JSON and the first byte must be '{'"
_VERSIONS: Final = ("2008-10-17", "2012-10-17")
_EFFECTS: Final = ("Allow", "Deny")
_DOCUMENT: Final = frozenset({"Version", "Id", "Statement"})
_PAIRS: Final = (
    ("Action", "NotAction"),
    ("Resource", "NotResource"),
    ("Principal", "NotPrincipal"),
)
_STATEMENT: Final = frozenset(
    {"Sid", "Effect", "Condition", *(name for pair in _PAIRS for name in pair)}
)
_SID: Final = re.compile(r"[0-9A-Za-z]*")
_VENDOR: Final = re.compile(r"\*|[a-zA-Z0-9\-.]+")


def checked(text: str, kind: PolicyKind) -> dict[str, Any]:
    """The document that *text* is.

    Raises:
        MalformedPolicyError: AWS would not take it for a policy of *kind*.
    """
    if kind is PolicyKind.RESOURCE:
        return _of_a_resource(text)
    document = _read(text, SYNTAX)
    body = statements(document) if _is_document(document) else []
    if not body or not all(map(_is_statement, body)):
        raise MalformedPolicyError(SYNTAX)
    refusals = _of_trust if kind is PolicyKind.TRUST else _of_an_identity
    for words in refusals(body):
        raise MalformedPolicyError(words)
    return document


def statements(document: dict[str, Any]) -> list[Any]:
    """Those of *document*: one, or a list."""
    found = document.get("Statement")
    return found if isinstance(found, list) else [found]


def texts(value: Any) -> list[str]:
    """Those of an element: none, one, or a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


class _RepeatedError(ValueError):
    """A name twice: "elements must not contain multiple instances of the same key"."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedError
    return members


def _read(text: str, words: str) -> dict[str, Any]:
    """The object that *text* is; *words* say that it is none."""
    try:
        document = json.loads(text, object_pairs_hook=_members)
    except (ValueError, RecursionError) as error:
        raise MalformedPolicyError(words) from error
    if not isinstance(document, dict):
        raise MalformedPolicyError(words)
    return document


def _is_document(document: dict[str, Any]) -> bool:
    return (
        document.keys() <= _DOCUMENT
        and document.get("Version", _VERSIONS[0]) in _VERSIONS
        and isinstance(document.get("Id", ""), str)
        and "Statement" in document
    )


def _is_statement(body: Any) -> bool:
    """Whether *body* has the grammar of a statement, of any kind."""
    if not isinstance(body, dict) or not body.keys() <= _STATEMENT:
        return False
    effect = body.get("Effect")
    return (
        isinstance(effect, str)
        and effect.capitalize() in _EFFECTS
        and isinstance(body.get("Sid", ""), str)
        and not any(one in body and other in body for one, other in _PAIRS)
        and all(_are_texts(body[name]) for pair in _PAIRS[:2] for name in pair if name in body)
        and _are_conditions(body.get("Condition", {}))
    )


def _are_texts(value: Any) -> bool:
    listed = value if isinstance(value, list) else [value]
    return all(isinstance(one, str) for one in listed)


def _are_conditions(block: Any) -> bool:
    if not isinstance(block, dict):
        return False
    for name, keys in block.items():
        if not isinstance(keys, dict) or not all(map(_are_values, keys.values())):
            return False
        try:
            conditions.check(name)
        except conditions.UnknownOperatorError:
            return False
    return True


def _are_values(value: Any) -> bool:
    listed = value if isinstance(value, list) else [value]
    return all(isinstance(one, str | int | float | bool) for one in listed)


def _of_an_identity(body: list[dict[str, Any]]) -> Iterator[str]:
    """What IAM says of a policy of users, groups and roles."""
    yield from _of_iam(body)
    for statement in body:
        if not texts(statement.get("Resource")) and not texts(statement.get("NotResource")):
            yield "Policy statement must contain resources."
        for resource in _all(statement, "Resource"):
            if resource != "*" and not resource.startswith("arn:"):
                yield f'Resource {resource} must be in ARN format or "*".'
        if "Principal" in statement or "NotPrincipal" in statement:
            yield "Policy document should not specify a principal."
        if not _SID.fullmatch(statement.get("Sid", "")):
            yield (
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the "
                f"regular expression {_SID.pattern}"
            )


def _of_trust(body: list[dict[str, Any]]) -> Iterator[str]:
    """What IAM says of a role's trust policy."""
    yield from _of_iam(body)
    for statement in body:
        for name in ("Resource", "NotResource", "NotPrincipal"):
            if name in statement:
                yield f"Has prohibited field {name}"
        if "Principal" not in statement:
            yield "Missing required field Principal"
        elif not _is_principal(statement["Principal"]):
            yield "Invalid principal in policy"
        if not all(action.lower().startswith("sts:") for action in _all(statement, "Action")):
            yield "AssumeRole policy may only specify STS AssumeRole actions."


def _of_iam(body: list[dict[str, Any]]) -> Iterator[str]:
    """What IAM says of any policy of its own."""
    if any(statement["Effect"] not in _EFFECTS for statement in body):
        yield "The policy failed legacy parsing"
    sids = [statement["Sid"] for statement in body if statement.get("Sid")]
    if len(sids) != len(set(sids)):
        yield "Statement IDs (SID) in a single policy must be unique."
    for statement in body:
        if not any(True for _ in _all(statement, "Action")):
            yield "Policy statement must contain actions."
        for action in _all(statement, "Action"):
            yield from _of_an_action(action)


def _of_an_action(action: str) -> Iterator[str]:
    if action == "*":
        return
    vendor, colon, name = action.partition(":")
    if not colon:
        yield "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    elif ":" in name:
        yield "Actions/Condition can contain only one colon."
    elif not _VENDOR.fullmatch(vendor):
        yield f"Vendor {vendor} is not valid"


def _all(statement: dict[str, Any], name: str) -> Iterator[str]:
    """What the element *name* lists, or the one that excludes."""
    yield from texts(statement.get(name))
    yield from texts(statement.get(f"Not{name}"))


def _is_principal(element: Any) -> bool:
    try:
        PrincipalElement.read(element)
    except InvalidPrincipalError:
        return False
    return True


def _of_a_resource(text: str) -> dict[str, Any]:
    """As S3 reads a bucket's policy; others' words for theirs are not known."""
    if not text.startswith("{"):
        raise MalformedPolicyError(_FIRST_BYTE)
    document = _read(text, "This policy contains invalid Json")
    for words in _s3_document(document):
        raise MalformedPolicyError(words)
    for statement in statements(document):
        for words in _s3_statement(statement):
            raise MalformedPolicyError(words)
    return document


def _s3_document(document: dict[str, Any]) -> Iterator[str]:
    if unknown := sorted(document.keys() - _DOCUMENT):
        yield f"Unknown field {unknown[0]}"
    if "Statement" not in document:
        yield "Missing required field Statement"
    elif document["Statement"] == []:
        yield "Could not parse the policy: Statement is empty!"
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        yield "The policy must contain a valid version string"


def _s3_statement(body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        yield _S3_SYNTAX
        return
    yield from _s3_fields(body)
    if not _is_statement(body):
        yield _S3_SYNTAX
    if any(words for action in _all(body, "Action") for words in _of_an_action(action)):
        yield "Policy has invalid action"
    if any(one != "*" and not one.startswith("arn:") for one in _all(body, "Resource")):
        yield "Policy has invalid resource"


def _s3_fields(body: dict[str, Any]) -> Iterator[str]:
    if unknown := sorted(body.keys() - _STATEMENT):
        yield f"Unknown field {unknown[0]}"
    if "Effect" not in body:
        yield "Missing required field Effect"
    elif body["Effect"] not in _EFFECTS:
        yield f"Invalid effect: {body['Effect']}"
    for one, other in (_PAIRS[2], _PAIRS[0]):
        if one not in body and other not in body:
            yield f"Missing required field {one}"
    principals = [body[name] for name in _PAIRS[2] if name in body]
    if len(principals) != 1 or not _is_principal(principals[0]):
        yield "Invalid principal in policy"
