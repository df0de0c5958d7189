"""Paths are parsed once.

jsonpath_ng builds its parser's tables anew for each path that it parses, 29 ms of processor time,
and LocalStack parses a path at each evaluation. Parsed paths have no state: one serves all. The
tables are built once for each grammar.
"""

from __future__ import annotations

import copy
import functools
from types import ModuleType
from typing import Any, Final

# A state machine has a dozen paths; definitions come from users, so there is a bound.
REMEMBERED: Final = 4096


def tune(module: ModuleType) -> None:
    """Remember what the ``parse`` of *module* gives; an error is raised anew each time."""
    _build_tables_once()
    module.parse = functools.lru_cache(maxsize=REMEMBERED)(module.parse)  # type: ignore[attr-defined]


def _build_tables_once() -> None:
    from jsonpath_ng.lexer import JsonPathLexer
    from jsonpath_ng.parser import JsonPathParser

    if hasattr(JsonPathParser.__init__, "__wrapped__"):
        return
    build = JsonPathParser.__init__
    built: dict[type, JsonPathParser] = {}

    @functools.wraps(build)
    def init(self: Any, debug: Any = False, lexer_class: Any = None) -> None:  # noqa: FBT002
        first = built.get(type(self))
        if first is None or debug or first.lexer_class is not (lexer_class or JsonPathLexer):
            build(self, debug, lexer_class)
            built[type(self)] = self
        else:
            self.__dict__.update(first.__dict__)
            # Parsing keeps its stacks in the parser, beside the tables: the copy has its own.
            self.parser = copy.copy(first.parser)

    JsonPathParser.__init__ = init
