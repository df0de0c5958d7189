"""JSON and YAML documents whose values know their line and column."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, Final

import yaml

from localstack_standalone.lint.finding import At

MOST_BYTES: Final = 5_000_000
# Aliases make a small file a huge document; nobody writes this many values by hand.
MOST_VALUES: Final = 200_000
# The parser's time grows with the square of this.
MOST_DEPTH: Final = 200
_BOOLEAN: Final = "tag:yaml.org,2002:bool"
_PLACEHOLDER: Final = "${%s}"


class UnreadableError(Exception):
    """A file is no document.

    Attributes:
        line: where, from 1.
        column: where, from 1.
    """

    def __init__(self, words: str, line: int = 1, column: int = 1) -> None:
        super().__init__(words)
        self.line, self.column = line, column


@dataclasses.dataclass(frozen=True)
class Document:
    """A document as plain data; intrinsic functions of CloudFormation in their long form.

    Attributes:
        path: the file.
        text: what is in it.
        data: its value.
        places: line and column of each value, a member's being those of its name.
    """

    path: Path
    text: str
    data: Any
    places: dict[At, tuple[int, int]]

    def place(self, at: At) -> tuple[int, int]:
        """Line and column of *at*, or of the innermost value around it that there is."""
        while at not in self.places:
            at = at[:-1]
        return self.places[at]


def read(path: Path) -> Document:
    """The document in *path*.

    Raises:
        UnreadableError: there is none.
    """
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableError(f"over {MOST_BYTES:,} bytes")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("not UTF-8") from error
    _refuse_deep(text)
    strict = path.suffix == ".json"
    if strict:
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            raise UnreadableError(f"no JSON: {error.msg}", error.lineno, error.colno) from None
        except RecursionError:
            raise UnreadableError("nested too deeply") from None
    try:
        # JSON is YAML, but for tabs between values.
        node = yaml.compose(text.replace("\t", " ") if strict else text, Loader=yaml.SafeLoader)
        reader = _Reader()
        data = reader.value(node, ()) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise UnreadableError(f"no YAML: {error.problem or error.context}", *where) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UnreadableError(f"no YAML: {type(error).__name__}") from None
    return Document(path, text, data, {(): (1, 1)} | reader.places)


def _refuse_deep(text: str) -> None:
    depth = 0
    for letter in text:
        if letter in "[{":
            depth += 1
            if depth > MOST_DEPTH:
                raise UnreadableError("nested too deeply")
        elif letter in "]}":
            depth -= 1


def text_of(value: Any) -> str:  # noqa: PLR0911 - a form of CloudFormation's each
    """*value* as a text; what CloudFormation puts in is ``${…}``."""
    match value:
        case str():
            return value
        case {"Fn::Sub": [str(template), *_]} | {"Fn::Sub": str(template)}:
            return template
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(map(text_of, parts))
        case {"Ref": str(name)}:
            return _PLACEHOLDER % name
        case {"Fn::GetAtt": [str(name), *rest]}:
            return _PLACEHOLDER % ".".join([name, *map(str, rest)])
        case {"Fn::GetAtt": str(name)}:
            return _PLACEHOLDER % name
        case dict() | list():
            return _PLACEHOLDER % "…"
    return "" if value is None else str(value)


def is_intrinsic(value: Any) -> bool:
    """Whether *value* is what CloudFormation replaces."""
    return (
        isinstance(value, dict)
        and len(value) == 1
        and next(iter(value)).startswith(("Ref", "Fn::"))
    )


def resolved(value: Any) -> Any:
    """*value* with texts where intrinsic functions are."""
    if is_intrinsic(value):
        return text_of(value)
    if isinstance(value, dict):
        return {name: resolved(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner) for inner in value]
    return value


class _Reader:
    """Makes plain data of nodes, and notes where each stands."""

    def __init__(self) -> None:
        self.places: dict[At, tuple[int, int]] = {}
        self._loader = yaml.SafeLoader("")
        self._values = 0

    def value(self, node: yaml.Node, at: At, named_by: yaml.Node | None = None) -> Any:
        self._values += 1
        if self._values > MOST_VALUES:
            raise UnreadableError(f"over {MOST_VALUES:,} values")
        mark = (named_by or node).start_mark
        self.places.setdefault(at, (mark.line + 1, mark.column + 1))
        if node.tag.startswith("!"):
            return self._intrinsic(node, at)
        return self._plain(node, at)

    def _plain(self, node: yaml.Node, at: At) -> Any:
        match node:
            case yaml.MappingNode():
                return {
                    str(name.value): self.value(inner, (*at, str(name.value)), name)
                    for name, inner in node.value
                }
            case yaml.SequenceNode():
                return [self.value(inner, (*at, index)) for index, inner in enumerate(node.value)]
        if node.tag == _BOOLEAN and node.value.lower() not in ("true", "false"):
            return node.value  # a state called No, to all but YAML 1.1
        try:
            return self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError):
            return node.value

    def _intrinsic(self, node: yaml.Node, at: At) -> dict[str, Any]:
        name = node.tag.removeprefix("!")
        inside = self._plain(_untagged(node), (*at, f"Fn::{name}"))
        match name:
            case "Ref" | "Condition":
                return {name: inside}
            case "GetAtt" if isinstance(inside, str):
                return {"Fn::GetAtt": inside.split(".", 1)}
        return {f"Fn::{name}": inside}


def _untagged(node: yaml.Node) -> yaml.Node:
    """*node* without its tag; a scalar is a text then."""
    if isinstance(node, yaml.ScalarNode):
        return yaml.ScalarNode("tag:yaml.org,2002:str", node.value, node.start_mark, node.end_mark)
    return node
