"""How the console looks: colours with the contrast of WCAG AA, sizes for the back of a room."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from views import svg, theme

# The colours of the trace page, so that both look alike; `body--dark` is Quasar's.
COLOURS: Final = f"""
:root {{ {theme.LIGHT} --accent: #0b57c2; --on-accent: #ffffff; --shade: #dfe6ee; }}
body.body--dark {{ {theme.DARK} --accent: #8ab8ff; --on-accent: #0b1a30; --shade: #22303f; }}
"""
STYLES: Final = (COLOURS, Path(__file__).with_name("style.css"), svg.STYLE)
