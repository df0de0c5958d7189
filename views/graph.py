"""A state machine as a graph, read from its definition in the Amazon States Language.

Any machine: Task, Choice, Parallel, Map, Pass, Wait, Succeed and Fail; what is inside a Parallel or
Map state is a graph of its own (https://states-language.net/spec.html).
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any, Final

START, END = "▶", "■"
"""Names of the two points that are no states; a state's name may not be longer than 80 characters,
but these are kept apart by their type."""
_OPERATORS: Final = {
    "Equals": "=",
    "LessThan": "<",
    "GreaterThan": ">",
    "LessThanEquals": "≤",
    "GreaterThanEquals": "≥",
    "Matches": "matches",
}
_COMPARISON: Final = re.compile(
    f"(?:String|Numeric|Boolean|Timestamp)({'|'.join(_OPERATORS)})(?:Path)?"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Node:
    """A state, or where the machine starts or ends.

    Attributes:
        name: the state's name.
        type: the state's type, or ``Start`` or ``End``.
        comment: what its definition says of it.
        inner: the machines inside a Parallel (one a branch) or Map state.
    """

    name: str
    type: str
    comment: str = ""
    inner: tuple[Graph, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Edge:
    """A transition.

    Attributes:
        source: name of the state that it leaves.
        target: name of the state that it enters.
        label: when it is taken; empty for always.
        kind: ``next``, ``choice``, ``default`` or ``catch``.
    """

    source: str
    target: str
    label: str = ""
    kind: str = "next"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Graph:
    """A machine, or a branch of one."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def states(self) -> tuple[Node, ...]:
        """All its states, also those inside others, without start and end."""
        own = [node for node in self.nodes if node.type not in {"Start", "End"}]
        inner = [state for node in own for graph in node.inner for state in graph.states()]
        return (*own, *inner)


def parse(definition: str) -> Graph:
    """The graph of the machine that *definition*, JSON text, defines."""
    return _graph(json.loads(definition))


def fields(definition: str) -> list[str]:
    """The fields of the machine that *definition* defines, and of its states, as they come."""
    return list(_fields(json.loads(definition)))


def _fields(machine: dict[str, Any]) -> dict[str, None]:
    found = dict.fromkeys(machine)
    for state in machine.get("States", {}).values():
        found |= dict.fromkeys(state)
        inner = [*state.get("Branches", []), state.get("ItemProcessor", state.get("Iterator", {}))]
        for one in inner:
            found |= _fields(one)
    return found


def _graph(machine: dict[str, Any]) -> Graph:
    states: dict[str, dict[str, Any]] = machine.get("States", {})
    nodes = [Node(name=START, type="Start"), *(_node(*item) for item in states.items())]
    edges = [Edge(source=START, target=machine.get("StartAt", END))]
    for name, state in states.items():
        edges += _edges(name, state)
    known = {*states, END}
    edges = [edge for edge in edges if edge.target in known]
    if any(edge.target == END for edge in edges):
        nodes.append(Node(name=END, type="End"))
    return Graph(nodes=tuple(nodes), edges=tuple(_merged(edges)))


def _node(name: str, state: dict[str, Any]) -> Node:
    inner: list[dict[str, Any]] = list(state.get("Branches", []))
    if processor := state.get("ItemProcessor", state.get("Iterator")):
        inner.append(processor)
    return Node(
        name=name,
        type=state.get("Type", "?"),
        comment=state.get("Comment", ""),
        inner=tuple(_graph(machine) for machine in inner),
    )


def _edges(name: str, state: dict[str, Any]) -> list[Edge]:
    edges = []
    if "Next" in state:
        edges.append(Edge(source=name, target=state["Next"]))
    elif state.get("End") or state.get("Type") in {"Succeed", "Fail"}:
        edges.append(Edge(source=name, target=END))
    edges += [
        Edge(source=name, target=rule.get("Next", ""), label=condition(rule), kind="choice")
        for rule in state.get("Choices", [])
    ]
    if "Default" in state:
        edges.append(Edge(source=name, target=state["Default"], label="otherwise", kind="default"))
    for catcher in state.get("Catch", []):
        label = ", ".join(catcher.get("ErrorEquals", []))
        edges.append(Edge(source=name, target=catcher.get("Next", ""), label=label, kind="catch"))
    return edges


def _merged(edges: list[Edge]) -> list[Edge]:
    """Edges between the same two states as one: they would lie upon each other."""
    merged: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        known = merged.get((edge.source, edge.target))
        if known is None:
            merged[edge.source, edge.target] = edge
            continue
        label = " | ".join(text for text in (known.label, edge.label) if text)
        merged[edge.source, edge.target] = dataclasses.replace(known, label=label)
    return list(merged.values())


def condition(rule: dict[str, Any]) -> str:
    """A Choice rule in words, such as ``$.success = true``."""
    if "Condition" in rule:  # JSONata
        return str(rule["Condition"]).removeprefix("{%").removesuffix("%}").strip()
    for word, joint in (("And", " and "), ("Or", " or ")):
        if word in rule:
            return joint.join(condition(inner) for inner in _telling(rule[word]))
    if "Not" in rule:
        return f"not ({condition(rule['Not'])})"
    variable = rule.get("Variable", "")
    for name, value in rule.items():
        if name.startswith("Is") and name != "Is":
            return _presence(variable, name, wanted=bool(value))
        if comparison := _COMPARISON.fullmatch(name):
            return f"{variable} {_OPERATORS[comparison[1]]} {_value(value)}"
    return str(variable)


def _telling(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """*rules* without "is present" of what another of them compares: that goes without saying."""
    compared = {rule.get("Variable") for rule in rules if "IsPresent" not in rule}
    return [
        rule
        for rule in rules
        if rule.get("IsPresent") is not True or rule.get("Variable") not in compared
    ]


def _presence(variable: str, test: str, *, wanted: bool) -> str:
    return f"{variable} is {'' if wanted else 'not '}{test.removeprefix('Is').lower()}"


def _value(value: Any) -> str:
    if isinstance(value, str) and value.startswith("$"):
        return value
    return json.dumps(value, ensure_ascii=False)
