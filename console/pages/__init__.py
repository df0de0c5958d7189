"""The console's pages, one a module, in the navigation's order."""

from typing import Final

from console.pages import (
    class_link,
    compare,
    definitions,
    execution,
    executions,
    many,
    new,
    objects,
    resources,
    run,
    state,
    wrong,
)

PAGES: Final = (
    run.PAGE,
    class_link.PAGE,
    many.PAGE,
    executions.PAGE,
    execution.PAGE,
    new.PAGE,
    compare.PAGE,
    definitions.PAGE,
    objects.PAGE,
    state.PAGE,
    resources.PAGE,
    wrong.PAGE,
)
