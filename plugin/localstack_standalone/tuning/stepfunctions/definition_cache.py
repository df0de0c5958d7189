"""A definition is parsed once, not at each execution.

LocalStack builds a lexer, a parser and the tree of components anew whenever an execution starts,
8 ms of processor time. The components hold no state of an execution: what a state remembers while
it runs is in the execution's own environment, under a key of the component's. That key is made
at its first use, which is made safe for several threads here.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Final

# Definitions of up to 1 MB each come from users, so there is a bound.
REMEMBERED: Final = 64
_KEY: Final = "_EvalComponent__heap_key"


def tune(module: ModuleType) -> None:
    """Have the parser of *module* remember its results; an error is raised anew each time."""
    from localstack.services.stepfunctions.asl.component import eval_component

    def heap_key(self: Any) -> str:
        # setdefault is one step: all threads get the same key.
        found: str | None = getattr(self, _KEY)
        return found or str(self.__dict__.setdefault(_KEY, eval_component.long_uid()))

    eval_component.EvalComponent.heap_key = property(heap_key)
    parser: Any = module.AmazonStateLanguageParser
    parser.parse = staticmethod(functools.lru_cache(maxsize=REMEMBERED)(parser.parse))
