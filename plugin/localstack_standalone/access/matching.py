"""Wildcards and policy variables, in actions, in texts and in ARNs.

Sources: IAM User Guide, "IAM JSON policy elements: Resource", "Variables and tags" and "Condition
operators".
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import re
from typing import Final

from localstack_standalone.access.context import Facts


class Wildcard(enum.Enum):
    """What stands for other characters."""

    STAR = "*"
    ANY = "?"


@dataclasses.dataclass(frozen=True)
class Variable:
    """``${key}`` or ``${key, 'default'}``.

    Attributes:
        key: the condition key.
        default: what stands there without a value; None where nothing does.
    """

    key: str
    default: str | None


type Token = str | Wildcard | Variable

_WILDCARD: Final = re.compile(r"[*?]")
_WILDCARD_OR_VARIABLE: Final = re.compile(r"[*?]|\$\{[^{}]*\}")
# "Special characters": what means itself where it would mean something else.
_SPECIAL: Final = ("*", "?", "$")
_SEGMENTS: Final = 6


def tokens(text: str, *, variables: bool, wildcards: bool = True) -> tuple[Token, ...]:
    """What *text* is made of.

    Args:
        text: of a policy.
        variables: whether it may have variables: not in Version 2008-10-17.
        wildcards: whether ``*`` and ``?`` are such.
    """
    found: list[Token] = []
    at = 0
    for piece in (_WILDCARD_OR_VARIABLE if variables else _WILDCARD).finditer(text):
        if len(piece[0]) > 1 or wildcards:
            found += [text[at : piece.start()], _token(piece[0])]
            at = piece.end()
    found.append(text[at:])
    return _simplified(found)


def _simplified(found: list[Token]) -> tuple[Token, ...]:
    """*found* without empty texts, and with one star where there are many."""
    simplified: list[Token] = []
    for token in found:
        if token != "" and not (token is Wildcard.STAR and simplified[-1:] == [Wildcard.STAR]):
            simplified.append(token)
    return tuple(simplified)


def _token(piece: str) -> Token:
    if len(piece) == 1:
        return Wildcard(piece)
    inside = piece.removeprefix("${").removesuffix("}")
    if inside in _SPECIAL:
        return inside
    key, _, default = inside.partition(",")
    default = default.strip()
    quoted = len(default) > 1 and default[0] == default[-1] == "'"
    return Variable(key, default[1:-1]) if quoted else Variable(inside, None)


class TextPattern:
    """A text of a policy that others are matched with."""

    def __init__(
        self,
        text: str | tuple[Token, ...],
        *,
        variables: bool = False,
        wildcards: bool = True,
        ignore_case: bool = False,
    ) -> None:
        self.tokens = (
            tokens(text, variables=variables, wildcards=wildcards)
            if isinstance(text, str)
            else text
        )
        self._ignore_case = ignore_case

    @functools.cached_property
    def _fixed(self) -> str | re.Pattern[str] | None:
        """What is the same for all requests, made when one first asks; None with variables."""
        varies = any(isinstance(token, Variable) for token in self.tokens)
        return None if varies else self._compiled(self.tokens)

    def matches(self, text: str, facts: Facts) -> bool | None:
        """Whether *text* is meant; None where a variable has no value, and so nothing is known."""
        wanted = self._resolved(facts) if self._fixed is None else self._fixed
        if wanted is None:
            return None
        if self._ignore_case:
            text = text.lower()
        return text == wanted if isinstance(wanted, str) else wanted.fullmatch(text) is not None

    def _resolved(self, facts: Facts) -> str | re.Pattern[str] | None:
        resolved: list[Token] = []
        for token in self.tokens:
            value: Token | None = token
            if isinstance(token, Variable):
                value = facts.variable(token.key) or token.default
            if value is None:
                return None
            resolved.append(value)
        return self._compiled(tuple(resolved))

    def _compiled(self, constant: tuple[Token, ...]) -> str | re.Pattern[str]:
        """A text, where that is all; else an expression."""
        if (text := _text(constant)) is not None:
            return text.lower() if self._ignore_case else text
        return _expression(constant, ignore_case=self._ignore_case)


def _expression(constant: tuple[Token, ...], *, ignore_case: bool) -> re.Pattern[str]:
    """What has the pieces between stars in this order.

    Each is looked for once and stays where it is found first (an atomic group), and the last is
    looked for at the end alone: nothing has to be tried elsewhere, so no pattern takes more than
    quadratic time.
    """
    pieces = [""]
    widths = [0]
    for token in constant:
        if token is Wildcard.STAR:
            pieces.append("")
            widths.append(0)
        else:
            text = token if isinstance(token, str) else None
            pieces[-1] += "." if text is None else re.escape(text.lower() if ignore_case else text)
            widths[-1] += 1 if text is None else len(text)
    first, *middle = pieces
    if middle:
        last = middle.pop()
        first += "".join(f"(?>.*?{piece})" for piece in middle)
        first += f"(?=.{{{widths[-1]}}})(?>.*)(?<={last})" if last else ".*"
    return re.compile(first, re.DOTALL)


class ArnPattern:
    """An ARN of a policy, with wildcards and variables.

    Up to its fifth colon a star means what is in its segment; "if the * wildcard is the last
    character of a resource ARN segment, it can expand to match beyond the colon boundaries". The
    part behind that, which names the resource, is matched as a whole, and it alone has variables.

    Args:
        text: of the policy; ``*`` means everything.
        variables: whether it may have variables.
        padded: whether segments that are missing are stars. In IAM's policies they are, as its
            refusals show: 'Partition "x" is not valid for resource "arn:x:s3:*:*:*"'.
    """

    def __init__(self, text: str, *, variables: bool, padded: bool = False) -> None:
        segments = _segments(tokens(text, variables=variables))
        if padded and len(segments) > 1:
            segments += [(Wildcard.STAR,)] * (_SEGMENTS - len(segments))
        head = segments[:-1]
        self._segments = [TextPattern(segment) for segment in segments]
        self._whole = TextPattern(_joined(segments))
        self._prefix = _text(_joined([*head, ()])) if head else ""
        self._misplaced = any(isinstance(token, Variable) for token in _joined(head))
        self._apart = any(
            isinstance(token, Wildcard) for segment in head for token in _inner(segment)
        )

    def names(self, arn: str, facts: Facts) -> bool | None:
        """Whether *arn* is meant by Resource; None where a variable has no value."""
        if self._misplaced:
            return None
        if self._prefix is not None:
            if not arn.startswith(self._prefix):
                return False
            return self._segments[-1].matches(arn[len(self._prefix) :], facts)
        return self._names_apart(arn, facts) if self._apart else self._whole.matches(arn, facts)

    def _names_apart(self, arn: str, facts: Facts) -> bool | None:
        """With a wildcard inside a segment, each is for itself."""
        *head, last = self._segments
        parts = arn.split(":", len(head))
        if len(parts) != len(self._segments):
            return False
        if not all(map(TextPattern.matches, head, parts, [facts] * len(head))):
            return False
        return last.matches(parts[-1], facts)

    def is_like(self, arn: str, facts: Facts) -> bool:
        """Whether ArnLike holds: "Each of the six … components … is checked separately"."""
        parts = arn.split(":", _SEGMENTS - 1)
        if len(parts) != _SEGMENTS or len(self._segments) != _SEGMENTS:
            return False
        pairs = zip(self._segments, parts, strict=True)
        return all(segment.matches(part, facts) for segment, part in pairs)


def _segments(found: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """*found*, apart at its first five colons."""
    segments: list[list[Token]] = [[]]
    for token in found:
        if isinstance(token, str):
            first, *following = token.split(":", _SEGMENTS - len(segments))
            segments[-1].append(first)
            segments += [[text] for text in following]
        else:
            segments[-1].append(token)
    return [tuple(token for token in segment if token != "") for segment in segments]


def _joined(segments: list[tuple[Token, ...]]) -> tuple[Token, ...]:
    """*segments* with their colons."""
    joined: list[Token] = []
    for segment in segments:
        joined += [":", *segment]
    return tuple(joined[1:])


def _text(constant: tuple[Token, ...]) -> str | None:
    """The text that *constant* is; None where it is more."""
    texts = [token for token in constant if isinstance(token, str)]
    return "".join(texts) if len(texts) == len(constant) else None


def _inner(segment: tuple[Token, ...]) -> tuple[Token, ...]:
    """All of *segment* but a star at its end."""
    return segment[:-1] if segment[-1:] == (Wildcard.STAR,) else segment
