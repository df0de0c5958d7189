from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from localstack_standalone.localemu import differences
from localstack_standalone.parity import registry
from localstack_standalone.patching.patch import Patch


def module(**members: Any) -> types.ModuleType:
    made = types.ModuleType("of_localemu")
    vars(made).update(members)
    return made


def test_another_release_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows whether the patches fit; which one they were tried with is told."""
    monkeypatch.setitem(sys.modules, "localemu", types.ModuleType("localemu"))
    version = module(version="9.9.9")
    monkeypatch.setitem(sys.modules, "localemu.version", version)
    with pytest.raises(differences.WrongLocalEmuError, match=r"LocalEmu 9\.9\.9.*for 1\.3\.2"):
        differences.settle()


def test_what_it_does_itself_is_not_patched() -> None:
    """All else is; the names that are left out are those of patches."""
    patches = (Patch("a.http_apis", "x"), Patch("a.other", "y"))
    assert (patches[1],) == differences.needed(patches)
    assert set(differences.NOT_NEEDED) <= registry.names()


class Hooks:
    """As the manager of LocalEmu's hooks."""

    def __init__(self, *hooks: Any) -> None:
        self.hooks = hooks

    def load_all_sorted(self) -> Any:
        return self.hooks

    def run_in_order(self) -> None:
        """LocalEmu's own: what fails is only logged."""


def test_a_hook_that_fails_ends_the_start() -> None:
    """Also of those that were made before."""

    def fails() -> None:
        raise RuntimeError("no parity")

    made = types.SimpleNamespace(manager=Hooks(fails))
    made.run = made.manager.run_in_order
    differences.fail_with_hooks(module(HookManager=Hooks, on_infra_start=made))
    with pytest.raises(RuntimeError, match="no parity"):
        made.run()


def test_jsonata_is_evaluated_by_whoever_offers_to() -> None:
    """Without anybody, LocalEmu's own words refuse it."""

    def refuse(_expression: str) -> None:
        raise NotImplementedError

    jsonata = module(eval_jsonata_expression=refuse)
    differences.ask_for_jsonata(jsonata)
    with pytest.raises(NotImplementedError):
        jsonata.eval_jsonata_expression("1")
    vars(jsonata)["_eval_jsonata"] = lambda expression: expression * 2
    assert "11" == jsonata.eval_jsonata_expression("1")


def test_an_executor_is_not_told_the_timeout() -> None:
    class Executor:
        def invoke(self, payload: dict[str, str]) -> Any:
            return payload

    differences.leave_out_timeout(module(ProcessRuntimeExecutor=Executor))
    given: dict[str, Any] = {"payload": {"invoke-id": "1"}, "function_timeout": 3}
    assert {"invoke-id": "1"} == Executor().invoke(**given)


class Logger:
    """As LocalEmu's of answers."""

    lines: list[str]

    def __init__(self) -> None:
        self.lines = []

    def __call__(self, _chain: object, context: Any, _response: object) -> None:
        self.lines.append(context.request.path)


def test_health_is_asked_without_a_line() -> None:
    differences.log_no_health(module(ResponseLogger=Logger))
    log = Logger()
    for path in (differences.HEALTH, "/a"):
        log(None, types.SimpleNamespace(request=types.SimpleNamespace(path=path)), None)
    assert ["/a"] == log.lines
