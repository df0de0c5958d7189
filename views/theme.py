"""The colours of drawings and pages, light and dark, as CSS variables."""

from __future__ import annotations

from typing import Final

# Colours with a contrast of at least 4.5 to 1 on their grounds (WCAG 2.2, 1.4.3).
LIGHT: Final = """
  --ground: #ffffff; --raised: #f4f6f9; --line: #c5ced9; --text: #12202f; --dim: #465669;
  --link: #0b57c2;
  --asl-box: #ffffff; --asl-inner: #f4f6f9; --asl-line: #64748b; --asl-text: #12202f;
  --asl-dim: #465669; --asl-ground: #ffffff;
  --asl-good: #14702e; --asl-good-ground: #daf5e1;
  --asl-bad: #b42318; --asl-bad-ground: #fde5e3;
  --asl-caught: #8a5000; --asl-caught-ground: #fff0d4;
  --asl-busy: #0b57c2; --asl-busy-ground: #dbe9ff;
"""
DARK: Final = """
  --ground: #0f1722; --raised: #18232f; --line: #3a4a5c; --text: #edf2f8; --dim: #b3c0cf;
  --link: #8ab8ff;
  --asl-box: #1d2936; --asl-inner: #16202b; --asl-line: #8fa1b5; --asl-text: #edf2f8;
  --asl-dim: #b3c0cf; --asl-ground: #0f1722;
  --asl-good: #6fdd8b; --asl-good-ground: #123420;
  --asl-bad: #ff9d94; --asl-bad-ground: #431a18;
  --asl-caught: #ffc46b; --asl-caught-ground: #3d2a0b;
  --asl-busy: #8ab8ff; --asl-busy-ground: #15305c;
"""
