from __future__ import annotations

import ast
import dataclasses
from pathlib import Path
from types import ModuleType

import pytest

from localstack_standalone.tuning import jsonpath_cache, registry
from localstack_standalone.tuning.task_client_cache import KEPT_S, Clients
from testbed import settings

PACKAGE = Path(registry.__file__).parent


@dataclasses.dataclass
class Role:
    role_arn: str


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def clients(clock: Clock) -> Clients:
    return Clients(lambda *_: object(), clock)


def test_a_client_serves_its_role_again(clients: Clients) -> None:
    """The same service, region and role have the same client; another of them has another."""
    first = clients("lambda", "ca-central-1", Role("a"))
    assert first is clients("lambda", "ca-central-1", Role("a"))
    others = [("s3", "ca-central-1", "a"), ("lambda", "us-east-1", "a"), ("lambda", "x", "b")]
    assert all(first is not clients(service, region, Role(arn)) for service, region, arn in others)


def test_a_client_is_kept_for_a_while(clients: Clients, clock: Clock) -> None:
    """Credentials end after an hour; a client is made anew long before."""
    first = clients("lambda", "r", Role("a"))
    clock.now += KEPT_S
    assert first is clients("lambda", "r", Role("a"))
    clock.now += 1
    assert first is not clients("lambda", "r", Role("a"))


def test_a_path_is_parsed_once_and_an_error_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsing is remembered by its text, a failure is not."""
    target = ModuleType("target")
    parsed: list[str] = []

    def parse(path: str) -> str:
        parsed.append(path)
        if path == "bad":
            raise ValueError(path)
        return path.upper()

    target.parse = parse  # type: ignore[attr-defined]
    monkeypatch.setattr(jsonpath_cache, "_build_tables_once", lambda: None)  # needs jsonpath_ng
    jsonpath_cache.tune(target)
    assert ["$.A", "$.A"] == [target.parse("$.a"), target.parse("$.a")]
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            target.parse("bad")
    assert ["$.a", "bad", "bad"] == parsed


def test_every_module_is_a_measure() -> None:
    """A measure that is not listed would never be taken."""
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "plugin", "registry"}
    modules |= registry.CHOICES.keys()
    assert modules == registry.names()


def test_every_choice_is_made_somewhere() -> None:
    """A choice that no module asks for would switch nothing."""
    sources = "".join(p.read_text(encoding="utf-8") for p in PACKAGE.parent.rglob("*.py"))
    for name in registry.CHOICES:
        assert f'"{name}" in tuning.wanted()' in sources


@pytest.mark.parametrize("name", sorted(registry.names()))
def test_a_measure_is_in_the_decision_record(name: str) -> None:
    """What is patched, and what for, is written down."""
    record = settings.ROOT / "docs" / "decisions" / "0006-tuning.md"
    assert f"`{name}`" in record.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(measure.name for measure in registry.MEASURES))
def test_a_measure_says_what_it_saves(name: str) -> None:
    """Each module tells what LocalStack does and has the function `tune`."""
    module = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
    assert "LocalStack" in (ast.get_docstring(module) or "")
    assert "tune" in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
