"""What a page declares of itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the console, as its module in `pages` declares it.

    Attributes:
        route: its address; what stands in braces there is handed to `draw` by its name.
        title: its heading, and its name in the navigation and the browser's tab; may name in
            braces what the route does.
        draw: given the testbed, puts the content below the heading and loads what it shows.
        lede: a sentence on what the page is for.
        below: the route under which the navigation shows it; empty for an entry of its own.
    """

    route: str
    title: str
    draw: Callable[..., Awaitable[None]]
    lede: str = ""
    below: str = ""
